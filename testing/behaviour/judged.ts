/** Drawn clusters with somebody's actors in place of ours, under all checkers. */

import { Inspection } from '../../sim/checkers/inspection.ts';
import { type Create, SimulationError } from '../../sim/cluster.ts';
import { failureOf } from '../../sim/failure.ts';
import { PLAIN_RUN, runScenario } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { ConformanceError } from '../conformance.ts';
import { tailOf } from './tail.ts';

/** Throws what is wrong, and where. */
export function mustSurvive(scenario: Scenario, create: Create): void {
  const ran = runScenario(scenario, {
    ...PLAIN_RUN,
    create,
    observers: [new Inspection({ onViolation: 'throw' })],
  });
  const failure = failureOf(ran);
  if (failure === null) return;
  const { id, sentence, text, step } = failure;
  const last = ran.thrown instanceof SimulationError ? tailOf(ran.thrown) : '';
  throw new ConformanceError(
    `expected in the cluster of seed ${scenario.seed} that ${sentence} (${id}), and after ${step} deliveries: ${text}${last}`,
  );
}
