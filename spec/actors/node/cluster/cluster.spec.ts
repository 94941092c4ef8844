/** Programs on a DVM of several nodes: the same outcome as on one, whichever nodes come and go. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Store } from '../../../../src/actors/node/cluster/store.ts';
import { limitsOf, SUBMISSION, settingsOf } from '../../../../src/actors/node/cluster/submission.ts';
import { ask, textOf } from '../../../../src/actors/node/link/ask.ts';
import { Token } from '../../../../src/actors/node/link/token.ts';
import { encodeAs } from '../../../../src/actors/node/wire/wire.ts';
import { addressOfLabel, assemble, Cluster, type Program } from '../../../../src/index.ts';
import { SYSTEM_WORDS } from '../../../../src/isa/layout.ts';
import { writeProgram } from '../../../../src/isa/program-file.ts';
import { startDvm } from '../../../support/cluster.ts';
import { assembleExample, run } from '../../../support/example.ts';
import { ABORT, COUNT_INPUT, FAULT, POLITE, QUIESCENT, SUM, YES } from '../../../support/small-programs.ts';

/** A counter that a thousand runners count up, each after a while: long enough for nodes to come and go meanwhile. */
const SLOW_COUNTER = assemble(`
        .entry main
        .equ RUNNERS, 200
increment:
        mov $20000:q, r1
wait:   sub r1:q, $1, r1
        br:g r1:q, $0, wait
        add counter:q, $1, counter
        exit:c
main:   mov $0:q, r0
again:  newr blocks, blocks+8, blocks+16, blocks+24
        add r0:q, $1, r0
        br:l r0:q, $RUNNERS, again
        exit:c
        .align 8
blocks: .quad none, heap, none, code
none:   .quad 0, 0
heap:   .quad 1, counter, 8
code:   .quad increment
        .heap counter, 8
        .org 0x600000000
counter: .quad 0
`);

const { nodesJoined: NODES_JOINED, nodesLeft: NODES_LEFT } = SYSTEM_WORDS;

/** A runner after the other looks how many nodes have come and gone, and says so once there are two of each. */
const GATEKEEPER = `
        .entry look
        .equ joined, 0x3f0000000000
        .equ left, 0x3f0000000008
look:   br:l joined:q, $2, again
        br:l left:q, $2, again
        mov $'2':b, ctx.stdout:b
        mov $' ':b, ctx.stdout:b
        mov $0x656d6163:d, ctx.stdout:d
        mov $',':b, ctx.stdout:b
        mov $' ':b, ctx.stdout:b
        mov $'2':b, ctx.stdout:b
        mov $' ':b, ctx.stdout:b
        mov $0x7466656c:d, ctx.stdout:d
        exit:c
again:  newr blocks, blocks+8, blocks+8, blocks+16
        exit:c
        .align 8
blocks: .quad none, none, code
none:   .quad 0, 0
code:   .quad look
`;

/** Says nothing and ends. */
const SILENT = `
        .entry main
main:   exit:c
`;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const counterOf = (program: Program) => addressOfLabel(program, 'counter');

describe('a program gives what it gives in one process', () => {
  test.each(['sum.s', 'bank.s', 'counter.s', 'fibonacci.s', 'quicksort.s', 'tour.s', 'pipeline.s'])(
    '%s',
    async (file) => {
      const program = assembleExample(file);
      const { cluster } = await startDvm(2);
      const [here, there] = await Promise.all([run(program, { rcomps: 2 }), cluster.run(program)]);
      const { conflicts: _, retries: __, ...counts } = here.report.runners;

      expect(there.status).toBe(here.report.status);
      expect(there.runners).toMatchObject(counts);
      expect(Buffer.from(there.stdout).toString()).toBe(here.stdout);
    },
  );

  test.each([
    ['a fault', FAULT],
    ['an abort', ABORT],
    ['watchers that wait for ever', QUIESCENT],
  ])('%s', async (_, source) => {
    const program = assemble(source, { file: 'program.s' });
    const { cluster } = await startDvm(1);

    expect(await cluster.run(program)).toEqual((await run(program)).report);
  });
});

