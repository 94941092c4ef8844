/** A simulated run beside the reference model: what the checkers judge. */

import { type AttemptId, attemptKey, type ControlBlock } from '../src/actors/control-block.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import { SYSTEM_RANGE } from '../src/isa/layout.ts';
import { childId, seedOf } from '../src/memory/ids.ts';
import type { PagePatch } from '../src/memory/patch.ts';
import { type Attempt, attempt } from './model/attempt.ts';
import { type Extent, within } from './model/extent.ts';
import { byteOf, Memory, merged, wordOf } from './model/memory.ts';
import type { Runner, World } from './model/runner.ts';
import { type Commit, eventsOf, type SimResult } from './result.ts';

export type AttemptEvent = Extract<TraceEvent, { readonly type: 'attempt' }>;

/** What an attempt did, and what the model says it had to do. */
export interface Rerun {
  readonly event: AttemptEvent;
  readonly runner: Runner;
  readonly model: Attempt;
}

export interface Evidence {
  readonly result: SimResult;
  readonly world: World;
  readonly memory: Memory;
  /** In the order of the attempts' ends. */
  readonly reruns: readonly Rerun[];
  /** The rerun of the attempt that a version commits; null for arrivals and records of other ends. */
  readonly rerunOf: (version: number) => Rerun | null;
  /** The merge type that version wrote the byte with: 0 plain; undefined if it did not write it. */
  readonly writeType: (version: number, address: number) => number | undefined;
  /** Whether the program has come to its own end: not cancelled, not failed, not ended for want of room for runners. */
  readonly complete: boolean;
  /** The runners that exist: the entry, the newborns of decided commits, and activations. */
  readonly runners: ReadonlyMap<bigint, Expected>;
}

/** A runner as its decided creation says it must be. */
export interface Expected {
  readonly control: Runner;
  /** The version that created it; 0 for the entry. */
  readonly born: number;
  /** The sv of the attempt that created it; 0 for the entry. */
  readonly since: number;
  /** The persistent watcher that it is an activation of. */
  readonly activationOf: bigint | null;
}

/** A violated invariant, in words. */
export type Violation = string;

export interface Checker {
  /** As in the list of invariants: `I4`. */
  readonly id: string;
  readonly sentence: string;
  /** What is wrong, worst first; nothing if the invariant holds. */
  readonly check: (evidence: Evidence) => Iterable<Violation>;
}

export function evidenceOf(result: SimResult): Evidence {
  const { program, map, config } = result;
  const world = worldOf(result);
  const files = map.files.map(({ base, length, io }) => ({
    address: base,
    bytes: (result.inputs.get(io) ?? new Uint8Array()).subarray(0, length),
  }));
  const memory = new Memory([...program.sections, ...files]);
  const types: Map<number, number>[] = [new Map()];
  for (const commit of result.log) {
    types.push(typesOf(commit));
    memory.commit(writtenBy(commit, memory));
  }
  const reruns = result.attempts.map((event): Rerun => {
    const runner = runnerOf(event.control, config.serializable);
    return { event, runner, model: attempt(world, runner, memory, event.end.sv) };
  });
  const byKey = new Map(reruns.map((rerun) => [attemptKey(rerun.event.attempt), rerun]));
  const rerunOf = (version: number) => {
    const commit = result.log[version - 1];
    return commit?.run ? (byKey.get(attemptKey(commit.attempt)) ?? null) : null;
  };
  return {
    result,
    world,
    memory,
    reruns,
    rerunOf,
    complete: result.summary.status === 'done' && !isOverrun(result),
    writeType: (version, address) => types[version]?.get(address),
    runners: expectedRunners(result, rerunOf),
  };
}

/** Whether a commit asked for more runners than the machine may have: that ends the program. */
function isOverrun({ summary, attempts }: SimResult): boolean {
  return summary.faults.some(
    ({ runner, fault }) =>
      fault.cause === 'too-many-children' &&
      attempts.every(({ attempt, end }) => attempt.runner !== runner || end.type !== 'fault'),
  );
}

