/** What a client wants to know of its run: statistics of all nodes, and a trace that waits for it. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Observation } from '../../../../src/actors/node/cluster/observation.ts';
import type { Machine } from '../../../../src/actors/node/machine.ts';
import type { Tally } from '../../../../src/actors/tally.ts';
import type { TraceEvent } from '../../../../src/actors/trace-event.ts';

const NONE = { master: 0, agent: 0, rcomp: 0, home: 0, watcher: 0, io: 0 };

const tallyOf = (attempts: number): Tally => ({
  attempts,
  instructions: 10 * attempts,
  translated: 5 * attempts,
  phases: { wait: 1, snapshot: 2, translate: 3, execute: 4, fetch: 5, stage: 6, commit: 7 },
  messages: { ...NONE, rcomp: attempts },
  actors: { ...NONE, agent: 1 },
  memory: 100,
});

/** An observed run whose machine only has events, and whose trace waits for its client from the first byte on. */
function staged({ isTaken }: { isTaken: boolean }) {
  const listeners = new Map<string, ((event: never) => void)[]>();
  const machine = {
    on: (type: string, listener: (event: never) => void) =>
      listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    costs: () => ({
      translate: 0,
      snapshot: 0,
      execute: 0,
      fetch: 0,
      stage: 0,
      translated: 0,
      interpreted: 0,
    }),
    liveActors: () => NONE,
  } as unknown as Machine;
  const congested: number[] = [];
  const run = {
    isTaken,
    onNews: () => {},
    congested: (changes: number) => congested.push(changes),
  };
  const observation = new Observation(
    { stats: true, trace: true },
    { ...run, isTaken: () => run.isTaken },
    0,
  );
  observation.follow(machine);
  const emit = (event: TraceEvent) => {
    for (const listener of listeners.get(event.type) ?? []) listener(event as never);
  };
  return { observation, machine, emit, congested, run };
}

/** Longer than a channel takes at once. */
const LONG: TraceEvent = {
  type: 'commit',
  version: 1,
  attempt: { runner: 256n, epoch: 1, number: 1 },
  sv: 0,
  spans: [],
  homes: [],
  record: [{ page: 0, runs: [{ address: 0, bytes: new Uint8Array(9 * 2 ** 20), merge: 0 }] }],
};

const STARVING: TraceEvent = { type: 'starving', runner: 256n, starving: true };

test('while more of a trace waits than should, the run is held up, and goes on when it is fetched', async () => {
  const { observation, emit, congested } = staged({ isTaken: true });
  emit(LONG);
  expect(congested).toEqual([1]);
  observation.trace!.fetched(observation.trace!.length);
  await setImmediate();

  expect(congested).toEqual([1, 2]);
  expect(observation.traceState).toBe('whole');
});

test('a trace that nobody takes is given up once too much of it waits, and the run goes on', async () => {
  const { observation, emit, congested } = staged({ isTaken: false });
  emit(STARVING);
  expect(observation.traceState).toBe('whole');
  emit(LONG);
  emit(LONG);
  await setImmediate();

  expect(congested).toEqual([1, 2]);
  expect(observation.traceState).toBe('dropped');
  expect(observation.trace).toBeNull();
});

test('so is one whose client goes while the run is held up for it', () => {
  const { observation, emit, congested, run } = staged({ isTaken: true });
  emit(LONG);
  run.isTaken = false;
  observation.left();

  expect(congested).toEqual([1, 2]);
  expect(observation.traceState).toBe('dropped');
});

test('a client that goes while little of its trace waits finds it when it comes back', async () => {
  const { observation, machine, emit, run } = staged({ isTaken: true });
  emit(STARVING);
  run.isTaken = false;
  observation.left();
  emit(STARVING);
  await observation.end(machine);

  expect(observation.traceState).toBe('whole');
  const { length, forgotten } = observation.trace!;
  expect([Math.sign(length), forgotten]).toEqual([1, 0]);
});

test('the end waits for nobody: all of the trace is there to be fetched then', async () => {
  const { observation, machine, emit } = staged({ isTaken: true });
  for (let i = 0; i < 3; i += 1) emit(STARVING);
  await observation.end(machine);
  const lines: string[] = [];
  for (let at = 0; at < observation.trace!.length; ) {
    const { offset, bytes } = observation.trace!.after(at)!;
    lines.push(Buffer.from(bytes).toString());
    at = offset + bytes.length;
  }

  expect(lines.join('')).toMatch(
    /^(\{"t":[\d.]+,"type":"starving","runner":"0x0000000000000100","starving":true\}\n){3}$/,
  );
});

test('what it has cost is the sum of all nodes that have told, each once; the dead have not', async () => {
  const { observation, machine } = staged({ isTaken: true });
  const told = Promise.all([observation.told(1), observation.told(2), observation.told(3)]);
  observation.spent(1, tallyOf(3));
  observation.spent(1, tallyOf(4));
  observation.lost(2);
  observation.spent(3, tallyOf(6));
  // It has told before it died.
  observation.lost(3);
  await told;

  expect(await observation.end(machine)).toEqual({
    nodes: 3,
    lost: 1,
    tally: {
      attempts: 10,
      instructions: 100,
      translated: 50,
      phases: { wait: 2, snapshot: 4, translate: 6, execute: 8, fetch: 10, stage: 12, commit: 14 },
      messages: { ...NONE, rcomp: 10 },
      actors: { ...NONE, agent: 2 },
      memory: expect.any(Number),
    },
  });
});
