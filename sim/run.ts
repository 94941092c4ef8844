/** Runs one scenario: its cluster, its workload, its weather. */

import { createActor } from '../src/actors/actor.ts';
import type { IoKind } from '../src/actors/init.ts';
import type { Program } from '../src/isa/program.ts';
import { type Adopt, asItIs, type Create, DEFAULT_OPTIONS, type RunObserver, simulate } from './cluster.ts';
import { type Decision, GivenDecisions, type TracedDecisions } from './decisions.ts';
import type { FaultCounts } from './faults.ts';
import { canBefall } from './mishap.ts';
import type { SimResult } from './result.ts';
import { configOf, type Scenario } from './scenario.ts';
import { Codec } from './timed/codec.ts';
import { DrawnDecisions, mortal } from './timed/drawn-decisions.ts';
import { TimedNetwork } from './timed/timed-network.ts';
import { withoutOutside } from './unsimulated.ts';
import { type Task, taskOf } from './workloads/workload.ts';

export interface RunOptions {
  /** What is decided; null: drawn from the scenario's seed. */
  readonly decisions: readonly Decision[] | null;
  readonly create: Create;
  readonly adopt: Adopt;
  readonly observers: readonly RunObserver[];
  /** The program of a `given` workload. */
  readonly given: Program | null;
}

export const PLAIN_RUN: RunOptions = {
  decisions: null,
  create: createActor,
  adopt: asItIs,
  observers: [],
  given: null,
};

/** Deliveries after which a run counts as one that never ends. */
const STEP_LIMIT = 100_000;

export interface Ran {
  readonly scenario: Scenario;
  readonly task: Task;
  /** Null if it was thrown. */
  readonly result: SimResult | null;
  /** What ended it: a violated invariant, or a `SimulationError`; null if it came to its end. */
  readonly thrown: unknown;
  readonly decisions: readonly Decision[];
  /** Decisions that were given and about which nothing came up. */
  readonly unused: readonly Decision[];
  readonly counts: FaultCounts;
  readonly fingerprint: string;
  /** Microseconds. */
  readonly virtualTime: number;
}

/** Nothing is thrown that concerns the run. */
export function runScenario(scenario: Scenario, options: RunOptions): Ran {
  const task = taskOf(scenario.workload, scenario.machine.lazyReads, options.given);
  const config = configOf(scenario, task.program.regionBoundary);
  const decisions = decisionsOf(scenario, task.ios, options.decisions);
  const network = new TimedNetwork(
    scenario.nodes,
    scenario.pace,
    decisions,
    new Codec(scenario.encodedEvery),
  );
  let result: SimResult | null = null;
  let thrown: unknown = null;
  try {
    result = withoutOutside(() =>
      simulate(task.program, {
        ...DEFAULT_OPTIONS,
        config,
        ios: task.ios,
        outside: { inputs: task.inputs },
        network,
        choose: (n) => decisions.shorter(n),
        stepLimit: STEP_LIMIT,
        create: options.create,
        adopt: options.adopt,
        observers: options.observers,
      }),
    );
  } catch (error) {
    thrown = error;
  }
  return {
    scenario,
    task,
    result,
    thrown,
    decisions: decisions.all,
    unused: decisions.unused,
    counts: network.counts,
    fingerprint: network.fingerprint.text,
    virtualTime: network.now,
  };
}

function decisionsOf(
  scenario: Scenario,
  ios: readonly IoKind[],
  given: readonly Decision[] | null,
): TracedDecisions {
  if (given === null) return new DrawnDecisions(scenario, failing(ios));
  const { nodes, machine } = scenario;
  const befallen = {
    nodes,
    rcomps: machine.rcomps,
    ios: ios.length,
    mortal: mortal(nodes, machine),
    hasDisk: machine.keepsAll,
  };
  return new GivenDecisions(given, (mishap) => canBefall(mishap, befallen));
}

/** I/O actors whose outside may fail: channels and files that are written. */
function failing(ios: readonly IoKind[]): number[] {
  return ios.flatMap(({ type }, io) => (type === 'channel' || type === 'out-file' ? [io] : []));
}
