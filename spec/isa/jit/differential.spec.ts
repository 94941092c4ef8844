/**
 * That the tiers agree: drawn programs do the same by translated code over linear memory as by the interpreter.
 * `DVM_FUZZ_SEED` runs one program, `DVM_FUZZ_RUNS` that many.
 */

import { describe, expect, test } from 'vitest';
import { Wasm } from '../../../src/isa/jit/web-assembly.ts';
import { found, report, search, seedAt, smaller } from '../../support/jit/campaign.ts';
import { Coverage } from '../../support/jit/coverage.ts';
import { judgeSuspended } from '../../support/jit/judge.ts';
import {
  InterpretedLinearMachine,
  SuspendedTranslatedMachine,
  TranslatedMachine,
} from '../../support/jit/translated.ts';
import { drawTrial, type Trial, worldOf } from '../../support/jit/trial.ts';

const { DVM_FUZZ_SEED, DVM_FUZZ_RUNS, DVM_FUZZ_CAMPAIGN } = process.env;
/** A share for CI. */
const PROGRAMS = Number(DVM_FUZZ_RUNS ?? 10_000);
const CAMPAIGN = Number(DVM_FUZZ_CAMPAIGN ?? 3);
const LONG = 24 * 3_600_000;

test.runIf(DVM_FUZZ_SEED !== undefined)('the program of one seed', () => {
  const machine = new TranslatedMachine();
  const failure = found(machine, Number(DVM_FUZZ_SEED));

  expect(failure === null ? null : report(smaller(machine, failure))).toBeNull();
});

describe.skipIf(DVM_FUZZ_SEED !== undefined)('drawn programs', () => {
  test(
    'same memory, written bytes, output, children, end and fuel in both tiers',
    () => {
      const machine = new TranslatedMachine();
      const coverage = new Coverage();
      const failure = search(machine, CAMPAIGN, PROGRAMS, coverage);

      expect(failure === null ? null : report(smaller(machine, failure))).toBeNull();
      console.log(coverage.text(), machine.text());
      // The rest is accesses to merge words and ports, memory that is too small for its ranges, the last bit of fuel.
      expect(machine.share()).toBeGreaterThan(0.99);
      if (PROGRAMS >= 5_000) expect(coverage.missing()).toEqual([]);
      expect(coverage.faults).toBeLessThan(coverage.programs / 2);
    },
    LONG,
  );

  test.runIf(Wasm.Suspending !== undefined)(
    'same when translated code is suspended while pages are fetched',
    async () => {
      const machine = new SuspendedTranslatedMachine();
      for (let i = 0; i < PROGRAMS / 20; i += 1) {
        const trial: Trial = { ...drawTrial(seedAt(CAMPAIGN + 2, i)), pages: 'fetched' };
        const difference = await judgeSuspended(machine, worldOf(trial));

        expect(difference === null ? null : report({ trial, difference })).toBeNull();
      }
    },
    LONG,
  );

  test(
    'same by the interpreter over linear memory',
    () => {
      const machine = new InterpretedLinearMachine();
      const failure = search(machine, CAMPAIGN + 1, PROGRAMS / 10);

      expect(failure === null ? null : report(smaller(machine, failure))).toBeNull();
    },
    LONG,
  );
});
