/**
 * That the general properties bite: each planted bug is found by them as they are, on drawn programs and orders like
 * any others. What shows on several nodes only, the simulator finds (`spec/sim/killers.spec.ts`).
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCAL_MUTATIONS } from '../sim/mutations/all.ts';
import { createActor } from '../src/actors/actor.ts';
import { anyCase } from './support/cases.ts';
import { judge } from './support/verdict.ts';

const SEED = 0xb06;
/** Cases after which a bug counts as not found. */
const CASES = 2_500;

describe('the properties find', () => {
  for (const [name, { sentence, wrap }] of Object.entries(LOCAL_MUTATIONS))
    it(`${name}: ${sentence}`, () => {
      const found = fc.check(
        fc.property(anyCase, (drawn) => judge(drawn, wrap(createActor)).violations.size === 0),
        { seed: SEED, numRuns: CASES, endOnFailure: true },
      );
      expect(found.failed).toBe(true);
    });
});
