/**
 * That the simulator bites: each planted bug, and each pair, is found by the seed that is recorded for it, and the same
 * seed is clean without it; and each invariant finds one by itself. `npm run sim:killers` looks for the seeds anew and
 * writes them.
 */

import { describe, expect, it } from 'vitest';
import { judgeSeed, mutated } from '../../sim/campaign.ts';
import { CHECKERS } from '../../sim/checkers/all.ts';
import type { Checker } from '../../sim/checkers/checker.ts';
import { Inspection } from '../../sim/checkers/inspection.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { runScenario } from '../../sim/run.ts';
import { drawScenario } from '../../sim/scenario.ts';
import { Violated } from '../../sim/violated.ts';
import { type Killers, PLANTS, readKillers, writeKillers } from '../support/killers.ts';

/** How many seeds to look through; not set: the recorded ones are run. */
const LOOK = Number(process.env.DVM_FIND_KILLERS ?? 0);
const HOUR = 3_600_000;

/** Bugs that the simulator has no seed for, and why that is no matter. */
const SURVIVORS: Readonly<Record<string, string>> = {};

const settings = (mutations: readonly string[]) => ({ wishes: {}, mutations, given: null, memories: false });

/** Whether the checker, alone, finds something in the seed's run with this bug, or as it is. */
function findsAlone(checker: Checker, seed: number, bug: string | null): boolean {
  const inspection = new Inspection({ checkers: [checker], onViolation: 'throw' });
  const { thrown } = runScenario(drawScenario(seed, {}), {
    decisions: null,
    ...mutated(bug === null ? [] : [bug]),
    observers: [inspection],
    given: null,
  });
  return thrown instanceof Violated && thrown.id === checker.id;
}

/** Seeds and bugs that the checker may find, the likely ones first. */
function* chances(
  { id }: Checker,
  { bugs }: Killers,
): Iterable<{ readonly seed: number; readonly bug: string }> {
  const names = Object.keys(MUTATIONS);
  for (const bug of names) if (bugs[bug]?.id === id) yield { seed: bugs[bug].seed, bug };
  for (let seed = 1; seed <= LOOK; seed += 1) for (const bug of names) yield { seed, bug };
}

describe.runIf(LOOK > 0)('looking', () => {
  it(
    'finds a seed for each planted bug and for each invariant',
    () => {
      const killers: Killers = { bugs: {}, invariants: {} };
      for (const [name, plant] of PLANTS) {
        for (let seed = 1; seed <= LOOK; seed += 1) {
          const { failure } = judgeSeed(seed, settings(plant)).shown;
          if (failure === null) continue;
          killers.bugs[name] = { seed, id: failure.id };
          break;
        }
      }
      for (const checker of CHECKERS)
        for (const chance of chances(checker, killers)) {
          if (!findsAlone(checker, chance.seed, chance.bug)) continue;
          killers.invariants[checker.id] = chance;
          break;
        }
      writeKillers(killers);
      expect([...PLANTS.keys()].filter((name) => !(name in killers.bugs) && !(name in SURVIVORS))).toEqual(
        [],
      );
      expect(CHECKERS.map(({ id }) => id).filter((id) => !(id in killers.invariants))).toEqual([]);
    },
    HOUR,
  );
});

describe.skipIf(LOOK > 0)('recorded:', () => {
  const killers = readKillers();

  for (const [name, plant] of PLANTS)
    it.skipIf(name in SURVIVORS)(`a seed finds ${name}`, () => {
      const killer = killers.bugs[name];
      expect(killer, 'npm run sim:killers records one').toBeDefined();
      const { seed, id } = killer!;

      expect(judgeSeed(seed, settings(plant)).shown.failure?.id).toBe(id);
      expect(judgeSeed(seed, settings([])).shown.failure).toBeNull();
    });

  it('half of them are found within 20 seeds', () => {
    const seeds = Object.values(killers.bugs)
      .map(({ seed }) => seed)
      .sort((a, b) => a - b);

    expect(seeds[seeds.length >> 1]).toBeLessThanOrEqual(20);
  });

  for (const checker of CHECKERS)
    it(`${checker.id} finds a bug by itself`, () => {
      const killer = killers.invariants[checker.id];
      expect(killer, 'npm run sim:killers records one').toBeDefined();
      const { seed, bug } = killer!;

      expect(findsAlone(checker, seed, bug)).toBe(true);
      expect(findsAlone(checker, seed, null)).toBe(false);
    });
});
