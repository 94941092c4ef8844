/** DVMs of node processes, as their users make them. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { textOf } from '../../src/actors/node/link/ask.ts';
import { dvm, file, finished, said, started, workplace } from '../support/command.ts';
import { violations } from '../support/json-schema.ts';
import { COUNT_INPUT, ENDLESS, FAULT, QUIESCENT, SUM } from '../support/small-programs.ts';

const sum = file('sum.s', SUM);
file('empty', '');
const SAYS_AND_GOES_ON = `        .entry main
main:   newr b, b+8, b+16, b+24
        mov $0x6b6f:w, ctx.stdout:w
        exit:c
again:  br:j again
        .align 8
b:      .quad none, none, none, code
none:   .quad 0, 0
code:   .quad again
`;
const processes: ChildProcess[] = [];

afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** A node's process, once it has said where it is. */
async function node(args: readonly string[], pattern: RegExp) {
  const child = started(['node', ...args]);
  processes.push(child);
  const text = await said(child, 'stdout', pattern);
  return { child, url: pattern.exec(text)![1]! };
}

const master = (...args: string[]) =>
  node(['--master', '--listen', '127.0.0.1:0', ...args], /^DVM \S+ at (\S+)$/m);

const join_ = (url: string, ...args: string[]) =>
  node(['--join', url, '--rcomps', '1', ...args], /listening at (\S+)$/m);

/** What a master says of a node that takes part in programs from then on. */
const HERE = /"node is here"/;

test('a program runs on nodes as it does here: output, printed words, exit code', async () => {
  const { url } = await master('--rcomps', '0');
  await join_(url);
  await join_(url);
  const here = await dvm(['run', sum, '--print', 'total:q']);

  expect(await dvm(['run', sum, '--on', url, '--print', 'total:q'])).toEqual(here);
  expect(await dvm(['run', file('fault.s', FAULT), '--on', url])).toEqual(
    await dvm(['run', file('fault.s', FAULT)]),
  );
});

test('--stats tells what it has cost at all nodes, in the lines that it has here and one more', async () => {
  const { child, url } = await master('--rcomps', '0');
  await join_(url);
  await said(child, 'stderr', HERE);
  const namesOf = (stderr: string) => stderr.match(/^\w+(?= )/gm);
  const here = await dvm(['run', sum, '--stats']);
  const there = await dvm(['run', sum, '--on', url, '--stats']);

  expect(there).toMatchObject({ exit: 0, stdout: here.stdout });
  expect(namesOf(there.stderr)).toEqual(namesOf(here.stderr)?.toSpliced(1, 0, 'nodes'));
  expect(there.stderr).toMatch(/^nodes {8}2, the master’s among them$/m);
  expect(there.stderr).toMatch(/^actors {7}1 master, 2 agent, 1 rcomp, \d+ home, 0 watcher, 3 io$/m);
  expect(there.stderr).toMatch(/^kept {9}ack replicated: commits survive /m);
});

test('so does --json, after its schema', async () => {
  const { url } = await master('--rcomps', '1');
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/run-report.schema.json', import.meta.url), 'utf8'),
  );
  const { stdout, stderr } = await dvm(['run', sum, '--on', url, '--stats', '--json']);
  const report = JSON.parse(stdout);

  expect(violations(schema, report)).toEqual([]);
  expect(stderr).toBe('');
  expect(report.stats).toMatchObject({ attempts: 1, instructions: 3_005, nodes: 1, lostNodes: 0 });
});

/** What a trace tells without times and RComps, which differ from run to run. */
function told(trace: string): string[] {
  const lines = readFileSync(join(workplace, trace), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { t: _, rcomp: __, homes: ___, ...event } = JSON.parse(line);
    return JSON.stringify(event);
  });
}

