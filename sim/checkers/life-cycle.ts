/** I7, I8, I19, I20, I21 and rule 19: from creation to one end. */

import { attemptKey } from '../../src/actors/control-block.ts';
import type { AttemptEnd, RunnerEnd } from '../../src/actors/protocol.ts';
import type { RunnerState } from '../../src/actors/trace-event.ts';
import type { Fault } from '../../src/isa/fault.ts';
import type { AttemptEvent, Checker, Rerun } from '../evidence.ts';
import { eventsOf, type SimResult } from '../result.ts';
import { hex } from './reads.ts';
import { isWithoutEffect } from './validation.ts';

export const exactlyOnce: Checker = {
  id: 'I7',
  sentence: 'each runner is in the log at most once and ends in exactly one way',
  *check({ result, runners, rerunOf, reruns, complete }) {
    const versions = new Map<bigint, number>();
    for (const { version, attempt, run } of result.log) {
      const earlier = versions.get(attempt.runner);
      if (earlier !== undefined && runners.has(attempt.runner))
        yield `runner ${hex(attempt.runner)} is version ${earlier} and version ${version}`;
      versions.set(attempt.runner, version);
      if (run !== null && !runners.has(attempt.runner))
        yield `version ${version} is of ${hex(attempt.runner)}, whom nobody created`;
    }
    const ends = new Map<bigint, RunnerEnd | null>();
    for (const { event } of eventsOf(result.trace, 'runner')) {
      if (event.state !== 'finished') continue;
      if (ends.has(event.runner)) yield `runner ${hex(event.runner)} ends twice`;
      ends.set(event.runner, event.end);
    }
    for (const [runner, end] of ends) {
      const version = versions.get(runner);
      const committed = version !== undefined && rerunOf(version) !== null;
      const silent = reruns.some((one) => one.event.attempt.runner === runner && isWithoutEffect(one));
      if (end === 'committed' && !committed && !silent)
        yield `${hex(runner)} committed and is not in the log`;
      if (end !== 'committed' && committed) yield `${hex(runner)} ended ${end} and is in the log`;
    }
    if (!complete) return;
    for (const [runner, end] of ends) {
      const last = lastOf(reruns, runner)?.end.type;
      const machines = result.summary.faults.some(
        (one) => one.runner === runner && isMachines(one.fault, last),
      );
      const why = whyOf(result.trace, runner);
      if (end !== null && why !== undefined && why !== WAYS[end])
        yield `runner ${hex(runner)} ended ${end}, its attempt by ${why}`;
      if (end !== null && last !== WAYS[end] && !machines)
        yield `runner ${hex(runner)} ended ${end}, its last attempt by ${last}`;
    }
    for (const [id, { control }] of runners)
      if (!control.watcher && !ends.has(id)) yield `runner ${hex(id)} was created and never ended`;
  },
};

/** How its last attempt ended as the master tells, if not by a commit request. */
function whyOf(trace: SimResult['trace'], runner: bigint): 'abort' | 'fault' | undefined {
  const told = eventsOf(trace, 'ended').flatMap(({ event: { attempt, why } }) =>
    attempt.runner === runner && (why === 'abort' || why === 'fault') ? [why] : [],
  );
  return told.at(-1);
}

/** Faults that no attempt makes: its compartments died, or the machine has no room for its children. */
function isMachines({ cause }: Fault, last: AttemptEnd['type'] | undefined): boolean {
  return cause === 'compartment-lost' || (cause === 'too-many-children' && last === 'commit');
}

function lastOf(reruns: readonly Rerun[], runner: bigint): AttemptEvent | undefined {
  return reruns
    .map(({ event }) => event)
    .filter(({ attempt }) => attempt.runner === runner)
    .sort((a, b) => b.attempt.number - a.attempt.number)[0];
}

/** By which end of an attempt a runner comes to its own. */
const WAYS: Readonly<Record<RunnerEnd, AttemptEnd['type']>> = {
  committed: 'commit',
  aborted: 'abort',
  faulted: 'fault',
  conflict: 'commit',
};