/** Takes a trace. */
class Trace extends Writable {
  #text = '';
  #waiting: (() => void)[] = [];

  get events(): { readonly type: string; readonly state?: string; readonly rcomp?: number }[] {
    return this.#text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  override _write(lines: Uint8Array, _encoding: string, done: () => void): void {
    this.#text += Buffer.from(lines).toString();
    for (const look of this.#waiting.splice(0)) look();
    done();
  }

  /** Fulfilled when an attempt has started at the node. */
  async startedAt(node: number): Promise<void> {
    while (!this.events.some(({ rcomp }) => rcomp !== undefined && Math.floor(rcomp / 4096) === node))
      await new Promise<void>((look) => this.#waiting.push(look));
  }
}

const startsIn = ({ events }: Trace) => events.filter(({ type }) => type === 'start').length;

describe('whoever brings a program is told', () => {
  test('what it has cost at all nodes', async () => {
    const { cluster } = await startDvm(2, { rcomps: 1 });
    const remote = await cluster.submit(assemble(SUM), { stats: true });
    await remote.report();
    // It runs again if others have come to keep its pages meanwhile.
    const attempts = remote.statistics?.tally.attempts ?? 0;

    expect(attempts).toBeGreaterThan(0);
    expect(remote.statistics).toMatchObject({
      nodes: 3,
      lost: 0,
      tally: {
        instructions: 3_005 * attempts,
        translated: expect.toSatisfy((count: number) => count > 2_000),
        phases: { snapshot: expect.any(Number) },
        messages: { rcomp: expect.toSatisfy((count: number) => count > 0) },
        actors: { master: 1, agent: 3, rcomp: 5, home: expect.toSatisfy((count: number) => count >= 16) },
      },
    });
    expect(remote.traceState).toBe('none');
  });

  test('what happens there, as in one process: starts at other nodes before their commits', async () => {
    const { cluster } = await startDvm(1);
    const trace = new Trace();
    const remote = await cluster.submit(assemble(QUIESCENT), { trace });
    await remote.report();

    expect(trace.events.map(({ type, state, rcomp }) => `${type} ${state ?? rcomp ?? ''}`.trim())).toEqual([
      'runner created',
      'runner schedulable',
      'runner running',
      'start 4096',
      'commit',
      'runner created',
      'runner watching',
      'runner finished',
    ]);
    expect(remote.traceState).toBe('whole');
  });

  test('nothing of either unless it asks', async () => {
    const { cluster } = await startDvm(1);
    const remote = await cluster.submit(assemble(SUM));
    await remote.report();

    expect([remote.statistics, remote.traceState]).toEqual([null, 'none']);
  });

  test('what a node has counted that leaves meanwhile', async () => {
    const { cluster, members } = await startDvm(2);
    const trace = new Trace();
    const remote = await cluster.submit(SLOW_COUNTER, { stats: true, trace });
    const report = remote.report();
    await trace.startedAt(members[0]!.node);
    await cluster.drain(members[0]!.node);
    const { runners } = await report;

    expect(remote.statistics).toMatchObject({ nodes: 3, lost: 0 });
    expect(remote.statistics!.tally.attempts).toBe(runners.committed + runners.retries);
    expect(startsIn(trace)).toBe(runners.committed + runners.retries);
  });

  test('that the counts of a node are missing that dies meanwhile, and its trace up to then', async () => {
    const { cluster, members } = await startDvm(2);
    const trace = new Trace();
    const remote = await cluster.submit(SLOW_COUNTER, { stats: true, trace });
    const report = remote.report();
    await trace.startedAt(members[0]!.node);
    await members[0]!.close();
    const { status, runners } = await report;

    expect(status).toBe('done');
    expect(remote.statistics).toMatchObject({ nodes: 2, lost: 1 });
    expect(startsIn(trace)).toBeGreaterThanOrEqual(runners.committed);
  });

  test('its end, though a node dies instead of telling what it has counted', async () => {
    const { cluster, members, log } = await startDvm(1);
    const trace = new Trace();
    const remote = await cluster.submit(assemble(YES), { stats: true, trace });
    const report = remote.report();
    await trace.startedAt(members[0]!.node);
    await members[0]!.close();
    await remote.cancel();
    const { status } = await report;

    expect(status).toBe('cancelled');
    expect(remote.statistics).toMatchObject({ nodes: 1, lost: 1 });
    await log.heard('node lost', { node: 1 });
  });

  test('the trace is for who takes it, not for who only looks', async () => {
    const { cluster, master } = await startDvm(1);
    const remote = await cluster.submit(assemble(SUM), { trace: new Trace() });
    const followed = async (query: string) => {
      const question = { method: 'GET', path: `/programs/${remote.id}/follow${query}` } as const;
      return textOf(await ask(master.origin, { token: null, authority: null }, question));
    };

    expect(await followed('')).not.toContain('"channel":"trace"');
    expect(await followed('?trace=0')).toContain('"channel":"trace"');
    expect(await followed('?trace=0')).toContain('"trace":"whole"}\n');
  });
});

test('memory is read as it stands, during a run and after it', async () => {
  const program = assemble(SUM);
  const { cluster } = await startDvm(1);
  const remote = await cluster.submit(program);
  await remote.report();

  expect(await remote.readWord(addressOfLabel(program, 'total'), 'q')).toBe(500_500n);
  await remote.forget();
  await expect(remote.readWord(addressOfLabel(program, 'total'), 'q')).rejects.toThrow(
    'there is no program 1, or its results were fetched',
  );
});

test('of ended programs with too much memory the oldest lets its memory go, and keeps its output', async () => {
  const program = assemble(SUM);
  const unbounded = await startDvm(1);
  await (await unbounded.cluster.submit(program)).report();
  const { memoryBytes } = unbounded.master.programs.get(1)!;
  const { cluster, master, log } = await startDvm(1, { endedBytes: 2 * memoryBytes, fetchTime: 0 });
  const total = addressOfLabel(program, 'total');
  const [first, second] = [await cluster.submit(program), await cluster.submit(program)];
  const [{ stdout }] = await Promise.all([first.report(), second.report()]);
  expect(await first.readWord(total, 'q')).toBe(500_500n);
  await (await cluster.submit(program)).report();
  await log.heard('memory let go', { program: 1, bytes: memoryBytes });

  expect(memoryBytes).toBeGreaterThan(0);
  await expect(first.readWord(total, 'q')).rejects.toThrow('the memory of program 1 is let go');
  expect(await second.readWord(total, 'q')).toBe(500_500n);
  expect(Buffer.from((await (await cluster.attach(1)).report()).stdout)).toEqual(Buffer.from(stdout));
  expect(master.programs.all.map((run) => run.memoryBytes)).toEqual([0, memoryBytes, memoryBytes]);
});

test.each([
  ['without data on disk', false],
  ['with data on disk', true],
])('what is let go is nowhere in the process any more, input files among it: %s', async (_, hasStore) => {
  const directory = mkdtempSync(join(tmpdir(), 'dvm-cluster-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const store = hasStore ? Store.open(directory) : null;
  const { cluster, master, log } = await startDvm(1, { store, endedBytes: 0, fetchTime: 0 });
  const inputs = [{ base: 0x6_0000_0000, file: new Uint8Array(1_000_000) }];
  const remote = await cluster.submit(assemble(SILENT), { inputs });
  const machine = new WeakRef(master.programs.get(1)!.machine!);
  await remote.report();
  const { details } = await log.heard('memory let go', { program: 1 });

  expect(details.bytes).toBeGreaterThan(1_000_000);
  expect(master.programs.get(1)!.version).toBe(1);
  await vi.waitUntil(
    () => {
      collectGarbage();
      return machine.deref() === undefined;
    },
    { timeout: 30_000 },
  );
});

test('what somebody may be about to fetch is not let go', async () => {
  const { cluster, master } = await startDvm(1, { endedBytes: 0 });
  await (await cluster.submit(assemble(SUM))).report();
  await (await cluster.submit(assemble(SUM))).report();

  expect(master.programs.all.map(({ isLetGo }) => isLetGo)).toEqual([false, false]);
});

test('what somebody reads is not let go meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  onTestFinished(() => void vi.useRealTimers());
  const program = assemble(SUM);
  const { cluster, master, log } = await startDvm(1, { endedBytes: 0, fetchTime: 1_000 });
  const first = await cluster.submit(program);
  await first.report();
  vi.setSystemTime(900);
  await first.readWord(addressOfLabel(program, 'total'), 'q');
  vi.setSystemTime(1_800);
  await (await cluster.submit(program)).report();
  await log.heard('program ended', { program: 2 });
  expect(master.programs.get(1)!.isLetGo).toBe(false);
  vi.setSystemTime(1_900);
  await log.heard('memory let go', { program: 1 });
});

test('standard input goes there as it comes', async () => {
  const program = assemble(COUNT_INPUT);
  const options = (source: Readable) => ({ stdin: { base: 0x6_0000_0000, length: 4096, source } });
  const { cluster } = await startDvm(1);
  const input = () => Readable.from([Buffer.from('one '), Buffer.from('two '), Buffer.from('three')]);
  const here = await run(program, options(input()));
  const there = await cluster.run(program, options(input()));

  expect(there.status).toBe('done');
  expect(Buffer.from(there.stdout).toString()).toBe(here.stdout);
});

test('a program waits for a node that can run it', async () => {
  const { cluster, join } = await startDvm(0);
  const remote = await cluster.submit(SLOW_COUNTER);
  await join();

  expect((await remote.report()).status).toBe('done');
  expect(await remote.readWord(counterOf(SLOW_COUNTER), 'q')).toBe(200n);
});

describe('while a program runs', () => {
  test('a node that joins takes part', async () => {
    const { cluster, join, log, members } = await startDvm(1);
    const remote = await cluster.submit(SLOW_COUNTER);
    const second = await join();
    // The first one lets go of everything: what is left can only be done by the second.
    await cluster.drain(members[0]!.node);

    expect((await remote.report()).status).toBe('done');
    expect(await remote.readWord(counterOf(SLOW_COUNTER), 'q')).toBe(200n);
    expect(second.node).toBe(2);
    await log.heard('node leaves', { node: 1 });
  });

  test('nodes that come and go are events that it can wait for: those that were there before are none', async () => {
    const { cluster, join, log } = await startDvm(2);
    const remote = await cluster.submit(assemble(GATEKEEPER));
    const third = await join();
    await log.heard('node is here', { node: third.node });
    await third.close();
    const { node } = await join();
    await log.heard('node is here', { node });
    await cluster.drain(node);
    const report = await remote.report();

    expect(report.status).toBe('done');
    expect(Buffer.from(report.stdout).toString()).toBe('2 came, 2 left');
    expect(await remote.readWord(NODES_JOINED, 'q')).toBe(2n);
    expect(await remote.readWord(NODES_LEFT, 'q')).toBe(2n);
  });

  test('a node that vanishes costs nothing but time: its runners run elsewhere', async () => {
    const { cluster, members, log } = await startDvm(3);
    const remote = await cluster.submit(SLOW_COUNTER);
    await members[0]!.close();
    await log.heard('node lost', { node: 1 });
    await members[1]!.close();
    const report = await remote.report();

    expect(report.status).toBe('done');
    expect(report.runners.committed).toBe(201);
    expect(await remote.readWord(counterOf(SLOW_COUNTER), 'q')).toBe(200n);
  });

  test('a node that leaves hands back what it has, and is let go', async () => {
    const { cluster, members } = await startDvm(2);
    const remote = await cluster.submit(SLOW_COUNTER);
    members[0]!.leave();
    await members[0]!.parted;
    await members[0]!.close();

    expect((await remote.report()).status).toBe('done');
    expect(await remote.readWord(counterOf(SLOW_COUNTER), 'q')).toBe(200n);
    const { nodes } = await cluster.status();
    expect(nodes.map(({ state }) => state)).toContainEqual(expect.stringMatching(/leaving|left/));
  });

  test('a node that dies while it leaves holds nobody up', async () => {
    const { cluster, members, log } = await startDvm(2);
    const remote = await cluster.submit(SLOW_COUNTER);
    members[0]!.leave();
    await log.heard('node leaves', { node: 1 });
    await members[0]!.close();

    expect((await remote.report()).status).toBe('done');
    expect(await remote.readWord(counterOf(SLOW_COUNTER), 'q')).toBe(200n);
  });

  test('its client may vanish and another come: what was put out is kept for it', async () => {
    const { cluster } = await startDvm(1);
    const { id } = await cluster.submit(assemble(SUM), { name: 'sum' });
    let text = '';
    const stdout = new Writable({
      write(chunk, _, done) {
        text += chunk;
        done();
      },
    });
    const attached = await cluster.attach(id, { stdout });

    expect((await attached.report()).status).toBe('done');
    expect(text).toBe('ok\n\0');
    expect((await cluster.status()).programs).toMatchObject([
      { program: id, name: 'sum', state: 'ended', status: 'done' },
    ]);
  });

  test('it is cancelled by whoever asks for it', async () => {
    const { cluster } = await startDvm(1);
    const cancelled = new AbortController();
    const running = cluster.run(assemble(YES), {}, { signal: cancelled.signal });
    cancelled.abort();

    expect((await running).status).toBe('cancelled');
  });

  test('it is asked to shut down, and ends by itself', async () => {
    const { cluster } = await startDvm(1);
    const remote = await cluster.submit(assemble(POLITE), { tick: 5 });
    await remote.shutDown();

    expect((await remote.report()).status).toBe('done');
  });

  test('others run beside it', async () => {
    const { cluster } = await startDvm(2);
    const programs = [SLOW_COUNTER, assemble(SUM), assembleExample('bank.s')];
    const reports = await Promise.all(programs.map((program) => cluster.run(program)));

    expect(reports.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  });
});

test('a node that was given up joins again as another one, empty', async () => {
  const { master, members, log } = await startDvm(1);
  master.giveUp(1, 'a test');
  await log.heard('joined', { node: 2 });

  expect(members[0]!.node).toBe(2);
  expect(master.members.map(({ state }) => state)[0]).toBe('lost');
});

describe('what cannot be is refused, with the reason:', () => {
  test('nobody listens there', async () => {
    await expect(Cluster.at('ws://127.0.0.1:1').status()).rejects.toThrow(
      'cannot reach ws://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  test('that is no address', () => {
    expect(() => Cluster.at('localhost')).toThrow('localhost is no address of a DVM');
  });

  test('a node that speaks another protocol', async () => {
    const { master } = await startDvm(0);
    const request = { protocol: 'dvm.0', version: '0.0.1', origin: 'ws://127.0.0.1:1', rcomps: 1 };
    const answer = ask(
      master.origin,
      { token: null, authority: null },
      {
        method: 'POST',
        path: '/join',
        body: Buffer.from(JSON.stringify(request)),
      },
    );

    await expect(answer).rejects.toThrow('this DVM speaks dvm.2 (dvm 1.0.0), the node dvm.0 (dvm 0.0.1)');
  });

  test.each([
    ['no object', '[]x', 'a JSON object is expected'],
    [
      'no RComps',
      JSON.stringify({ protocol: 'dvm.2', version: '1', origin: 'ws://a:1', rcomps: 0 }),
      'a node says its',
    ],
    ['too much', 'x'.repeat(5_000), 'more than 4096 bytes'],
  ])('a node that says %s of itself', async (_, body, why) => {
    const { master } = await startDvm(0);
    const answer = ask(
      master.origin,
      { token: null, authority: null },
      {
        method: 'POST',
        path: '/join',
        body: Buffer.from(body),
      },
    );

    await expect(answer).rejects.toThrow(why);
  });

  test('a program that cannot be run', async () => {
    const { cluster } = await startDvm(0);
    const program = assemble(SUM);

    await expect(cluster.submit(program, { homes: 0 })).rejects.toThrow(
      'homes must be a whole number from 1',
    );
    await expect(
      cluster.submit(program, { inputs: [{ base: program.sections[0]!.address, file: Uint8Array.of(1) }] }),
    ).rejects.toThrow('overlaps assembled bytes');
    expect((await cluster.status()).programs).toEqual([]);
  });

  test('a node that is not there, or is leaving already', async () => {
    const { cluster } = await startDvm(1);
    await expect(cluster.drain(7)).rejects.toThrow('there is no node 7');
    await cluster.drain(1);
    await expect(cluster.drain(1)).rejects.toThrow(/node 1: it (is leaving already|has left)/);
  });
});

test('who looks for a program that is gone is shown no other of the same number', async () => {
  const first = await startDvm(1);
  const remote = await first.cluster.submit(assemble(SUM));
  await remote.report();
  const asked = ask(
    first.master.origin,
    { token: null, authority: null },
    {
      method: 'GET',
      path: `/programs/${remote.id}/follow?key=another`,
    },
  );

  await expect(asked).rejects.toThrow('there is no program 1');
});

test('several may follow one program, each at its own pace', async () => {
  const { cluster } = await startDvm(1);
  const program = assemble(SUM);
  const remote = await cluster.submit(program);
  const others = await Promise.all([cluster.attach(remote.id), cluster.attach(remote.id)]);
  const reports = await Promise.all([remote, ...others].map((one) => one.report()));
  for (const one of others) await one.leave();

  expect(reports.map(({ stdout }) => Buffer.from(stdout).toString())).toEqual(['ok\n\0', 'ok\n\0', 'ok\n\0']);
  expect(await remote.readWord(addressOfLabel(program, 'total'), 'q')).toBe(500_500n);
});

describe('with data on disk', () => {
  test('a master that is asked to end keeps its programs, and their clients wait for the next one', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'dvm-cluster-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const first = await startDvm(1, { store: Store.open(directory) });
    const remote = await first.cluster.submit(SLOW_COUNTER);
    const report = remote.report();
    const port = Number(new URL(first.master.origin).port);
    await first.master.close({ cancel: false });
    await startDvm(0, { store: Store.open(directory), listen: { host: '127.0.0.1', port }, rcomps: 2 });

    expect((await report).status).toBe('done');
    expect(await remote.readWord(counterOf(SLOW_COUNTER), 'q')).toBe(200n);
  });

  test('what was counted and traced ends with the master’s process, and says so', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'dvm-cluster-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const first = await startDvm(1, { store: Store.open(directory) });
    const trace = new Trace();
    const remote = await first.cluster.submit(SLOW_COUNTER, { stats: true, trace });
    const report = remote.report();
    await trace.startedAt(1);
    const port = Number(new URL(first.master.origin).port);
    await first.master.close({ cancel: false });
    const before = startsIn(trace);
    await startDvm(0, { store: Store.open(directory), listen: { host: '127.0.0.1', port }, rcomps: 2 });

    expect((await report).status).toBe('done');
    expect([remote.statistics, remote.traceState]).toEqual([null, 'none']);
    expect(startsIn(trace)).toBe(before);
  });
});

test('what is brought twice is one program, also while it is on its way to disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dvm-cluster-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { master } = await startDvm(0, { store: Store.open(directory), rcomps: 1 });
  const kept = { name: 'twice', settings: settingsOf({}), limits: limitsOf({}), inputs: [], stdin: null };
  const body = encodeAs(SUBMISSION, { ...kept, key: 'twice', program: writeProgram(assemble(SUM)) });
  const question = { method: 'POST', path: '/programs', body } as const;
  const bring = async () =>
    JSON.parse(await textOf(await ask(master.origin, { token: null, authority: null }, question)));

  expect(await Promise.all([bring(), bring()])).toEqual([{ program: 1 }, { program: 1 }]);
  expect(await bring()).toEqual({ program: 1 });
  expect(master.programs.all).toHaveLength(1);
});

test('the number of a program that was refused is no earlier process of the next', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dvm-cluster-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const first = await startDvm(0, { store: Store.open(directory), rcomps: 1 });
  const path = '/programs';
  const kept = { name: 'none', settings: settingsOf({}), limits: limitsOf({}), inputs: [], stdin: null };
  const body = encodeAs(SUBMISSION, { ...kept, key: 'none', program: Uint8Array.of(1, 2, 3, 4, 5) });
  const credentials = { token: null, authority: null };
  await expect(ask(first.master.origin, credentials, { method: 'POST', path, body })).rejects.toThrow(
    'that is no program',
  );
  await first.master.close({ cancel: false });
  const { cluster } = await startDvm(0, { store: Store.open(directory), rcomps: 1 });
  const stdin = { base: 0x6_0000_0000, length: 4096, source: Readable.from([Buffer.from('one two')]) };

  expect((await cluster.run(assemble(COUNT_INPUT), { stdin })).status).toBe('done');
});

test('a program that was brought and had decided nothing when its master died fails if it may have lost input', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dvm-cluster-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const store = Store.open(directory);
  const kept = { name: 'program', settings: settingsOf({}), limits: limitsOf({}), inputs: [] };
  const program = (source: string) => writeProgram(assemble(source));
  const stdin = { base: 0x6_0000_0000, length: 4096 };
  const submissions = [
    { ...kept, key: 'reads', program: program(COUNT_INPUT), stdin },
    { ...kept, key: 'does not', program: program(SUM), stdin: null },
  ];
  for (const [i, submission] of submissions.entries()) {
    await store.add({ id: i + 1, submitted: 0, submission: encodeAs(SUBMISSION, submission) });
    await store.logOf(i + 1).claim();
  }
  const { cluster } = await startDvm(1, { store, rcomps: 1 });
  const reports = await Promise.all([1, 2].map(async (id) => (await cluster.attach(id)).report()));

  expect(reports.map(({ status, error }) => [status, error])).toEqual([
    ['failed', 'standard input had not ended, and did not outlive the process'],
    ['done', ''],
  ]);
});

