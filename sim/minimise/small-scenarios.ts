/** Small clusters and workloads, drawn anew: what fails large often fails in one of them, and far sooner. */

import { Dice, seedAfter } from '../dice.ts';
import { drawScenario, type Knobs, meant, type Scenario } from '../scenario.ts';
import type { Workload } from '../workloads/workload.ts';
import { PLAIN_KNOBS } from './plain.ts';

/** Nothing may go wrong that may not in `found`, and what the user has given stays. */
export function smallScenario(found: Scenario, nth: number): Scenario {
  const seed = seedAfter(found.seed, nth);
  const { workload } = found;
  const drawn = drawScenario(seed, workload.kind === 'given' ? { workload } : {});
  const dice = new Dice(~seed >>> 0);
  const faults = dice.chance(0.5) ? [] : found.faults.filter((kind) => drawn.faults.includes(kind));
  const nodes = dice.pick([1, 1, 2]);
  const like = dice.chance(0.5) ? workload : drawn.workload;
  const knobs = knobsOf(dice, found.machine, drawn.machine);
  const rcomps = nodes * dice.pick([1, 1, 2]);
  return {
    ...drawn,
    workload: cutShort(dice, like),
    nodes,
    machine: meant(like, { ...knobs, rcomps, homes: dice.pick([1, 1, 2]) }),
    faults,
    healAt: found.healAt,
    encodedEvery: found.encodedEvery,
  };
}

/** Some as they were, some as they are drawn, and most plain. */
function knobsOf(dice: Dice, found: Knobs, drawn: Knobs): Knobs {
  const plain: Knobs = { ...drawn, ...PLAIN_KNOBS };
  const knobs = Object.keys(plain).map((knob) => [
    knob,
    dice.pick([plain, plain, found, drawn])[knob as keyof Knobs],
  ]);
  return Object.fromEntries(knobs) as Knobs;
}

/** To a few runners, and whoever creates them. */
function cutShort(dice: Dice, workload: Workload): Workload {
  const few = dice.between(1, 4);
  switch (workload.kind) {
    case 'generated': {
      const { plan } = workload;
      const plans = Array.from({ length: few }, () => dice.pick(plan.plans));
      return { ...workload, plan: { ...plan, plans } };
    }
    case 'list-append': {
      const { plan } = workload;
      return { ...workload, plan: { ...plan, transactions: plan.transactions.slice(0, few) } };
    }
    case 'bank':
      return { ...workload, transfers: few };
    case 'counter':
      return { ...workload, runners: few };
    case 'sum-tree':
      return { ...workload, leaves: 2 };
    case 'stream':
      return { ...workload, input: workload.input.slice(0, few) };
    case 'given':
      return workload;
  }
}
