/** Runs trials on a machine and on the reference, and says where they differ. */

import { type AttemptMemory, attempt, type Machine } from './attempt.ts';
import type { Coverage } from './coverage.ts';
import { type Difference, differenceOf } from './difference.ts';
import { referenceMachine } from './reference.ts';
import { type Trial, worldOf } from './trial.ts';

/** The first thing that the two disagree about; a throw of the machine under test is one, too. */
export function judgeTrial<M extends AttemptMemory>(
  machine: Machine<M>,
  trial: Trial,
  coverage: Coverage | null = null,
): Difference | null {
  const world = worldOf(trial);
  const other = outcomeOf(() => attempt(machine, trial, world));
  if ('kind' in other) return other;
  const reference = attempt(referenceMachine(coverage), trial, world, other.halts);
  coverage?.end(reference);
  return differenceOf(reference, other);
}

function outcomeOf<T>(run: () => T): T | Difference {
  try {
    return run();
  } catch (thrown) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : JSON.stringify(thrown);
    return { kind: 'crash', text: `crash: ${text}` };
  }
}
