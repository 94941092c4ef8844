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

/** What a seed shows; `create` may have a planted bug. Null if the simulation gave up: nothing is judged then. */
export function trial(seed: number, create: Create = createActor): Trial | null {
  const choose = seeded(seed);
  const plan = drawHistoryPlan(choose);
  const program = programOf(sourceOf(plan));
  const options = {
    ...DEFAULT_OPTIONS,
    config: drawMachine(plan, choose),
    ios: STANDARD_IO,
    choose,
    duplicates: choose(2) === 1,
    slowLinks: true,
    deaths: choose(8),
    stepLimit: 30_000,
    create,
  };
  const result = finished(() => simulate(program, options));
  if (result === null) return null;
  const stdout = outputOf(result, 'stdout');
  const history = historyOf(plan, stdout, result.byteAt);
  const { violations, allowed } = judgeHistory(history, { serializable: plan.serializable });
  return {
    wrong: [...violations.map(textOfAnomaly), ...brokenPromises(plan, stdout, result.byteAt)],
    allowed: allowed.map(({ name }) => name),
    committed: (history.commitOrder?.length ?? 1) - 1,
  };
}

function finished<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError) return null;
    throw error;
  }
}
