/** Many trials on one machine: how many, from which seed, and the report of the first that fails. */

import type { AttemptMemory, Machine } from './attempt.ts';
import { Coverage } from './coverage.ts';
import type { Difference } from './difference.ts';
import { judgeTrial } from './fuzz.ts';
import { minimise } from './minimise.ts';
import { drawTrial, type Trial, trialText } from './trial.ts';

export interface Found {
  readonly trial: Trial;
  readonly difference: Difference;
}

/** Seeds of a campaign: neighbours share nothing. */
export function seedAt(campaign: number, index: number): number {
  return (Math.imul(campaign, 0x9e37_79b1) + Math.imul(index, 0x85eb_ca77)) >>> 0;
}

/** The first failing one of `count` trials; null if all agree. */
export function search<M extends AttemptMemory>(
  machine: Machine<M>,
  campaign: number,
  count: number,
  coverage = new Coverage(),
): Found | null {
  for (let i = 0; i < count; i += 1) {
    const trial = drawTrial(seedAt(campaign, i));
    const difference = judgeTrial(machine, trial, coverage);
    if (difference !== null) return { trial, difference };
  }
  return null;
}

/** The same failure by fewer instructions. */
export function smaller<M extends AttemptMemory>(machine: Machine<M>, { trial, difference }: Found): Found {
  const again = (candidate: Trial) => judgeTrial(machine, candidate);
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
