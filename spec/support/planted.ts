/** Small runs with a planted bug, and what checkers find in them. */

import type { Checker } from '../../sim/checkers/checker.ts';
import { Inspection } from '../../sim/checkers/inspection.ts';
import { type Create, SimulationError } from '../../sim/cluster.ts';
import type { Mutation } from '../../sim/mutations/mutation.ts';
import { createActor } from '../../src/actors/actor.ts';
import { runSource, type ScenarioOptions } from './scenario.ts';

/** What the checker says of a run of the source under this bug; null if it finds nothing. */
export function foundBy(
  checker: Checker,
  source: string,
  wrap: Mutation['wrap'] | null,
  options: ScenarioOptions = {},
): string | null {
  const inspection = new Inspection({ checkers: [checker], onViolation: 'collect' });
  const create: Create = wrap === null ? createActor : wrap(createActor);
  try {
    runSource(source, { ...options, create, observers: [inspection] });
  } catch (error) {
    // Some bugs break more than what is asked for.
    if (!(error instanceof SimulationError)) throw error;
  }
  return inspection.violations.get(checker.id)?.text ?? null;
}
