/** Pages on several nodes: whichever one of them dies or leaves, nothing is lost. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { drawCertificate } from '../../../../bin/cluster/certificate.ts';
import type { ClusterRun } from '../../../../src/actors/node/cluster/cluster-run.ts';
import { Router } from '../../../../src/actors/node/cluster/router.ts';
import { copiesOf } from '../../../../src/actors/node/cluster/status.ts';
import { LINK_PATH, PROTOCOL } from '../../../../src/actors/node/link/dial.ts';
import { LINK_OPTIONS, WebSocketEndpoint } from '../../../../src/actors/node/link/web-socket-endpoint.ts';
import type { ToNode } from '../../../../src/actors/node/wire/control.ts';
import { MASTER_NODE } from '../../../../src/actors/placement.ts';
import type { Places } from '../../../../src/actors/places.ts';
import { assemble, Cluster, type Program } from '../../../../src/index.ts';
import { startDvm, type TestDvm } from '../../../support/cluster.ts';
import { CHATTY } from '../../../support/small-programs.ts';

const CELLS = 0x6_0000_0000;
/** So far apart that neighbours have homes of their own. */
const STRIDE = 2 ** 16;
const COUNT = 48;

const each = (line: (cell: number) => string) =>
  Array.from({ length: COUNT }, (_, cell) => line(cell)).join('\n');

/** Runners that add 1 to a cell each, so many for each of 48 cells, each after a while. `after`: what main does then. */
function cells(rounds: number, after = 'exit:c'): Program {
  return assemble(`
        .entry main
${each(
  (cell) => `add${cell}:
        mov $20000:q, r1
wait${cell}: sub r1:q, $1, r1
        br:g r1:q, $0, wait${cell}
        add ${CELLS + cell * STRIDE}:q, $1, ${CELLS + cell * STRIDE}
        exit:c`,
)}
main:   mov $0:q, r0
again:
${each((cell) => `        newr blocks${cell}, blocks${cell}+8, blocks${cell}+16, blocks${cell}+24`)}
        add r0:q, $1, r0
        br:l r0:q, $${rounds}, again
        ${after}
        .align 8
none:   .quad 0, 0
${each(
  (cell) => `blocks${cell}: .quad none, heap${cell}, none, code${cell}
heap${cell}: .quad 1, ${CELLS + cell * STRIDE}, 8
code${cell}: .quad add${cell}`,
)}
`);
}

const runOf = ({ master }: TestDvm, id: number): ClusterRun => master.programs.get(id)!;

/** Fulfilled when that is so of who keeps the program's pages. */
function until(run: ClusterRun, isSo: (homes: Places['homes']) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (run.places === null || !isSo(run.places.homes)) return;
      stop();
      resolve();
    };
    const stop = run.machine!.on('places', look);
    look();
  });
}

/** Fulfilled when each page is kept by so many nodes, none of them this one. */
const copied = (run: ClusterRun, copies: number, without = -1) =>
  until(run, (homes) => copiesOf(run) === copies && homes.flat().every(({ node }) => node !== without));

/** Fulfilled when so many versions are decided. */
function written(run: ClusterRun, version: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (run.version < version) return;
      stop();
      resolve();
    };
    const stop = run.machine!.on('commit', look);
    look();
  });
}

/** How many homes each node keeps. */
const loads = (run: ClusterRun, nodes: readonly number[]) =>
  nodes.map(
    (node) => run.places!.homes.filter((replicas) => replicas.some((one) => one.node === node)).length,
  );

const readAll = (remote: { readWord(address: number, type: 'q'): Promise<bigint> }) =>
  Promise.all(Array.from({ length: COUNT }, (_, cell) => remote.readWord(CELLS + cell * STRIDE, 'q')));

