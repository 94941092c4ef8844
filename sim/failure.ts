/** What is wrong with a run. */

import { SimulationError, Standstill } from './cluster.ts';
import type { Ran } from './run.ts';
import { Violated } from './violated.ts';
import { outOfFuel } from './workloads/given.ts';

export interface Failure {
  /** `I4` and the like; `I31` for a run that does not end; `assertion`, `outcome`. */
  readonly id: string;
  /** What must hold. */
  readonly sentence: string;
  /** What was seen instead. */
  readonly text: string;
  /** Deliveries until it was seen. */
  readonly step: number;
}

/** What can be wrong with a run besides the checkers' invariants. */
export const OTHER_FAILURES = {
  I31: 'every program comes to its end',
  assertion: 'what the behaviours assert of themselves holds, and none of them throws',
  outcome: 'the program comes to the result that it must come to',
} as const;

/** Of a run that was inspected; null if nothing is wrong. Throws what is no matter of the run: a bug of the simulator. */
export function failureOf({ scenario, thrown, result, task }: Ran): Failure | null {
  if (thrown instanceof Violated) {
    const { id, sentence, text, step } = thrown;
    return { id, sentence, text, step };
  }
  if (thrown instanceof SimulationError) return failureFrom(thrown);
  if (thrown !== null) throw thrown;
  if (result === null) return null;
  const { workload } = scenario;
  const endless = workload.kind === 'given' ? outOfFuel(workload, result) : null;
  if (endless !== null) return failure('I31', endless, result.deliveries.length);
  const wrong = task.wrong(result);
  return wrong === null ? null : failure('outcome', wrong, result.deliveries.length);
}

/** Whether this failure is a matter of liveness. */
export function isLiveness({ id }: Failure): boolean {
  return id === 'I31';
}

function failureFrom({ message, cause, step }: SimulationError): Failure {
  return failure(cause instanceof Standstill ? 'I31' : 'assertion', message, step);
}

function failure(id: keyof typeof OTHER_FAILURES, text: string, step: number): Failure {
  return { id, sentence: OTHER_FAILURES[id], text, step };
}