/** The rerun of an attempt by its id. */
export function rerunFor(evidence: Evidence, id: AttemptId): Rerun | undefined {
  return evidence.reruns.find(({ event }) => attemptKey(event.attempt) === attemptKey(id));
}

function worldOf({ program, map, config }: SimResult): World {
  const streamWords = map.streams.flatMap(({ base, length }) => [
    { base, length: 16 },
    { base: base + 24, length: length - 24 },
  ]);
  const machineWritten: Extent[] = [SYSTEM_RANGE, ...map.files, ...map.streams];
  return {
    regionBoundary: config.regionBoundary,
    lazyReads: config.lazyReads,
    serializable: config.serializable,
    fuel: config.fuel,
    limits: config.limits,
    readable: [SYSTEM_RANGE, ...map.files, ...assembledOutside(program)],
    readOnly: [SYSTEM_RANGE, ...map.files, ...streamWords],
    machineWritten,
    childId,
    seedOf: (id) => seedOf(config.seed, id),
  };
}

/** Assembled bytes outside the entry's heap, by cutting sections into bytes. */
function assembledOutside(program: SimResult['program']): Extent[] {
  return program.sections.flatMap(({ address, bytes }) => {
    const runs: { base: number; length: number }[] = [];
    for (let at = address; at < address + bytes.length; at += 1) {
      if (within(program.heap, at)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.base + last.length === at) last.length += 1;
      else runs.push({ base: at, length: 1 });
    }
    return runs;
  });
}

/** A control block in the model's terms. */
export function runnerOf(control: ControlBlock, serializable: boolean): Runner {
  const image = new Map<number, number>();
  for (const { address, bytes } of control.image)
    bytes.forEach((byte, i) => {
      if (byte !== 0) image.set(address + i, byte);
    });
  return { ...control, serializable: control.serializable || serializable, image };
}

function typesOf(commit: Commit): Map<number, number> {
  const types = new Map<number, number>();
  for (const { address, bytes, merge } of commit.patches.flatMap(({ runs }) => runs))
    for (let i = 0; i < bytes.length; i += 1) types.set(address + i, merge);
  for (const { address, bytes } of commit.record.flatMap(({ runs }) => runs))
    for (let i = 0; i < bytes.length; i += 1) types.set(address + i, 0);
  return types;
}

/** `W_v`: the patches' bytes, operands applied to the version before, and the status record over them. */
function writtenBy(commit: Commit, memory: Memory): Map<number, number> {
  const written = new Map<number, number>();
  const before = memory.version;
  const apply = (patches: readonly PagePatch[]) => {
    for (const { address, bytes, merge } of patches.flatMap(({ runs }) => runs)) {
      bytes.forEach((byte, i) => {
        if (merge === 0) written.set(address + i, byte);
      });
      for (let word = 0; merge !== 0 && word < bytes.length; word += 8) {
        const old = wordOf(8, (i) => memory.at(address + word + i, before));
        const sum = merged(
          merge,
          old,
          wordOf(8, (i) => bytes[word + i]!),
        );
        for (let i = 0; i < 8; i += 1) written.set(address + word + i, byteOf(sum, i));
      }
    }
  };
  apply(commit.patches);
  apply(commit.record);
  return written;
}

function expectedRunners(
  result: SimResult,
  rerunOf: (version: number) => Rerun | null,
): Map<bigint, Expected> {
  const { serializable } = result.config;
  const runners = new Map<bigint, Expected>();
  const add = (control: Runner, born: number, since: number) =>
    runners.set(control.id, { control, born, since, activationOf: null });
  add(runnerOf(result.entry, serializable), 0, 0);
  for (const { version, sv } of result.log)
    for (const child of rerunOf(version)?.model.children ?? [])
      add({ ...child, serializable: child.serializable || serializable }, version, sv);
  for (const { event } of eventsOf(result.trace, 'fired')) {
    const watcher = runners.get(event.watcher);
    if (watcher === undefined || !watcher.control.persistent) continue;
    const index = event.activation - 1;
    const id = childId(event.watcher, index);
    const control = { ...watcher.control, id, parent: event.watcher, index, persistent: false };
    runners.set(id, { ...watcher, control, activationOf: event.watcher });
  }
  return runners;
}
