import { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createActor } from '../../../src/actors/actor.ts';
import type { Init } from '../../../src/actors/init.ts';
import { FULL } from '../../../src/actors/node/devices/channel-device.ts';
import {
  addressOfLabel,
  assemble,
  Machine,
  type MachineOptions,
  mustSucceed,
  QuiescentError,
  RunnerError,
  type TraceEvent,
  UsageError,
  VersionGoneError,
} from '../../../src/index.ts';
import { InvariantError, invariant } from '../../../src/invariant.ts';
import {
  ABORT,
  CHATTY,
  CONTENTION,
  COUNT_INPUT,
  ENDLESS,
  FAULT,
  POLITE,
  QUIESCENT,
  SUM,
  YES,
} from '../../support/small-programs.ts';

async function ended(source: string, options: MachineOptions = {}) {
  await using machine = new Machine(assemble(source), options);
  return await machine.run();
}

test('a program runs, says what it says, and leaves its memory to be read', async () => {
  const program = assemble(SUM);
  const total = addressOfLabel(program, 'total');
  await using machine = new Machine(program);
  const report = mustSucceed(await machine.run());

  expect(report).toMatchObject({ status: 'done', version: 1, faults: [], watchers: [] });
  expect(Buffer.from(report.stdout).toString()).toBe('ok\n\0');
  expect(await machine.readWord(total, 'q')).toBe(500500n);
  expect(await machine.readWord(total, 'fd')).toBeTypeOf('number');
  expect(await machine.readWords(total, 'uw', 4)).toEqual([500500n & 0xffffn, 500500n >> 16n, 0n, 0n]);
  expect(await machine.read(total - 3, 6)).toEqual(Uint8Array.of(0, 0, 0, 0x14, 0xa3, 0x07));
});

test('a read may span pages, homes and memory that nobody ever wrote', async () => {
  await using machine = new Machine(assemble(SUM), { homes: 3 });
  await machine.run();
  const bytes = await machine.read(0x4_0000_0000, 3_000_000);

  expect(bytes.length).toBe(3_000_000);
  expect(new DataView(bytes.buffer).getBigInt64(0x1000, true)).toBe(500500n);
  expect(bytes.subarray(0x2000).some((byte) => byte !== 0)).toBe(false);
});

test.each([
  ['below the shared region', 0x1000, {}],
  ['half a byte up', 0x4_0000_1000 + 0.5, {}],
  ['beyond 2^46', 2 ** 46, {}],
  ['at a version that is not decided', 0x4_0000_0000, { at: 99 }],
])('a read %s is refused', async (_, address, options) => {
  await using machine = new Machine(assemble(SUM));
  await machine.run();

  await expect(machine.read(address, 8, options)).rejects.toThrow(UsageError);
});

test('a read of a version that is no longer kept says so', async () => {
  await using machine = new Machine(assemble(SUM));
  await machine.run();

  await expect(machine.read(addressOfLabel(assemble(SUM), 'total'), 8, { at: 0 })).rejects.toThrow(
    VersionGoneError,
  );
});

test('memory is read during a run, too', async () => {
  const program = assemble(ENDLESS);
  const stop = new AbortController();
  await using machine = new Machine(program);
  const committed = new Promise((resolve) => machine.on('commit', resolve));
  const run = machine.run({ signal: stop.signal });
  await committed;

  expect(await machine.readWord(addressOfLabel(program, 'seen'), 'q')).toBe(1n);
  stop.abort();
  expect(await run).toMatchObject({ status: 'cancelled', version: 1 });
});

test.each([
  [ABORT, 'aborted', RunnerError],
  [FAULT, 'faulted', RunnerError],
  [QUIESCENT, 'quiescent', QuiescentError],
])('mustSucceed throws what fits (%#)', async (source, status, error) => {
  const report = await ended(source);

  expect(report.status).toBe(status);
  expect(() => mustSucceed(report)).toThrow(error);
});

test('a fault is reported with runner, pc, address and source line', async () => {
  const { faults } = await ended(FAULT);

  expect(faults).toEqual([
    {
      cause: 'read-outside-ranges',
      runner: expect.any(BigInt),
      pc: 0x4_0000_0000,
      address: 0x6_0000_0000n,
      detail: '',
      file: 'source',
      line: 3,
    },
  ]);
});