describe('with tokens', () => {
  const [node, client, reader] = (['node', 'client', 'reader'] as const).map((role) => Token.draw(role));

  test('each role may do what it is for', async () => {
    const options = { tokens: [node!, client!, reader!], token: node! };
    const { master, cluster } = await startDvm(1, options, { token: client!.text });
    const readers = Cluster.at(master.origin, { token: reader!.text });

    expect((await cluster.run(assemble(SUM))).status).toBe('done');
    expect((await readers.status()).nodes).toHaveLength(2);
    await expect(readers.submit(assemble(SUM))).rejects.toThrow('a reader token is not enough');
    await expect(Cluster.at(master.origin).status()).rejects.toThrow('401: a token is needed');
    await expect(Cluster.at(master.origin, { token: Token.draw('client').text }).status()).rejects.toThrow(
      'that is not the token',
    );
  });

  test('a node without the right one does not get in', async () => {
    const { join } = await startDvm(0, { tokens: [node!], token: node! });

    await expect(join({ token: Token.draw('node') })).rejects.toThrow('that is not the token');
    await expect(join({ token: client! })).rejects.toThrow('that is not the token');
    await expect(join({ token: null })).rejects.toThrow('a token is needed');
  });

  test('who asks for none is shown none', async () => {
    const { master } = await startDvm(0);

    await expect(Cluster.at(master.origin, { token: client!.text }).status()).rejects.toThrow(
      'does not ask for a token; this one is not shown to it',
    );
  });
});