describe('the pages of a program', () => {
  test('are kept by two nodes each, and spread over all', async () => {
    const dvm = await startDvm(3);
    const remote = await dvm.cluster.submit(cells(8));
    const run = runOf(dvm, remote.id);
    await copied(run, 2);

    const all = loads(run, [MASTER_NODE, 1, 2, 3]);
    expect(all.reduce((sum, load) => sum + load)).toBe(2 * run.places!.homes.length);
    expect((await dvm.cluster.status()).programs).toMatchObject([{ copies: 2 }]);
    await remote.cancel();
  });

  test('survive each node but the master’s, one after the other, while they are written', async () => {
    const dvm = await startDvm(3);
    const remote = await dvm.cluster.submit(cells(12));
    const run = runOf(dvm, remote.id);
    await copied(run, 2);
    for (const victim of dvm.members.slice(0, 3)) {
      await dvm.join();
      await victim.close();
      await copied(run, 2, victim.node);
    }
    const report = await remote.report();

    expect(report).toMatchObject({ status: 'done', runners: { committed: 12 * COUNT + 1 } });
    expect(await readAll(remote)).toEqual(Array.from({ length: COUNT }, () => 12n));
  });

  test('survive the end of the program and any node, until its results are fetched', async () => {
    const dvm = await startDvm(2);
    const remote = await dvm.cluster.submit(cells(1));
    await remote.report();
    const run = runOf(dvm, remote.id);
    await copied(run, 2);
    await dvm.members[0]!.close();
    await copied(run, 2, 1);
    await dvm.cluster.drain(2);

    expect(loads(run, [MASTER_NODE, 1, 2])).toEqual([run.places!.homes.length, 0, 0]);
    expect(await readAll(remote)).toEqual(Array.from({ length: COUNT }, () => 1n));
  });

  test('are handed over before a node is let go', async () => {
    const dvm = await startDvm(2);
    const remote = await dvm.cluster.submit(cells(12));
    const run = runOf(dvm, remote.id);
    await copied(run, 2);
    await dvm.cluster.drain(1);

    expect([...loads(run, [1]), copiesOf(run)]).toEqual([0, 2]);
    expect((await remote.report()).status).toBe('done');
    expect(await readAll(remote)).toEqual(Array.from({ length: COUNT }, () => 12n));
  });

  test('that are lost with more nodes than may die at once are named, and the others can still be read', async () => {
    const dvm = await startDvm(2);
    const remote = await dvm.cluster.submit(cells(400));
    const run = runOf(dvm, remote.id);
    await until(run, (homes) =>
      homes.some((replicas) => replicas.every(({ node, ready }) => ready && node !== MASTER_NODE)),
    );
    await written(run, 4 * COUNT);
    await Promise.all(dvm.members.map((member) => member.close()));
    const report = await remote.report();

    expect(report.status).toBe('failed');
    expect(report.error).toMatch(/^too many nodes have died at once: \d+ bytes of memory are lost \(0x/);
    const named = [...report.error.matchAll(/0x([0-9a-f]+) \+ (\d+)/g)].map(([, base, length]) => ({
      base: Number.parseInt(base!, 16),
      length: Number(length),
    }));
    const read = await Promise.allSettled(
      Array.from({ length: COUNT }, (_, cell) => remote.readWord(CELLS + cell * STRIDE, 'q')),
    );
    for (const [cell, { status }] of read.entries()) {
      const address = CELLS + cell * STRIDE;
      const isNamed = named.some(({ base, length }) => base <= address && address < base + length);
      // What nobody had written is not lost, but cannot be read either.
      if (isNamed) expect(status).toBe('rejected');
    }
    expect(read.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  test('stay with the master if they are to be kept once', async () => {
    const dvm = await startDvm(2, { replicas: 1 });
    const remote = await dvm.cluster.submit(cells(2));
    expect((await remote.report()).status).toBe('done');
    const run = runOf(dvm, remote.id);

    expect(loads(run, [MASTER_NODE, 1, 2])).toEqual([run.places!.homes.length, 0, 0]);
  });
});

test('of two nodes that do not reach each other one is given up, and the program does not notice', async () => {
  const nowhere = 'ws://127.0.0.1:1';
  const dvm = await startDvm(0);
  const remote = await dvm.cluster.submit(cells(12));
  await dvm.join({ advertise: nowhere });
  await dvm.join({ advertise: nowhere });
  await dvm.log.heard('nodes do not reach each other');
  await dvm.log.heard('node lost', { node: 2, why: 'it does not reach node 1' });

  expect((await remote.report()).status).toBe('done');
  expect(await readAll(remote)).toEqual(Array.from({ length: COUNT }, () => 12n));
});

test('nodes reach each other over TLS with the certificate of the master, which does not name them', async () => {
  const certificate = drawCertificate(['localhost'], 1);
  const secure = { certificate, authority: certificate.cert };
  const dvm = await startDvm(0, secure, { authority: certificate.cert });
  const master = dvm.master.origin.replace('127.0.0.1', 'localhost');
  for (const node of [1, 2]) {
    await dvm.join({ master });
    await dvm.log.heard('node is here', { node });
  }
  const remote = await Cluster.at(master, { authority: certificate.cert }).submit(cells(1));
  await copied(runOf(dvm, remote.id), 2);

  expect((await remote.report()).status).toBe('done');
});

test('of a node whose actors are broken nothing is expected any more: the program fails, and says why', async () => {
  const dvm = await startDvm(1);
  const { cluster, node } = dvm.master.join({
    protocol: PROTOCOL,
    version: '1.0.0',
    origin: 'ws://127.0.0.1:1',
    rcomps: 1,
  });
  const say = (message: ToNode) => router.post(MASTER_NODE, { kind: 'node', run: 0, id: 0, message });
  const router = new Router({
    hear: (_, letters) => {
      for (const { message } of letters) {
        if (message.type === 'peers') say({ type: 'met', peers: message.peers.map((peer) => peer.node) });
        if (message.type === 'open') say({ type: 'broken', run: message.run, error: 'on purpose' });
      }
    },
    onBroken: () => {},
    onTooLong: () => {},
  });
  const find = (other: number) =>
    other === MASTER_NODE ? { url: `${dvm.master.origin}${LINK_PATH}` } : ('left' as const);
  const endpoint = new WebSocketEndpoint(node, router, find, { ...LINK_OPTIONS, cluster });
  router.connect(endpoint);
  endpoint.greet(MASTER_NODE);
  onTestFinished(() => endpoint.close());
  await dvm.log.heard('node is here', { node });
  const remote = await dvm.cluster.submit(cells(400));
  const report = await remote.report();

  expect([report.status, report.error]).toEqual(['failed', `node ${node} is broken: on purpose`]);
  expect(
    runOf(dvm, remote.id)
      .places!.homes.flat()
      .map((one) => one.node),
  ).not.toContain(node);
});

test('a program that is held up by its output can be cancelled, though nobody takes any', async () => {
  const dvm = await startDvm(0, { rcomps: 1 });
  const remote = await dvm.cluster.submit(assemble(CHATTY));
  const run = runOf(dvm, remote.id);
  // More than is kept without anybody's fetching it.
  await written(run, 1_100);
  const ended = new Promise<void>((resolve) => {
    run.listen(() => {
      if (run.state !== 'running') resolve();
    });
  });
  await remote.cancel();
  await ended;

  expect(run.report!.status).toBe('cancelled');
  expect(run.stdout.length).toBeLessThan(2 ** 27);
});