test('there is one live nact actor for each RComp, home, watcher, channel, the agent and the master during a run', async () => {
  const during: object[] = [];
  const machine = new Machine(assemble(QUIESCENT), { rcomps: 3, homes: 5 });
  machine.on('runner', ({ state }) => {
    if (state === 'running' || state === 'watching') during.push(machine.liveActors());
  });
  await machine.run();

  expect(during[0]).toEqual({ master: 1, agent: 1, rcomp: 3, home: 5, watcher: 0, io: 3 });
  expect(machine.liveActors()).toEqual({ master: 1, agent: 1, rcomp: 3, home: 5, watcher: 1, io: 3 });
  await machine[Symbol.asyncDispose]();
  expect(machine.liveActors()).toEqual({ master: 0, agent: 0, rcomp: 0, home: 0, watcher: 0, io: 0 });
});

test('a stream, a timer and files are actors as well', async () => {
  await using machine = new Machine(assemble(COUNT_INPUT), {
    inputs: [{ base: 0x7_0000_0000, file: new Uint8Array(5) }],
    stdin: { base: 0x6_0000_0000, length: 4096, source: Readable.from(['abc']) },
  });
  const report = await machine.run();

  expect(report.status).toBe('done');
  expect(machine.liveActors().io).toBe(5);
  expect(await machine.readWord(addressOfLabel(assemble(COUNT_INPUT), 'total'), 'q')).toBe(3n);
});

test('bytes that are mapped in are read at any address', async () => {
  await using machine = new Machine(assemble(SUM), {
    inputs: [{ base: 0x7_0000_0ffd, file: Uint8Array.of(1, 2, 3, 4, 5) }],
  });
  await machine.run();

  expect(await machine.read(0x7_0000_0ffb, 9)).toEqual(Uint8Array.of(0, 0, 1, 2, 3, 4, 5, 0, 0));
});

test('a machine that is disposed of while it runs rejects, and answers no more reads', async () => {
  const machine = new Machine(assemble(ENDLESS));
  const run = machine.run();
  const gone = expect(run).rejects.toThrow('disposed');
  await new Promise((resolve) => machine.on('commit', resolve));
  await machine[Symbol.asyncDispose]();

  await gone;
  await expect(machine.read(0x4_0000_0000, 8)).rejects.toThrow(UsageError);
});

test('events come in order, until their listener is taken away', async () => {
  const events: TraceEvent['type'][] = [];
  const machine = new Machine(assemble(SUM));
  machine.on('start', ({ type }) => events.push(type));
  machine.on('commit', ({ type }) => events.push(type));
  const end = machine.on('runner', ({ type, state }) => {
    events.push(type);
    if (state === 'running') end();
  });
  await machine.run();
  await machine[Symbol.asyncDispose]();

  expect(events).toEqual(['runner', 'runner', 'runner', 'start', 'commit']);
});

test('events are awaited one by one, and end with the run', async () => {
  const machine = new Machine(assemble(SUM));
  const events = machine.events('commit', 'runner');
  const run = machine.run();
  const seen: string[] = [];
  for await (const event of events)
    seen.push(event.type === 'commit' ? `commit ${event.version}` : event.state);
  await run;
  await machine[Symbol.asyncDispose]();

  expect(seen).toEqual(['created', 'schedulable', 'running', 'commit 1', 'finished']);
  expect(await machine.events('commit').next()).toEqual({ done: true, value: undefined });
});

test('a loop over events may be left, and a slow one misses nothing', async () => {
  await using machine = new Machine(assemble(CONTENTION));
  const left = machine.events('commit');
  const late = machine.events('commit');
  const run = machine.run();
  for await (const { version } of left) if (version === 3) break;
  await run;

  expect(await left.next()).toEqual({ done: true, value: undefined });
  const versions: number[] = [];
  for await (const { version } of late) versions.push(version);
  expect(versions).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
});

test("what a listener throws is the process's, and the run goes on", async () => {
  const thrown = new Promise((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error);
    });
  });
  await using machine = new Machine(assemble(SUM));
  machine.on('commit', () => {
    throw new Error('a listener of yours');
  });

  expect(await machine.run()).toMatchObject({ status: 'done' });
  expect(await thrown).toEqual(new Error('a listener of yours'));
});

test('a broken invariant ends the run as what it is', async () => {
  const create = (init: Init) => {
    const birth = createActor(init);
    if (init.kind !== 'home') return birth;
    return { ...birth, actor: { receive: () => invariant(false, 'pages only grow newer') as never } };
  };
  await using machine = new Machine(assemble(SUM), {}, { create });

  await expect(machine.run()).rejects.toThrow(new InvariantError('pages only grow newer'));
});

