/**
 * That the simulator bites: each planted bug, and each pair, is found by the seed that is recorded for it, and the same
 * seed is clean without it. `npm run sim:killers` looks for the seeds anew and writes them.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeSeed } from '../../sim/campaign.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { MUTATION_PAIRS } from '../../sim/mutations/pairs.ts';

interface Killer {
  readonly seed: number;
  /** What is violated. */
  readonly id: string;
}

const FILE = new URL('../../sim/mutations/killers.json', import.meta.url);
/** How many seeds to look through; not set: the recorded ones are run. */
const LOOK = Number(process.env.DVM_FIND_KILLERS ?? 0);
const HOUR = 3_600_000;

/** Bugs that the simulator has no seed for, and why that is no matter. */
const SURVIVORS: Readonly<Record<string, string>> = {};

const plants = [...Object.keys(MUTATIONS).map((name) => [name]), ...MUTATION_PAIRS];
const nameOf = (plant: readonly string[]) => plant.join(' + ');
const settings = (mutations: readonly string[]) => ({ wishes: {}, mutations, given: null, memories: false });

describe.runIf(LOOK > 0)('looking', () => {
  it(
    'finds a seed for each planted bug',
    () => {
      const killers: Record<string, Killer> = {};
      for (const plant of plants) {
        for (let seed = 1; seed <= LOOK; seed += 1) {
          const { failure } = judgeSeed(seed, settings(plant)).shown;
          if (failure === null) continue;
          killers[nameOf(plant)] = { seed, id: failure.id };
          break;
        }
      }
      writeFileSync(FILE, `${JSON.stringify(killers, null, 2)}\n`);
      expect(plants.map(nameOf).filter((name) => !(name in killers) && !(name in SURVIVORS))).toEqual([]);
    },
    HOUR,
  );
});

describe.skipIf(LOOK > 0)('the recorded seed finds', () => {
  const killers = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Killer>;

  for (const plant of plants.filter((one) => !(nameOf(one) in SURVIVORS)))
    it(nameOf(plant), () => {
      const killer = killers[nameOf(plant)];
      expect(killer, 'npm run sim:killers records one').toBeDefined();
      const { seed, id } = killer!;

      expect(judgeSeed(seed, settings(plant)).shown.failure?.id).toBe(id);
      expect(judgeSeed(seed, settings([])).shown.failure).toBeNull();
    });

  it('half of them within 20 seeds', () => {
    const seeds = Object.values(killers)
      .map(({ seed }) => seed)
      .sort((a, b) => a - b);

    expect(seeds[seeds.length >> 1]).toBeLessThanOrEqual(20);
  });
});