export const denseVersions: Checker = {
  id: 'I8',
  sentence: 'versions are 1, 2, 3, …, each assigned once',
  *check({ result }) {
    for (const [i, { version }] of result.log.entries())
      if (version !== i + 1) yield `version ${version} stands at place ${i + 1} of the log`;
    if (result.summary.version !== result.log.length)
      yield `the summary speaks of version ${result.summary.version} of ${result.log.length}`;
  },
};

export const gating: Checker = {
  id: 'I19',
  sentence: 'a child that started has a parent whose attempt committed before',
  *check({ result, runners }) {
    for (const { event, decided } of eventsOf(result.trace, 'start')) {
      const expected = runners.get(event.attempt.runner);
      if (expected === undefined) yield `${attemptKey(event.attempt)} starts, whom no commit created`;
      else if (expected.born > decided)
        yield `${attemptKey(event.attempt)} starts when ${decided} are decided; its parent is ${expected.born}`;
    }
  },
};

export const lifeCycle: Checker = {
  id: 'I20',
  sentence: 'runners go only along the edges of their life cycle, and an RComp runs one at a time',
  *check({ result, complete }) {
    const states = new Map<bigint, RunnerState>();
    for (const { event } of eventsOf(result.trace, 'runner')) {
      const before = states.get(event.runner);
      if (before !== undefined && !EDGES[before].includes(event.state))
        yield `runner ${hex(event.runner)} goes from ${before} to ${event.state}`;
      states.set(event.runner, event.state);
    }
    if (result.deaths > 0 || !complete) return;
    const ended = new Map<string, number>();
    for (const [step, { message }] of result.deliveries.entries())
      if (message.type === 'ended')
        ended.set(attemptKey(message.attempt), ended.get(attemptKey(message.attempt)) ?? step);
    const running = new Map<unknown, string>();
    for (const { to, message, step } of result.sent) {
      if (message.type !== 'start') continue;
      const before = running.get(to.id);
      if (before !== undefined && (ended.get(before) ?? step) >= step)
        yield `RComp ${to.id} is sent ${attemptKey(message.attempt)} under ${before}`;
      running.set(to.id, attemptKey(message.attempt));
    }
  },
};

/** Rule 15. A cancelled or failed program ends runners wherever they are. */
const EDGES: Readonly<Record<RunnerState, readonly RunnerState[]>> = {
  created: ['schedulable', 'watching'],
  watching: ['schedulable', 'finished'],
  schedulable: ['running', 'finished', 'schedulable'],
  running: ['schedulable', 'finished'],
  finished: [],
};

export const oneAcceptable: Checker = {
  id: 'I21',
  sentence: 'attempts of a runner are numbered upwards, and at most one of them is ever accepted',
  *check({ result }) {
    const numbers = new Map<bigint, number>();
    for (const { event } of eventsOf(result.trace, 'start')) {
      const { runner, number } = event.attempt;
      const before = numbers.get(runner) ?? 0;
      if (number <= before) yield `attempt ${number} of ${hex(runner)} starts after attempt ${before}`;
      numbers.set(runner, number);
    }
    const decided = new Map<string, number>();
    for (const { attempt, version } of result.log) {
      const key = attemptKey(attempt);
      if (decided.has(key)) yield `${key} is version ${decided.get(key)} and version ${version}`;
      decided.set(key, version);
    }
  },
};

export const keptVersions: Checker = {
  id: 'I11',
  sentence: 'no version that a live snapshot may read is collected, unless a memory cap asks for it',
  *check({ result }) {
    if (result.config.versionBytes < UNCAPPED) return;
    for (const { event } of eventsOf(result.trace, 'ended'))
      if (event.why === 'snapshot-too-old') yield `${attemptKey(event.attempt)} finds its snapshot collected`;
  },
};

/** More than any drawn program supersedes. */
const UNCAPPED = 2 ** 24;
