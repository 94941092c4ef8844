/** Rule 29 and I29: what neither the size of the cluster nor the weather may change. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../sim/meaning.ts';
import { anyProgramPlan } from '../../sim/programs/plan.ts';
import { anyKnobs, anyWeather, type Case, run, textOfCase } from '../support/cases.ts';
import { anyChoices } from '../support/choices.ts';
import { runs } from '../support/runs.ts';

/** What a machine is free to be: everything but the meaning. */
const anyMachine = fc.record({
  knobs: anyKnobs.map(({ pageSize, rcomps, homes, slice, cacheBytes, dispatchAhead }) => ({
    pageSize,
    rcomps,
    homes,
    slice,
    cacheBytes,
    dispatchAhead,
  })),
  // Fewer deaths than fault a runner; signals come when they come.
  weather: anyWeather.map((weather) => ({
    ...weather,
    deaths: Math.min(weather.deaths, 2),
    cancel: false,
    signals: 0,
  })),
  choices: anyChoices,
});

const PLAIN: Omit<Case, 'program' | 'knobs'> = {
  weather: { duplicates: false, slowLinks: false, isolated: false, deaths: 0, cancel: false, signals: 0 },
  choices: [],
};

const MEANING = fc.record({ knobs: anyKnobs, program: anyProgramPlan });

describe('--deterministic', () => {
  it('any cluster size gives the same memory, bit for bit, the same log and the same output (rule 29)', () => {
    fc.assert(
      fc.property(MEANING, anyMachine, ({ program, knobs }, machine) => {
        const meant = { program, knobs: { ...knobs, deterministic: true } };
        const small: Case = { ...PLAIN, ...meant, knobs: { ...meant.knobs, rcomps: 1, homes: 1 } };
        const drawn: Case = { ...meant, ...machine, knobs: { ...meant.knobs, ...machine.knobs } };

        expect(meaningOf(run(drawn)), textOfCase(drawn)).toEqual(meaningOf(run(small)));
      }),
      runs(250),
    );
  });

  it('each message once to three times gives the same log, memory and replies (I29)', () => {
    fc.assert(
      fc.property(MEANING, anyChoices, ({ program, knobs }, choices) => {
        const once: Case = { ...PLAIN, program, knobs: { ...knobs, deterministic: true }, choices };
        const often: Case = { ...once, weather: { ...once.weather, duplicates: true } };

        expect(meaningOf(run(often)), textOfCase(often)).toEqual(meaningOf(run(once)));
      }),
      runs(150),
    );
  });
});
