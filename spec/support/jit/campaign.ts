/** Many trials on one machine: how many, from which seed, and the report of the first that fails. */

import type { AttemptMemory, Machine } from './attempt.ts';
import type { Coverage } from './coverage.ts';
import type { Difference, DifferenceKind } from './difference.ts';
import { judge } from './judge.ts';
import { minimise } from './minimise.ts';
import { drawTrial, type Trial, trialText, worldOf } from './trial.ts';

export interface Found {
  readonly trial: Trial;
  readonly difference: Difference;
}

/** Seeds of a campaign: neighbours share nothing. */
export function seedAt(campaign: number, index: number): number {
  return (Math.imul(campaign, 0x9e37_79b1) + Math.imul(index, 0x85eb_ca77)) >>> 0;
}

/** What the program of one seed shows; null if the machine does as the reference. */
export function found<M extends AttemptMemory>(
  machine: Machine<M>,
  seed: number,
  coverage: Coverage | null = null,
): Found | null {
  const trial = drawTrial(seed);
  const difference = judge(machine, worldOf(trial), coverage);
  return difference === null ? null : { trial, difference };
}

/** The first of `count` programs that fails, in one of these ways if any are said; null if there is none. */
export function search<M extends AttemptMemory>(
  machine: Machine<M>,
  campaign: number,
  count: number,
  coverage: Coverage | null = null,
  kinds: readonly DifferenceKind[] | null = null,
): Found | null {
  for (let i = 0; i < count; i += 1) {
    const failure = found(machine, seedAt(campaign, i), coverage);
    if (failure !== null && (kinds?.includes(failure.difference.kind) ?? true)) return failure;
  }
  return null;
}

/** The same failure by fewer instructions, if it does not take the programs before it. */
export function smaller<M extends AttemptMemory>(machine: Machine<M>, failure: Found): Found {
  const { trial, difference } = failure;
  const again = (candidate: Trial) => {
    machine.forget();
    return judge(machine, worldOf(candidate));
  };
  if (again(trial)?.kind !== difference.kind) {
    const text = `only after the programs before it: ${difference.text}`;
    return { trial, difference: { ...difference, text } };
  }
  const smallest = minimise(trial, (candidate) => again(candidate)?.kind === difference.kind);
  return { trial: smallest, difference: again(smallest) ?? difference };
}

/** What a failure prints. */
export function report({ trial, difference }: Found): string {
  return [
    difference.text,
    trialText(trial),
    `replay with: DVM_FUZZ_SEED=${trial.seed} npx vitest run spec/isa/jit/differential`,
  ].join('\n\n');
}
