/** Rules 10 and 29: who starts when, and who is decided first. */

import type { Checker, Evidence } from '../evidence.ts';
import { type Extent, overlap } from '../model/extent.ts';
import { eventsOf } from '../result.ts';
import { hex } from './reads.ts';

export const starvingGoFirst: Checker = {
  id: 'rule 10',
  sentence:
    'while a runner is starving no other starts whose declared ranges overlap its own, unless it starves too',
  *check(evidence) {
    const { result } = evidence;
    const losses = new Map<bigint, number>();
    const starving = new Set<bigint>();
    const running = new Set<bigint>();
    for (const { event } of result.trace) {
      const lost = event.type === 'conflict' || (event.type === 'ended' && event.why === 'snapshot-too-old');
      if (lost) losses.set(event.attempt.runner, (losses.get(event.attempt.runner) ?? 0) + 1);
      if (event.type === 'starving') {
        if (event.starving) starving.add(event.runner);
        else starving.delete(event.runner);
        if (event.starving && (losses.get(event.runner) ?? 0) < result.config.starvingAfter)
          yield `runner ${hex(event.runner)} starves after ${losses.get(event.runner)} lost attempts`;
      }
      if (event.type !== 'runner') continue;
      const { runner, state } = event;
      if (state !== 'running') {
        running.delete(runner);
        continue;
      }
      running.add(runner);
      if ((losses.get(runner) ?? 0) >= result.config.starvingAfter && !starving.has(runner))
        yield `${hex(runner)} starts after ${losses.get(runner)} lost attempts and does not starve`;
      for (const other of starving) {
        if (other === runner || !declaredOverlap(evidence, runner, other)) continue;
        if (!starving.has(runner)) yield `${hex(runner)} starts in the way of ${hex(other)}, which starves`;
        else if (running.has(other)) yield `${hex(runner)} and ${hex(other)} both starve and run at once`;
        else if (before(evidence, other, runner))
          yield `${hex(runner)} starts before ${hex(other)}, whose place is lower`;
      }
    }
  },
};

export const lostCompartments: Checker = {
  id: 'rule 12',
  sentence: 'a lost compartment is no fault of its runner, until so many have died under it',
  *check({ result }) {
    const { compartmentDeaths } = result.config;
    const deaths = new Map<bigint, number>();
    for (const { event } of eventsOf(result.trace, 'ended')) {
      const { runner } = event.attempt;
      if (event.why === 'lost') deaths.set(runner, (deaths.get(runner) ?? 0) + 1);
      if (event.fault?.cause === 'compartment-lost' && deaths.get(runner) !== compartmentDeaths)
        yield `${hex(runner)} faults after ${deaths.get(runner)} compartments`;
    }
    const faulted = new Set(result.summary.faults.map(({ runner }) => runner));
    for (const [runner, count] of deaths)
      if (count >= compartmentDeaths && !faulted.has(runner))
        yield `${hex(runner)} outlives ${count} compartments`;
  },
};

export const decidedInOrder: Checker = {
  id: 'rule 29',
  sentence: 'in deterministic rounds attempts share one sv and are decided in the order of the runner tree',
  *check(evidence) {
    const { result } = evidence;
    if (!result.config.deterministic) return;
    let last = null as { readonly sv: number; readonly runner: bigint } | null;
    for (const { version, sv, run, attempt } of result.log) {
      if (run === null) continue;
      if (last !== null && sv < last.sv) yield `version ${version} is of sv ${sv}, after one of ${last.sv}`;
      if (last?.sv === sv && !before(evidence, last.runner, attempt.runner))
        yield `version ${version} of ${hex(attempt.runner)} is decided after that of ${hex(last.runner)}`;
      last = { sv, runner: attempt.runner };
    }
  },
};

export const retriesCounted: Checker = {
  id: 'rule 9',
  sentence: 'a loser runs again by itself, unless a conflict is to end it',
  *check({ result }) {
    const { onConflict } = result.config;
    const ended = eventsOf(result.trace, 'runner').filter(({ event }) => event.end === 'conflict').length;
    const conflicts = eventsOf(result.trace, 'conflict').length;
    if (onConflict === 'retry' && ended > 0) yield `${ended} runners end by a conflict`;
    if (onConflict === 'abort' && ended !== conflicts) yield `${ended} runners end by ${conflicts} conflicts`;
  },
};

function declaredOverlap({ runners }: Evidence, a: bigint, b: bigint): boolean {
  const declared = (id: bigint): readonly Extent[] => {
    const control = runners.get(id)?.control;
    return control === undefined ? [] : [...control.heap, ...control.watched];
  };
  return declared(a).some((x) => declared(b).some((y) => overlap(x, y)));
}

/** Whether `a` comes before `b` in the runner tree: parents before children, siblings by index. */
function before({ runners }: Evidence, a: bigint, b: bigint): boolean {
  const path = (id: bigint): number[] => {
    const control = runners.get(id)?.control;
    return control === undefined || control.parent === 0n ? [] : [...path(control.parent), control.index];
  };
  const [x, y] = [path(a), path(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i += 1) if (x[i] !== y[i]) return x[i]! < y[i]!;
  return x.length < y.length;
}
