/** Many cases judged once for all invariants; what fails is drawn again, shrunk and printed so that it can be replayed. */

import fc from 'fast-check';
import { anyCase, type Case, textOfCase } from './cases.ts';
import { type Features, judge, type Verdict } from './verdict.ts';

export interface Batch {
  readonly seed: number;
  readonly cases: number;
  /** Cases with each feature. */
  readonly counts: Readonly<Record<Exclude<keyof Features, 'steps'>, number>>;
  /** The first case that violated each invariant, by its place in the batch. */
  readonly failures: ReadonlyMap<string, number>;
}

/** Judges `cases` cases of a seed, or the one that `path` names. */
export function runBatch(seed: number, cases: number, path: string | null = null): Batch {
  const counts = { conflict: 0, fired: 0, nested: 0, fault: 0 };
  const failures = new Map<string, number>();
  let index = 0;
  fc.check(
    fc.property(anyCase, (drawn) => {
      const { violations, features } = judge(drawn);
      for (const feature of FEATURES) if (features[feature]) counts[feature] += 1;
      for (const id of violations.keys()) if (!failures.has(id)) failures.set(id, index);
      index += 1;
      // A path goes on to its neighbours unless its case fails.
      return path === null;
    }),
    { seed, numRuns: cases, ...(path === null ? {} : { path, endOnFailure: true }) },
  );
  return { seed, cases: index, counts, failures };
}

const FEATURES = ['conflict', 'fired', 'nested', 'fault'] as const;

const SHRINKING_MS = 20_000;

/** The smallest case found that violates the invariant, and how to see it again. */
export function explain({ seed }: Batch, invariant: string, index: number): string {
  const details = fc.check(
    fc.property(anyCase, (drawn) => !judge(drawn).violations.has(invariant)),
    {
      seed,
      path: String(index),
      numRuns: 1,
      interruptAfterTimeLimit: SHRINKING_MS,
      markInterruptAsFailure: true,
    },
  );
  const drawn = details.counterexample?.[0];
  if (drawn === undefined) return `case ${index} of seed ${seed} violated ${invariant} and does so no more`;
  const path = details.counterexamplePath ?? String(index);
  return report(drawn, judge(drawn), `DVM_REPLAY=${seed}/${path} npx vitest run spec/properties/invariants`);
}

function report(drawn: Case, { violations, transcript }: Verdict, replay: string): string {
  return [
    ...[...violations].map(([id, violation]) => `${id}: ${violation}`),
    `replay with: ${replay}`,
    textOfCase(drawn),
    transcript,
  ].join('\n\n');
}
