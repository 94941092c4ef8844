/** One drawn history of the simulated machine, judged from the outside alone. */

import { type Create, DEFAULT_OPTIONS, SimulationError, simulate } from '../../../sim/cluster.ts';
import { judgeHistory } from '../../../sim/history/anomalies.ts';
import { textOfAnomaly } from '../../../sim/history/anomaly.ts';
import {
  brokenPromises,
  drawHistoryPlan,
  drawMachine,
  historyOf,
  sourceOf,
} from '../../../sim/history/workload.ts';
import { FAIR, OrderedNetwork } from '../../../sim/ordered-network.ts';
import { seeded } from '../../../sim/random.ts';
import { outputOf } from '../../../sim/result.ts';
import { createActor } from '../../../src/actors/actor.ts';
import { STANDARD_IO } from '../../../src/actors/boot.ts';
import { programOf } from '../scenario.ts';

export interface Trial {
  /** Violations and broken promises, in words. */
  readonly wrong: readonly string[];
  /** Names of the anomalies that snapshots allow. */
  readonly allowed: readonly string[];
  readonly committed: number;
}

/** What a seed shows; `create` may have a planted bug. */
export function trial(seed: number, create: Create = createActor): Trial {
  const choose = seeded(seed);
  const plan = drawHistoryPlan(choose);
  const program = programOf(sourceOf(plan));
  const config = drawMachine(plan, choose);
  const weather = { ...FAIR, duplicates: choose(2) === 1, slowLinks: true, deaths: choose(8) };
  const options = {
    ...DEFAULT_OPTIONS,
    config,
    ios: STANDARD_IO,
    network: new OrderedNetwork(weather, config.rcomps, choose),
    choose,
    stepLimit: 30_000,
    create,
  };
  const result = ended(() => simulate(program, options));
  if (typeof result === 'string') return { wrong: [result], allowed: [], committed: 0 };
  const stdout = outputOf(result, 'stdout');
  const history = historyOf(plan, stdout, result.byteAt);
  const { violations, allowed } = judgeHistory(history, { serializable: plan.serializable });
  return {
    wrong: [...violations.map(textOfAnomaly), ...brokenPromises(plan, stdout, result.byteAt)],
    allowed: allowed.map(({ name }) => name),
    committed: (history.commitOrder?.length ?? 1) - 1,
  };
}

/** That the machine stopped, or went on and on, is what its user sees as well. */
function ended<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError) return `the program never ended: ${error.message}`;
    throw error;
  }
}
