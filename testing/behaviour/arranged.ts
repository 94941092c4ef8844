/** Drawn programs on small clusters without time, where the order of messages is all that chance decides. */

import {
  type Create,
  DEFAULT_OPTIONS,
  type RunObserver,
  SimulationError,
  simulate,
} from '../../sim/cluster.ts';
import type { Network } from '../../sim/network.ts';
import { FAIR, OrderedNetwork, type Weather } from '../../sim/ordered-network.ts';
import { compile } from '../../sim/programs/compile.ts';
import { seeded } from '../../sim/random.ts';
import type { SimResult } from '../../sim/result.ts';
import { configOf, drawScenario, type Scenario } from '../../sim/scenario.ts';
import { boundaryOf, drawGenerated, type Generated } from '../../sim/workloads/generated.ts';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import { ConformanceError } from '../conformance.ts';
import { tailOf } from './tail.ts';

const STEP_LIMIT = 60_000;

/** A drawn program and machine. `deterministic`: with rounds, so that no order changes what the program does (rule 29). */
export function arranged(seed: number, deterministic: boolean): Scenario & { readonly workload: Generated } {
  const workload = drawGenerated(seed);
  const scenario = drawScenario(seed, { workload, nodes: 1, rcomps: 3, homes: 2 });
  return { ...scenario, workload, machine: { ...scenario.machine, deterministic } };
}

/** Orders drawn from the scenario's seed. */
export function ordered(scenario: Scenario, weather: Partial<Weather> = {}): Network {
  return new OrderedNetwork({ ...FAIR, ...weather }, scenario.machine.rcomps, seeded(scenario.seed));
}

export function runArranged(
  scenario: Scenario & { readonly workload: Generated },
  network: Network,
  create: Create,
  observers: readonly RunObserver[] = [],
): SimResult {
  const { program } = compile(scenario.workload.plan, scenario.machine.lazyReads);
  const options = {
    ...DEFAULT_OPTIONS,
    ios: STANDARD_IO,
    config: configOf(scenario, boundaryOf(scenario.workload)),
    network,
    choose: () => 0,
    stepLimit: STEP_LIMIT,
    create,
    observers,
  };
  try {
    return simulate(program, options);
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    throw new ConformanceError(
      `expected that program ${scenario.seed} comes to its end, but ${error.message}${tailOf(error)}`,
    );
  }
}
