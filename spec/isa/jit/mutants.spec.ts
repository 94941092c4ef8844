/** That the fuzzer bites: each planted bug of the translator is found by drawn programs as they are. */

import { describe, expect, it } from 'vitest';
import { search } from '../../support/jit/campaign.ts';
import { MUTANTS } from '../../support/jit/mutants.ts';
import { TranslatedMachine } from '../../support/jit/translated.ts';

/** Programs after which a bug counts as not found. */
const PROGRAMS = 4_000;
const CAMPAIGN = 11;

describe('drawn programs find', () => {
  for (const [name, { sentence, rules, shows }] of Object.entries(MUTANTS))
    it(`${name}: ${sentence}`, () => {
      expect(search(new TranslatedMachine(rules), CAMPAIGN, PROGRAMS, null, shows)).not.toBeNull();
    });
});
