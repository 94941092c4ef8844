/**
 * What this project tests itself with, for whoever builds on it: simulated runs of a program, and the suites that make
 * an actor, a store, a log, a transport or a scheduling policy one of ours. No test framework is needed, and any will do.
 *
 * ```ts
 * const { readWord } = simulate(source, { seed: 7, faults: 'all', expect });
 * for (const { name, run } of pageStoreSuite((options) => new MyStore(options))) test(name, run);
 * ```
 */

import { MUTATIONS as PLANTED } from '../sim/mutations/all.ts';

export { CHECKERS } from '../sim/checkers/all.ts';
export type { Checker, Observer, Violations } from '../sim/checkers/checker.ts';
export { Inspection, type InspectionOptions } from '../sim/checkers/inspection.ts';
export { type Create, type RunObserver, SimulationError } from '../sim/cluster.ts';
export type { Failure } from '../sim/failure.ts';
export { FAULTS, type FaultKind } from '../sim/faults.ts';
export type { Commit, SimResult } from '../sim/result.ts';
export { PLAIN_RUN, type Ran, type RunOptions, runScenario } from '../sim/run.ts';
export { drawScenario, type Scenario, type Wishes } from '../sim/scenario.ts';
export { Violated } from '../sim/violated.ts';
export type { Expectation } from '../sim/workloads/given.ts';
export { type Actor, type Birth, createActor } from '../src/actors/actor.ts';
export type { Effect } from '../src/actors/behaviour.ts';
export {
  type CommitLog,
  type Epochs,
  type LogRecord,
  MemoryCommitLog,
} from '../src/actors/commit-log.ts';
export type { Init } from '../src/actors/init.ts';
export { LocalTransport } from '../src/actors/node/local-transport.ts';
export type { Endpoint, Receiver, Transport } from '../src/actors/node/transport.ts';
export type { RunnerRecord } from '../src/actors/runner-record.ts';
export type { SchedulingPolicy } from '../src/actors/scheduling-policy.ts';
export type { Soon } from '../src/actors/soon.ts';
export { PageStore, type PageStoreLike } from '../src/memory/page-store.ts';
export type { PageAt } from '../src/memory/page-versions.ts';
export type { PagePatch } from '../src/memory/patch.ts';
export { Queue } from '../src/memory/queue.ts';
export { schedulingBy, storingIn } from './behaviour/replaced.ts';
export { ConformanceError, type ConformanceTest, type SuiteOptions } from './conformance.ts';
export { type Simulated, type SimulateOptions, SimulationFailed, simulate } from './simulate.ts';
export { behaviourSuite } from './suites/behaviour.ts';
export { commitLogSuite, type LogUnderTest } from './suites/commit-log.ts';
export { type CreatePageStore, pageStoreSuite } from './suites/page-store.ts';
export { type SchedulingOptions, schedulingSuite } from './suites/scheduling.ts';
export { type TransportUnderTest, transportSuite } from './suites/transport.ts';

/** The planted bugs: what is wrong in each, by its name. `dvm sim --list-mutations` tells the same. */
export const MUTATIONS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PLANTED).map(([name, { sentence }]) => [name, sentence]),
);
