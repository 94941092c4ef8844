/** The suite: one batch of drawn cases, and each invariant as a test of its own over it. */

import { beforeAll, describe, expect, it } from 'vitest';
import { CHECKERS } from '../../sim/checkers/all.ts';
import { type Batch, explain, runBatch } from './batch.ts';
import { COMES_TO_ITS_END } from './verdict.ts';

/** Cases that are run where nobody says otherwise. */
const DEFAULT_CASES = 3_000;

/** Declares the tests for one seed. `DVM_RUNS` cases in all; `DVM_REPLAY=seed/path` runs one alone. */
export function describeInvariants(title: string, seed: number): void {
  const replay = process.env.DVM_REPLAY?.split('/');
  const cases = Number(process.env.DVM_RUNS ?? DEFAULT_CASES);

  describe(`${title}, seed ${seed}`, () => {
    let batch: Batch;
    beforeAll(() => {
      batch = replay ? runBatch(Number(replay[0]), 1, replay[1]) : runBatch(seed, cases);
    }, 3_600_000);

    const invariant = (id: string, sentence: string) =>
      it(`${id}: ${sentence}`, () => {
        const index = batch.failures.get(id);
        if (index !== undefined)
          expect.fail(replay ? `DVM_REPLAY=${replay.join('/')} violates it` : explain(batch, id, index));
      });
    for (const { id, sentence } of CHECKERS) invariant(id, sentence);
    invariant(COMES_TO_ITS_END, 'every drawn program comes to its end and breaks no invariant of ours');

    it.skipIf(replay)(
      'of the drawn cases ≥ 20 % conflict, ≥ 20 % fire a watcher and ≥ 10 % nest newr',
      () => {
        const { counts, cases: all } = batch;
        expect(counts.conflict).toBeGreaterThanOrEqual(all * 0.2);
        expect(counts.fired).toBeGreaterThanOrEqual(all * 0.2);
        expect(counts.nested).toBeGreaterThanOrEqual(all * 0.1);
      },
    );
  });
}
