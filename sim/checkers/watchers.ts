/** I22–I26 and rule 19: which watchers fire, and on which commit first, is a function of the log alone. */

import type { RunnerEnd } from '../../src/actors/protocol.ts';
import type { Checker, Evidence, Expected, Rerun } from '../evidence.ts';
import { within } from '../model/extent.ts';
import { eventsOf } from '../result.ts';
import { hex } from './reads.ts';

export const firedRightly: Checker = {
  id: 'I22',
  sentence: "a watcher fires only on another runner's commit after its since that writes a watched byte",
  *check(evidence) {
    for (const { event } of eventsOf(evidence.result.trace, 'fired')) {
      const watcher = evidence.runners.get(event.watcher);
      if (watcher === undefined) {
        yield `${hex(event.watcher)} fires, whom no commit created`;
        continue;
      }
      const wait = waitsOf(evidence, watcher)[event.activation - 1];
      if (wait === undefined) yield `${hex(event.watcher)} fires as ${event.activation} and does not watch`;
      else if (!touches(evidence, watcher, wait, event.version))
        yield `${hex(event.watcher)} (since ${wait.since}) fires on version ${event.version}, which does not touch it`;
    }
  },
};

export const noLostWakeUp: Checker = {
  id: 'I23',
  sentence: 'if such a commit exists, the watcher starts; if none does, it is reported as still watching',
  *check(evidence) {
    const { result, runners, complete } = evidence;
    if (!complete) return;
    const started = new Set(eventsOf(result.trace, 'start').map(({ event }) => event.attempt.runner));
    const reported = new Set(result.summary.watchers.map(({ id }) => id));
    for (const [id, watcher] of runners) {
      if (!isWatcher(watcher)) continue;
      const waits = waitsOf(evidence, watcher);
      for (const { version, runner } of waits)
        if (version !== null && !started.has(runner))
          yield `watcher ${hex(id)} is touched by version ${version} and ${hex(runner)} never starts`;
      const waiting = waits.at(-1)?.version === null;
      if (waiting !== reported.has(id))
        yield `watcher ${hex(id)} is ${waiting ? '' : 'not '}watching at the end`;
    }
  },
};

export const firesOnce: Checker = {
  id: 'I24',
  sentence: 'a watcher becomes a runner once, a persistent one once for each wait',
  *check({ result }) {
    const fired = new Set<string>();
    for (const { event } of eventsOf(result.trace, 'fired')) {
      const key = `${hex(event.watcher)} activation ${event.activation}`;
      if (fired.has(key)) yield `${key} fires twice`;
      fired.add(key);
    }
  },
};

export const startsAfterItsCommit: Checker = {
  id: 'I25',
  sentence: 'a watcher that fired starts at or above the commit that fired it',
  *check(evidence) {
    const { result, runners } = evidence;
    const fired = new Map<bigint, number>();
    for (const { event } of eventsOf(result.trace, 'fired')) {
      const watcher = runners.get(event.watcher);
      if (watcher !== undefined) fired.set(runnerOf(evidence, watcher, event.activation), event.version);
    }
    for (const { event } of eventsOf(result.trace, 'start')) {
      const { runner } = event.attempt;
      const expected = runners.get(runner);
      const version = fired.get(runner);
      if (expected?.control.watcher && version === undefined) yield `watcher ${hex(runner)} starts unfired`;
      if (version !== undefined && event.sv < version)
        yield `watcher ${hex(runner)}, fired by version ${version}, starts at ${event.sv}`;
    }
  },
};

export const functionOfTheLog: Checker = {
  id: 'I26',
  sentence: 'which watchers fire, and on which commit first, is a function of the log alone',
  *check(evidence) {
    const { result, runners, complete } = evidence;
    const actual = new Map(
      eventsOf(result.trace, 'fired').map(({ event }) => [
        `${event.watcher}.${event.activation}`,
        event.version,
      ]),
    );
    for (const [id, watcher] of runners) {
      if (!isWatcher(watcher)) continue;
      for (const [i, { since, version }] of waitsOf(evidence, watcher).entries()) {
        const fired = actual.get(`${id}.${i + 1}`) ?? null;
        if (fired !== version && (complete || fired !== null))
          yield `watcher ${hex(id)} (since ${since}) fires on ${fired}, by the log on ${version}`;
      }
    }
  },
};

interface Wait {
  readonly since: number;
  /** Whose commits do not count: its creator's, or those of its latest activation. */
  readonly except: bigint;
  /** The first commit that touches it; null if there is none. */
  readonly version: number | null;
  /** Who starts then. */
  readonly runner: bigint;
}

/** Every wait of a watcher, as the log alone tells. */
function waitsOf(evidence: Evidence, watcher: Expected): Wait[] {
  const { control } = watcher;
  const waits: Wait[] = [];
  let { since } = watcher;
  let except = control.parent;
  for (;;) {
    const runner = runnerOf(evidence, watcher, waits.length + 1);
    const version = firstTouch(evidence, watcher, since, except);
    waits.push({ since, except, version, runner });
    if (version === null || !control.persistent) return waits;
    const last = lastAttempt(evidence, runner);
    if (last === undefined || endsWatching(last)) return waits;
    since = last.event.end.sv;
    except = runner;
  }
}

function firstTouch(evidence: Evidence, watcher: Expected, since: number, except: bigint): number | null {
  const touching = evidence.result.log.find(({ version }) =>
    touches(evidence, watcher, { since, except }, version),
  );
  return touching?.version ?? null;
}

function touches(
  { result, memory }: Evidence,
  { control }: Expected,
  { since, except }: Pick<Wait, 'since' | 'except'>,
  version: number,
): boolean {
  if (version <= since || result.log[version - 1]?.attempt.runner === except) return false;
  return [...memory.written(version).keys()].some((address) => within(control.watched, address));
}

/** The runner that an activation is: the watcher itself, or one of its own for each of a persistent one. */
function runnerOf({ world }: Evidence, { control }: Expected, activation: number): bigint {
  return control.persistent ? world.childId(control.id, activation - 1) : control.id;
}

/** The attempt by which the runner has finished; undefined if it has not. */
function lastAttempt({ reruns, result }: Evidence, runner: bigint): (Rerun & { end: RunnerEnd }) | undefined {
  const finished = eventsOf(result.trace, 'runner').find(
    ({ event }) => event.runner === runner && event.state === 'finished',
  );
  const [last] = reruns
    .filter(({ event }) => event.attempt.runner === runner)
    .sort((a, b) => b.event.attempt.number - a.event.attempt.number);
  if (last === undefined || !finished?.event.end) return undefined;
  return { ...last, end: finished.event.end };
}

/** A conflict leaves nothing of the attempt, its wish to detach included. */
function endsWatching({ end, model }: Rerun & { end: RunnerEnd }): boolean {
  return end === 'faulted' || (end !== 'conflict' && model.detach);
}

/** Not so the activations of a persistent watcher, though they carry its control block. */
function isWatcher({ control, activationOf }: Expected): boolean {
  return control.watcher && activationOf === null;
}