test('an AbortSignal that is aborted before the run lets nothing run', async () => {
  const report = await (async () => {
    await using machine = new Machine(assemble(ENDLESS));
    return await machine.run({ signal: AbortSignal.abort() });
  })();

  expect(report).toMatchObject({ status: 'cancelled', version: 0 });
});

test('a supervisor asks for a shutdown, and the program ends itself', async () => {
  await using machine = new Machine(assemble(POLITE), { tick: 1 });
  machine.on('commit', ({ version }) => version === 1 && machine.raise('shutdownAsked'));
  const report = await machine.run();

  expect([report.status, Buffer.from(report.stdout).toString()]).toEqual(['done', 'gobye\n']);
});

test('a program whose output nobody takes is held up, and goes on when somebody does', async () => {
  let take = () => {};
  let takesAll = false;
  const stdout = new Writable({
    highWaterMark: 2 ** 30,
    write(_chunk, _encoding, done) {
      if (takesAll) done();
      else take = done;
    },
  });
  let ring = () => {};
  const isFull = new Promise<void>((resolve) => {
    ring = resolve;
  });
  const stop = new AbortController();
  await using machine = new Machine(
    assemble(CHATTY),
    { stdout, rcomps: 1 },
    { onDispatch: (_, { type }) => type === 'congested' && ring() },
  );
  let running = 0;
  machine.on('runner', ({ state }) => {
    if (state === 'running') running = 1;
    else if (state === 'finished') running = 0;
  });
  const report = machine.run({ signal: stop.signal });
  await isFull;
  while (running > 0) await setImmediate();
  const { version } = machine;
  for (let turn = 0; turn < 1_000; turn += 1) await setImmediate();

  expect(machine.version).toBe(version);
  expect(version * 2 ** 16).toBeLessThan(2 * FULL);
  const gone = new Promise<void>((resolve) => machine.on('commit', () => resolve()));
  takesAll = true;
  take();
  await gone;
  stop.abort();
  expect((await report).status).toBe('cancelled');
});

test('an output that fails ends the run as failed, with its own words', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the paper is out')) });
  broken.on('error', () => {});

  expect(await ended(YES, { stdout: broken })).toMatchObject({ status: 'failed', error: 'the paper is out' });
});

test('an input that fails ends the run as failed, with its own words', async () => {
  const source = new Readable({
    read() {
      this.destroy(new Error('the line is dead'));
    },
  });

  expect(await ended(COUNT_INPUT, { stdin: { base: 0x6_0000_0000, length: 80, source } })).toMatchObject({
    status: 'failed',
    error: 'the line is dead',
  });
});

test('a machine runs once', async () => {
  await using machine = new Machine(assemble(SUM));
  await machine.run();

  await expect(machine.run()).rejects.toThrow('a machine runs once');
});

test.each<[string, MachineOptions]>([
  ['rcomps', { rcomps: 0 }],
  ['homes', { homes: 1.5 }],
  ['fuel', { fuel: Number.NaN }],
  ['seed', { seed: -1n }],
  ['seed', { seed: 5 as unknown as bigint }],
  ['onConflict', { onConflict: 'forget' as 'retry' }],
  ['rcomp', { rcomp: 3 } as MachineOptions],
  ['limits.child', { limits: { child: 3 } as MachineOptions['limits'] } as MachineOptions],
  ['pageSize', { pageSize: 100 }],
  ['tick', { tick: 0 }],
  ['limits.children', { limits: { children: -1 } }],
  ['limits.ranges', { limits: { ranges: 2 ** 28 } }],
])('an option out of bounds is refused by its name: %s', (name, options) => {
  expect(() => new Machine(assemble(SUM), options)).toThrow(name);
});

test('there may be as many ranges as a list of them has room for below the register words', async () => {
  const program = assemble('.rb 0x100000\n.entry main\nmain: exit:c\n');
  const room = (0x4_0000 - 0x800) / 16;

  await using machine = new Machine(program, { limits: { ranges: room } });
  expect(machine.version).toBe(0);
  expect(() => new Machine(program, { limits: { ranges: room + 1 } })).toThrow('limits.ranges');
});

test.each<[string, number, number]>([
  ['half a byte up', 0x7_0000_0000 + 0.5, 8],
  ['half a byte longer', 0x7_0000_0000, 8.5],
  ['no number', Number.NaN, 8],
  ['less than nothing', 0x7_0000_0000, -8],
])('what is no range is refused before its file is opened: %s', async (_, base, length) => {
  const outputs = [{ base, length, file: '/nowhere/out.bin' }];
  await using machine = new Machine(assemble(SUM), { outputs });

  await expect(machine.run()).rejects.toThrow('must be whole numbers');
});