test('--trace writes what it writes here, line by line', async () => {
  const { url } = await master('--rcomps', '1');
  const quiescent = file('quiescent.s', QUIESCENT);
  writeFileSync(join(workplace, 'there.jsonl'), 'old\n'.repeat(10_000));
  const here = await dvm(['run', quiescent, '--trace', 'here.jsonl']);

  expect(await dvm(['run', quiescent, '--on', url, '--trace', 'there.jsonl'])).toEqual(here);
  expect(told('there.jsonl')).toEqual(told('here.jsonl'));
  expect(await dvm(['run', sum, '--on', url, '--trace', '/dev/full'])).toMatchObject({
    exit: 1,
    stdout: 'ok\n\0',
    stderr: expect.stringMatching(/^dvm: error: cannot write the trace \/dev\/full: ENOSPC[^\n]*\n$/),
  });
});

test('a master that starts anew has counted nothing of what ran before, and traces it no more', async () => {
  const first = await master('--rcomps', '1', '--data', 'anew');
  const args = ['run', file('said.s', SAYS_AND_GOES_ON), '--on', first.url];
  const running = started([...args, '--stats', '--trace', 'anew.jsonl']);
  processes.push(running);
  const ended = finished(running);
  await said(running, 'stdout', /ok/);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await master('--rcomps', '1', '--data', 'anew', '--listen', new URL(first.url).host);
  expect(await dvm(['cancel', first.url, '1'])).toMatchObject({ exit: 0 });
  const { exit, stderr } = await ended;

  expect(exit).toBe(130);
  expect(stderr).toContain(
    'dvm: note: the DVM is not reached; trying again for half a minute\ndvm: note: the DVM is reached again\n',
  );
  expect(stderr).toContain(
    'dvm: no statistics: the master has started anew, and what was counted ended with it\n',
  );
  expect(stderr).toContain(
    'the trace anew.jsonl is not whole: the master has started anew, and that ended it\n',
  );
  expect(told('anew.jsonl').length).toBeGreaterThan(0);
});

