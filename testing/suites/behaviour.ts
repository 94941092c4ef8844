/** What is a cluster's worth of behaviours: the suite for whoever replaces one of them, or wraps it. */

import fc from 'fast-check';
import type { Create } from '../../sim/cluster.ts';
import { meaningOf } from '../../sim/meaning.ts';
import { seeded } from '../../sim/random.ts';
import { drawScenario } from '../../sim/scenario.ts';
import { withoutOutside } from '../../sim/unsimulated.ts';
import { keepingLives, liveAgain } from '../behaviour/alone.ts';
import { arranged, ordered, runArranged } from '../behaviour/arranged.ts';
import { mustSurvive } from '../behaviour/judged.ts';
import { drawnOrder, swappable, swapped } from '../behaviour/swapped.ts';
import { type ConformanceTest, drawn, mustEqual, type SuiteOptions } from '../conformance.ts';

/** Alike likely, and never made smaller: half of a seed is no simpler cluster. */
const anySeed = fc.noShrink(fc.noBias(fc.nat()));

/**
 * The suite for actors; `create` makes every actor of every cluster, as `createActor` does, and is asked anew for each
 * cluster. Give one that answers your actor for its kind of `Init`, and `createActor(init)` for all others.
 */
export function behaviourSuite(create: Create, options: SuiteOptions = {}): ConformanceTest[] {
  const test = (name: string, usual: number, check: (seed: number) => void) =>
    drawn(name, anySeed, usual, options, check);
  return [
    test('all invariants hold in drawn clusters, under drawn faults', 40, (seed) => {
      mustSurvive(drawScenario(seed), create);
    }),
    test('every program comes to its end once faults stop (I31)', 10, (seed) => {
      mustSurvive(drawScenario(seed, { liveness: true }), create);
    }),
    test('each message once to three times gives the same log, memory and output (I29)', 20, (seed) => {
      const scenario = arranged(seed, true);
      const once = runArranged(scenario, ordered(scenario), create);
      const often = runArranged(scenario, ordered(scenario, { duplicates: true }), create);
      mustEqual(meaningOf(often), meaningOf(once), `what program ${seed} comes to when messages come again`);
    }),
    test('the same messages lead to the same effects, whatever other actors do', 10, (seed) => {
      const kept = keepingLives(create);
      const scenario = arranged(seed, false);
      runArranged(scenario, ordered(scenario, { slowLinks: true }), kept.create);
      liveAgain(create, kept.lives);
    }),
    test('neighbouring deliveries to different actors may swap (I30)', 20, (seed) => {
      const scenario = arranged(seed, false);
      const choose = seeded(seed);
      const { network, taken } = drawnOrder(choose);
      const meant = meaningOf(runArranged(scenario, network, create));
      const swap = runArranged(scenario, swapped(taken, swappable(network, choose)), create);
      mustEqual(meaningOf(swap), meant, `what program ${seed} comes to with neighbouring deliveries swapped`);
    }),
    test('nobody asks for time or chance: both come in messages', 3, (seed) => {
      const scenario = arranged(seed, false);
      withoutOutside(() => runArranged(scenario, ordered(scenario), create));
    }),
  ];
}
