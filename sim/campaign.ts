/** Many seeds, each a scenario that is drawn, run and judged; what a failure is made smaller by; and what was seen in all. */

import { createActor } from '../src/actors/actor.ts';
import type { Program } from '../src/isa/program.ts';
import { listenForPoints, type Point } from '../src/sometimes.ts';
import { Census } from './census.ts';
import { Inspection } from './checkers/inspection.ts';
import type { Create, RunObserver } from './cluster.ts';
import type { Decision } from './decisions.ts';
import { type Failure, failureOf } from './failure.ts';
import type { FaultKind } from './faults.ts';
import { changedBytes } from './final-memory.ts';
import { headingOf } from './heading.ts';
import { type Case, minimise } from './minimise/minimise.ts';
import { MUTATIONS } from './mutations/all.ts';
import { Recorder } from './recorder.ts';
import type { RecordedRun } from './report/recorded-run.ts';
import { type Ran, type RunOptions, runScenario } from './run.ts';
import { drawScenario, type Scenario, type Wishes } from './scenario.ts';

export interface Settings {
  readonly wishes: Wishes;
  /** Planted bugs, by their names. */
  readonly mutations: readonly string[];
  /** The program of a `given` workload. */
  readonly given: Program | null;
  /** Whether runs tell what they have made of memory. */
  readonly memories: boolean;
}

/** What one run has shown; plain data, so that it can cross from thread to thread. */
export interface Shown {
  readonly failure: Failure | null;
  readonly fingerprint: string;
  readonly deliveries: number;
  readonly commits: number;
  /** Attempts that have ended, and those of them that lost. */
  readonly attempts: number;
  readonly conflicts: number;
  /** Microseconds. */
  readonly virtualTime: number;
  readonly faults: readonly (readonly [FaultKind, number])[];
  readonly points: readonly Point[];
  /** What a run that came to its own end has made of memory, if that is asked for: address and byte, ascending. */
  readonly memory: readonly (readonly [number, number])[] | null;
}

export interface Judged {
  readonly case: Case;
  readonly shown: Shown;
  readonly ran: Ran;
}

/** `decisions` null: drawn from the scenario's seed. `others`: who else follows the run. */
export function judge(
  scenario: Scenario,
  decisions: readonly Decision[] | null,
  { mutations, given, memories }: Settings,
  others: readonly RunObserver[] = [],
): Judged {
  const points = new Set<Point>();
  const census = new Census();
  listenForPoints((point) => points.add(point));
  // The inspection comes last: what it throws, the others have seen.
  const observers = [...others, census, new Inspection({ onViolation: 'throw' })];
  let ran: Ran;
  try {
    ran = runScenario(scenario, { decisions, ...mutated(mutations), observers, given });
  } finally {
    listenForPoints(null);
  }
  const shown: Shown = {
    failure: failureOf(ran),
    fingerprint: ran.fingerprint,
    deliveries: census.deliveries,
    commits: census.commits,
    attempts: census.attempts,
    conflicts: census.conflicts,
    virtualTime: ran.virtualTime,
    faults: ran.counts.entries(),
    points: [...points],
    memory: memories && ran.result?.summary.status === 'done' ? [...changedBytes(ran.result)] : null,
  };
  return { case: { scenario, decisions: ran.decisions }, shown, ran };
}

export function judgeSeed(seed: number, settings: Settings): Judged {
  return judge(drawScenario(seed, settings.wishes), null, settings);
}

/** The run once more, kept for a report. */
export function record(
  { scenario, decisions }: Case,
  settings: Settings,
  replay: string,
  withStates: boolean,
): { readonly judged: Judged; readonly run: RecordedRun } {
  const recorder = new Recorder(scenario.nodes, withStates);
  const judged = judge(scenario, decisions, settings, [recorder]);
  const { failure } = judged.shown;
  const run = recorder.recordedRun(headingOf(scenario, failure, replay), failure !== null);
  return { judged, run };
}

/** The same failure with less; as small as `goOn` leaves time for. */
export function smallest(found: Judged, settings: Settings, goOn: () => boolean): Judged {
  const { id } = found.shown.failure!;
  const least = minimise(found.case, {
    goOn,
    fails: (scenario, decisions) => {
      const tried = judge(scenario, decisions, settings);
      const { failure } = tried.shown;
      return failure?.id === id ? { decisions: withoutUnused(tried), messages: failure.step } : null;
    },
  });
  return judge(least.scenario, least.decisions, settings);
}

/** With all planted bugs at once. Throws for a name that is none. */
export function mutated(names: readonly string[]): Pick<RunOptions, 'create' | 'adopt'> {
  const around = (create: Create) => names.reduce((wrapped, name) => MUTATIONS[name]!.wrap(wrapped), create);
  return {
    create: around(createActor),
    adopt: (init, actor) => around(() => ({ actor, effects: [] }))(init).actor,
  };
}

function withoutUnused({ case: { decisions }, ran }: Judged): readonly Decision[] {
  const unused = new Set(ran.unused);
  return decisions.filter((decision) => !unused.has(decision));
}