test('its files and its input are those of the command', async () => {
  const { url } = await master('--rcomps', '1');
  const input = file('input.bin', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  const copy = file(
    'copy.s',
    `        .entry main
main:   mov 0x600000000:q, 0x600001000:q
        exit:c
        .heap 0x600001000, 8
`,
  );
  const args = ['run', copy, '--in', `0x600000000=${input}`, '--out', '0x600001000,8=output.bin'];
  expect(await dvm([...args, '--on', url])).toMatchObject({ exit: 0, stderr: '' });
  expect([...readFileSync(join(workplace, 'output.bin'))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

  const counting = ['run', file('count.s', COUNT_INPUT), '--stdin', '0x600000000,4096'];
  expect(await dvm([...counting, '--on', url], 'abc\n')).toEqual(await dvm(counting, 'abc\n'));
});

test('status shows nodes and programs, as text and as JSON', async () => {
  const { url } = await master('--rcomps', '1', '--name', 'mine');
  const running = started(['run', file('endless.s', ENDLESS), '--on', url]);
  processes.push(running);
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/status-report.schema.json', import.meta.url), 'utf8'),
  );
  let report: { name: string; programs: { program: number; name: string; state: string }[] };
  do report = JSON.parse((await dvm(['status', url, '--json'])).stdout);
  while (report.programs.length === 0);

  expect(violations(schema, report)).toEqual([]);
  expect(report).toMatchObject({
    name: 'mine',
    programs: [{ program: 1, name: 'endless.s', state: 'running' }],
  });
  expect((await dvm(['status', url])).stdout).toMatch(
    /^DVM mine, dvm [\d.]+; commits survive .*\n[\s\S]*endless\.s +running/,
  );
  running.kill('SIGINT');
  expect((await finished(running)).exit).toBe(130);
});

test('--ack demands what the DVM must promise of commits, or nothing is run', async () => {
  const [plain, once_, kept] = [
    await master('--rcomps', '1'),
    await master('--rcomps', '1', '--replicas', '1'),
    await master('--rcomps', '1', '--data', 'ack'),
  ];
  const asked = async ({ url }: { readonly url: string }, level: string) => {
    const { exit, stderr } = await dvm(['run', sum, '--on', url, '--ack', level]);
    return [exit, stderr];
  };

  expect(await asked(plain, 'replicated')).toEqual([
    2,
    expect.stringMatching(/on one node only[\s\S]*a second node/),
  ]);
  await join_(plain.url);
  await said(plain.child, 'stderr', HERE);
  expect(await asked(plain, 'replicated')).toEqual([0, '']);
  expect(await asked(plain, 'durable')).toEqual([
    2,
    expect.stringMatching(/--ack durable: that DVM keeps nothing on disk[\s\S]*--data DIR/),
  ]);
  expect(await asked(once_, 'replicated')).toEqual([
    2,
    expect.stringMatching(/on one node only[\s\S]*--replicas 1/),
  ]);
  // More copies would not put anything on disk.
  expect(await asked(once_, 'durable')).toEqual([2, expect.not.stringContaining('--replicas')]);
  expect(await asked(kept, 'durable')).toEqual([0, '']);
  expect((await dvm(['status', kept.url])).stdout).toContain(
    'commits survive all nodes, as they are on disk',
  );
});

test('a client that vanishes leaves its program, and attach takes it up', async () => {
  const { url } = await master('--rcomps', '1');
  const lost = started(['run', file('said.s', SAYS_AND_GOES_ON), '--on', url]);
  processes.push(lost);
  await said(lost, 'stdout', /ok/);
  lost.kill('SIGKILL');
  await once(lost, 'exit');
  const attached = started(['attach', url, '1']);
  processes.push(attached);
  await said(attached, 'stdout', /ok/);
  attached.kill('SIGINT');

  expect(await finished(attached)).toMatchObject({ exit: 0, stderr: expect.stringContaining('goes on') });
  expect(await dvm(['cancel', url, '1'])).toMatchObject({ exit: 0 });
  expect(await dvm(['attach', url, '1', '--print', '0x600000000:q'])).toMatchObject({
    exit: 130,
    stdout: 'ok0x600000000: 0\n',
    stderr: expect.stringContaining('cancelled'),
  });
  expect(await dvm(['attach', url, '9'])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('there is no program 9, or its results were fetched'),
  });
});

test('SIGTERM and drain let a node go, stop ends all', async () => {
  const first = await master('--rcomps', '1');
  const [a, b, c] = await Promise.all([join_(first.url), join_(first.url), join_(first.url)]);
  a.child.kill('SIGTERM');
  expect(await once(a.child, 'exit')).toEqual([0, null]);
  const { nodes } = JSON.parse((await dvm(['status', first.url, '--json'])).stdout) as {
    nodes: { node: number; url: string }[];
  };
  const number = nodes.find(({ url }) => url === b.url)!.node;
  const gone = once(b.child, 'exit');
  expect(await dvm(['drain', first.url, String(number)])).toMatchObject({ exit: 0 });
  expect(await gone).toEqual([0, null]);
  const all = Promise.all([once(c.child, 'exit'), once(first.child, 'exit')]);
  expect(await dvm(['stop', first.url])).toMatchObject({ exit: 0 });
  expect(await all).toEqual([
    [0, null],
    [0, null],
  ]);
});

test('cluster runs a program on processes of its own, and takes them away', async () => {
  const ran = await dvm(['cluster', sum, '--nodes', '2', '--node-rcomps', '1', '--print', 'total:q']);

  expect(ran).toEqual(await dvm(['run', sum, '--print', 'total:q']));
});

test('cluster has all its nodes when the program begins: pages are kept by two from the beginning', async () => {
  expect(await dvm(['cluster', sum, '--nodes', '1', '--ack', 'replicated'])).toMatchObject({ exit: 0 });
});

test('cluster has --stats and --trace, too', async () => {
  const { exit, stderr } = await dvm(['cluster', sum, '--node-rcomps', '1', '--stats', '--trace', 'c.jsonl']);

  expect(exit).toBe(0);
  expect(stderr).toMatch(/^nodes {8}3, /m);
  expect(told('c.jsonl').filter((line) => line.includes('"type":"start"'))).not.toEqual([]);
});

describe('with token and TLS', () => {
  test('everything goes as without, and nothing goes without them', async () => {
    expect(await dvm(['cert', 'new', '--dir', '.'])).toMatchObject({
      exit: 0,
      stdout: 'dvm-cert.pem\ndvm-key.pem\n',
    });
    expect(statSync(join(workplace, 'dvm-key.pem')).mode & 0o777).toBe(0o600);
    const { stdout: nodeToken } = await dvm(['token', 'new']);
    const { stdout: clientToken } = await dvm(['token', 'new', '--role', 'client']);
    const { stdout: readerToken } = await dvm(['token', 'new', '--role', 'reader']);
    const tokens = file('tokens', nodeToken + clientToken + readerToken);
    const client = file('client-token', clientToken);
    const tls = ['--cert', 'dvm-cert.pem', '--key', 'dvm-key.pem'];
    const { url } = await master('--rcomps', '0', '--token-file', tokens, ...tls);
    expect(url).toMatch(/^wss:/);
    await join_(url, '--token-file', tokens, ...tls);
    const shown = ['--token-file', client, '--ca', 'dvm-cert.pem'];

    expect(await dvm(['run', sum, '--on', url, ...shown])).toMatchObject({ exit: 0, stdout: 'ok\n\0' });
    expect(await dvm(['run', sum, '--on', url, '--ca', 'dvm-cert.pem'])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('a token is needed'),
    });
    expect(await dvm(['status', url, '--token-file', client])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('self-signed certificate'),
    });
    expect(await dvm(['status', url.replace('wss', 'ws'), '--token-file', client])).toMatchObject({
      exit: 4,
    });
    expect(await dvm(['node', '--join', url, '--token-file', client, ...tls])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('a token is needed'),
    });
    // As Prometheus asks.
    const ca = readFileSync(join(workplace, 'dvm-cert.pem'));
    const scrape = async (path: string, token: string) => {
      const headers = { authorization: `Bearer ${token.trim()}` };
      const [response] = await once(
        getSecurely(url.replace('wss', 'https') + path, { ca, headers }),
        'response',
      );
      return { status: response.statusCode as number, text: await textOf(response) };
    };
    expect((await scrape('/metrics', readerToken)).text).toMatch(/^dvm_nodes\{state="here"\} 2$/m);
    expect(await scrape('/metrics', clientToken)).toEqual({
      status: 403,
      text: 'that is no reader token of this DVM\n',
    });
    expect((await scrape('/programs/1/memory?address=0&length=1', nodeToken)).status).toBe(403);
    expect(await dvm(['cert', 'new'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('dvm-cert.pem is there already'),
    });
  });
});

