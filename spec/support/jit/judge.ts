/** Whether a machine does in a world what the reference does there. */

import {
  type AttemptMemory,
  attempt,
  attemptSuspended,
  type Machine,
  type SuspendedMachine,
} from './attempt.ts';
import type { Coverage } from './coverage.ts';
import { type Difference, differenceOf } from './difference.ts';
import { referenceMachine } from './reference.ts';
import type { World } from './world.ts';

/** The first thing that the two disagree about; a throw of the machine under test is one, too. */
export function judge<M extends AttemptMemory>(
  machine: Machine<M>,
  world: World,
  coverage: Coverage | null = null,
): Difference | null {
  const other = outcomeOf(() => {
    if (world.again) attempt(machine, world);
    return attempt(machine, world);
  });
  if ('kind' in other) {
    machine.abandon();
    return other;
  }
  const reference = attempt(referenceMachine(coverage), world, other.halts);
  coverage?.end(reference);
  return differenceOf(reference, other);
}

/** The same of a machine that is suspended while pages are fetched. */
export async function judgeSuspended<M extends AttemptMemory>(
  machine: SuspendedMachine<M>,
  world: World,
): Promise<Difference | null> {
  const other = await attemptSuspended(machine, world);
  return differenceOf(attempt(referenceMachine(null), world, other.halts), other);
}

function outcomeOf<T>(run: () => T): T | Difference {
  try {
    return run();
  } catch (thrown) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : JSON.stringify(thrown);
    return { kind: 'crash', text: `crash: ${text}` };
  }
}
