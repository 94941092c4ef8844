/** I1, I2, I3, I17: what an attempt sees. */

import { attemptKey } from '../../src/actors/control-block.ts';
import type { Checker, Rerun } from '../evidence.ts';
import { byteOf } from '../model/memory.ts';
import type { Load } from '../model/port.ts';
import { eventsOf } from '../result.ts';

export const snapshotRead: Checker = {
  id: 'I1',
  sentence: 'every byte that an attempt loads is its own latest write, else the byte of its snapshot',
  *check({ reruns, world }) {
    for (const rerun of reruns)
      for (const { load, seen } of loadsOf(rerun))
        if (load.address >= world.regionBoundary && seen.bits !== load.bits)
          yield `${name(rerun)} at sv ${rerun.event.end.sv}: ${where(load)} gave ${seen.bits}, not ${load.bits}`;
  },
};

export const onePoint: Checker = {
  id: 'I2',
  sentence: 'an attempt has one sv from its start to its commit, and it names a version that was decided',
  *check({ result }) {
    const starts = new Map(
      eventsOf(result.trace, 'start').map(({ event }) => [attemptKey(event.attempt), event.sv]),
    );
    for (const { event, decided } of eventsOf(result.trace, 'start'))
      if (event.sv > decided) yield `${attemptKey(event.attempt)} starts at ${event.sv}, decided ${decided}`;
    for (const { attempt, end } of result.attempts)
      if (starts.get(attemptKey(attempt)) !== end.sv)
        yield `${attemptKey(attempt)} starts at ${starts.get(attemptKey(attempt))} and ends at ${end.sv}`;
    for (const { attempt, sv, run } of result.log)
      if (run !== null && run.end.sv !== sv)
        yield `${attemptKey(attempt)} ran at ${run.end.sv} and is decided at sv ${sv}`;
  },
};

export const atomicVisibility: Checker = {
  id: 'I3',
  sentence: 'of each commit v ≤ sv an attempt sees all bytes, of v > sv none',
  *check({ reruns, memory, result }) {
    for (const rerun of reruns) {
      const { sv } = rerun.event.end;
      for (const [address, byte] of snapshotBytes(rerun)) {
        if (byte === memory.at(address, sv)) continue;
        const last = memory.writerAt(address, sv);
        const later = result.log.find(
          ({ version }) => version > sv && memory.written(version).get(address) === byte,
        );
        yield later === undefined
          ? `${name(rerun)} at sv ${sv} misses version ${last} at ${hex(address)}`
          : `${name(rerun)} at sv ${sv} sees version ${later.version} at ${hex(address)}`;
      }
    }
  },
};

export const privateMemory: Checker = {
  id: 'I17',
  sentence: 'private memory holds zeros, the context and what the attempt itself wrote there',
  *check({ reruns, world }) {
    for (const rerun of reruns)
      for (const { load, seen } of loadsOf(rerun))
        if (load.address < world.regionBoundary && seen.bits !== load.bits)
          yield `${name(rerun)}: ${where(load)} gave ${seen.bits}, not ${load.bits}`;
  },
};

interface Pair {
  /** What the model loads. */
  readonly load: Load;
  /** What the attempt did load. */
  readonly seen: { readonly bits: bigint };
}

/**
 * The attempt's loads beside the model's, up to where they part ways. An instruction that had to wait for a page was
 * executed anew, so its first loads stand there more than once.
 */
function* loadsOf({ event, model }: Rerun): Iterable<Pair> {
  let next = 0;
  for (const seen of event.loads) {
    const same = (at: number) =>
      model.loads[at]?.address === seen.address && model.loads[at].size === seen.size;
    if (!same(next)) {
      const current = model.loads[next]?.executed;
      next = model.loads.findIndex((load) => load.executed === current);
      if (next < 0 || !same(next)) return;
    }
    const load = model.loads[next]!;
    yield { load, seen };
    // From a wrong value on everything may be otherwise.
    if (load.bits !== seen.bits) return;
    next += 1;
  }
}

/** The bytes that the attempt saw of its snapshot. */
function* snapshotBytes(rerun: Rerun): Iterable<readonly [number, number]> {
  for (const { load, seen } of loadsOf(rerun))
    for (const address of load.fromSnapshot) yield [address, byteOf(seen.bits, address - load.address)];
}

/** Whether what was loaded is what the model loads, to the end. */
export function sameLoads(rerun: Rerun): boolean {
  const pairs = [...loadsOf(rerun)];
  return pairs.length === rerun.event.loads.length;
}

export function name({ event }: { readonly event: Rerun['event'] }): string {
  return attemptKey(event.attempt);
}

export function hex(address: number | bigint): string {
  return `0x${address.toString(16)}`;
}

function where(load: Load): string {
  return `load of ${load.size} at ${hex(load.address)} after ${load.executed} instructions`;
}