test('health, readiness and metrics are there for those who watch over nodes', async () => {
  const { url } = await master('--rcomps', '1');
  const member = await join_(url);
  const ask = async (origin: string, path: string) => {
    const [response] = await once(get(origin.replace('ws:', 'http:') + path), 'response');
    return { status: response.statusCode as number, text: await textOf(response) };
  };
  await dvm(['run', sum, '--on', url]);

  expect(await ask(url, '/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect(await ask(url, '/readyz')).toEqual({ status: 200, text: 'ok\n' });
  expect(await ask(member.url, '/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect((await ask(url, '/metrics')).text).toMatch(/^dvm_commits_total 1$/m);
  expect((await ask(url, '/other')).status).toBe(404);
});

test('what is no master says so, whoever asks', async () => {
  const { url } = await master('--rcomps', '0');
  const member = await join_(url);
  const other = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const stranger = `ws://127.0.0.1:${(other.address() as AddressInfo).port}`;
  for (const args of [['status'], ['stop'], ['drain', '1'], ['attach', '1'], ['cancel', '1']]) {
    const [verb, ...rest] = args as [string, ...string[]];
    expect(await dvm([verb, member.url, ...rest])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining(`this is node 1 of the DVM at ${url}`),
    });
    expect(await dvm([verb, stranger, ...rest])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('is no node of a DVM'),
    });
  }
  expect(await dvm(['node', '--join', member.url])).toMatchObject({
    exit: 4,
    stderr: expect.stringContaining('this is node 1'),
  });
  other.close();
});

test('two masters do not share a directory', async () => {
  await master('--data', 'shared');

  expect(await dvm(['node', '--master', '--listen', '127.0.0.1:0', '--data', 'shared'])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('--data shared is in use by another master'),
  });
});

describe('what cannot be is refused, with the reason:', () => {
  test.each([
    [['node'], 2, 'a node either is the master or joins one'],
    [['node', '--master', '--join', 'ws://127.0.0.1:1'], 2, 'a node either is the master or joins one'],
    [['node', '--join', 'here'], 2, '--join here: expected ws://HOST:PORT'],
    [['node', '--join', 'ws://127.0.0.1:1'], 4, 'cannot reach ws://127.0.0.1:1'],
    [['node', '--join', 'ws://10.0.0.1:7400'], 2, 'there is no token and no TLS'],
    [['node', '--master', '--listen', 'here'], 2, '--listen here: expected HOST:PORT'],
    [
      ['node', '--master', '--listen', '0.0.0.0:0'],
      2,
      'others reach 0.0.0.0, and there is no token and no TLS',
    ],
    [['node', '--master', '--replicas', '0'], 2, '--replicas 0: it must be a whole number from 1 to 16'],
    [['node', '--join', 'ws://127.0.0.1:1', '--replicas', '2'], 2, '--replicas is for the master'],
    [['node', '--join', 'ws://127.0.0.1:1', '--name', 'other'], 2, '--name is for the master'],
    [['node', '--join', 'ws://127.0.0.1:1', '--checkpoint', '9'], 2, '--checkpoint is for the master'],
    [['node', '--master', '--checkpoint', '9'], 2, '--checkpoint is for a master that keeps something'],
    [['node', '--master', '--ended-memory', 'much'], 2, '--ended-memory much: a whole number is expected'],
    [['node', '--master', '--ended-memory', '8589934592'], 2, '--ended-memory 8589934592: it is in MiB'],
    [['node', '--join', 'ws://127.0.0.1:1', '--ended-memory', '2'], 2, '--ended-memory is for the master'],
    [['node', '--master', '--rcomps', '5000'], 2, '--rcomps 5000: it must be a whole number from 0 to 4096'],
    [['node', '--join', 'ws://127.0.0.1:1', '--rcomps', '0'], 2, 'a whole number from 1 to 4096'],
    [['node', '--master', '--cert', 'c.pem'], 2, '--cert and --key go together'],
    [['node', '--master', '--token-file', 'nowhere'], 2, '--token-file: cannot read nowhere'],
    [['node', '--master', '--token-file', 'empty'], 2, 'empty holds no token'],
    [['node', '--master', '--cert', 'sum.s', '--key', 'sum.s'], 2, '--cert sum.s and --key sum.s: '],
    [['cluster', 'sum.s', '--node-rcomps', '0'], 2, 'rcomps must be a whole number from 1 to 4096'],
    [['node', '--master', '--token-file', 'sum.s'], 2, 'a token file has a line that is no token'],
    [['run', 'sum.s', '--on', 'here'], 2, 'here is no address of a DVM'],
    [['run', 'sum.s', '--on', 'ws://127.0.0.1:1'], 4, 'cannot reach ws://127.0.0.1:1'],
    [['run', 'sum.s', '--on', 'ws://127.0.0.1:1', '--rcomps', '2'], 2, '--rcomps is for each node'],
    [
      ['run', 'sum.s', '--on', 'ws://127.0.0.1:1', '--trace', 'no/where.jsonl'],
      2,
      'cannot write the trace no/where.jsonl: ENOENT',
    ],
    [['run', 'sum.s', '--on', 'ws://127.0.0.1:1', '--trace', './sum.s'], 2, 'is also the program'],
    [['cluster', 'sum.s', '--nodes', '0'], 2, '--nodes 0: nobody would run anything'],
    [['status', 'ws://127.0.0.1:1'], 4, 'cannot reach ws://127.0.0.1:1'],
    [['drain', 'ws://127.0.0.1:1', 'one'], 2, 'NODE one: a whole number is expected'],
    [['token', 'old'], 2, 'there is only dvm token new'],
    [['cert', 'new', '--days', '0'], 2, '--days 0: from 1 to 36500'],
  ])('dvm %j', async (args, exit, why) => {
    const ran = await dvm(args);

    expect(ran).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(why) });
  });
});
