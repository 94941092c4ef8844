/** The same failure with less: fewer messages, fewer decisions, a smaller cluster, a shorter program. */

import type { Decision } from '../decisions.ts';
import { seedAfter } from '../dice.ts';
import type { Scenario } from '../scenario.ts';
import { simplerScenarios } from './simpler-scenarios.ts';
import { smallScenario } from './small-scenarios.ts';

export interface Case {
  readonly scenario: Scenario;
  readonly decisions: readonly Decision[];
}

/** How a case fails. */
export interface Fails {
  /** The decisions that it took. */
  readonly decisions: readonly Decision[];
  /** Until the failure was seen. */
  readonly messages: number;
}

export interface Minimising {
  /** Whether the case fails in the same way; null if it does not. `decisions` null: drawn from the scenario's seed. */
  readonly fails: (scenario: Scenario, decisions: readonly Decision[] | null) => Fails | null;
  /** Whether there is time for one more try. */
  readonly goOn: () => boolean;
}

interface Failing extends Case, Fails {}

type Faults = Scenario['faults'];

/** Small clusters that are drawn anew before the one with the fewest messages is cut down. */
const SMALL_DRAWS = 2_000;

/** Messages that can be looked through one by one: with no more than that, nothing else is tried. */
const FEW = 25;

/**
 * A smaller program takes another course: how often other decisions are drawn for it before it counts as harmless. What
 * takes no redraws is done first, since large runs take long.
 */
const REDRAWS = [0, 4, 16, 64];

export function minimise(found: Case, minimising: Minimising): Case {
  const { fails, goOn } = minimising;
  const first = fails(found.scenario, found.decisions);
  if (first === null) return found;
  const start: Failing = { scenario: found.scenario, ...first };
  const { faults } = found.scenario;
  let best = cutDown(smallest(start, 0, minimising) ?? start, faults, minimising);
  for (let round = 1; best.messages > FEW && goOn(); round += 1) {
    const other = smallest(start, round, minimising);
    if (other === null) break;
    const candidate = cutDown(other, faults, minimising);
    if (candidate.messages < best.messages) best = candidate;
  }
  const { scenario, decisions } = best;
  return { scenario, decisions };
}

/**
 * What takes the fewest messages of the small clusters that fail; null if all take more than what was found. Once there
 * are few, it looks at as many again as it took to find that.
 */
function smallest(found: Failing, round: number, { fails, goOn }: Minimising): Failing | null {
  let best: Failing | null = null;
  let draws = SMALL_DRAWS;
  for (let nth = 1; nth <= draws && goOn(); nth += 1) {
    const scenario = smallScenario(found.scenario, round * SMALL_DRAWS + nth);
    const failing = fails(scenario, null);
    if (failing === null || failing.messages >= (best ?? found).messages) continue;
    best = { scenario, ...failing };
    if (failing.messages <= FEW) draws = Math.min(draws, 2 * nth);
  }
  return best;
}

/** `faults`: those that may be drawn where other decisions are. */
function cutDown(found: Failing, faults: Faults, minimising: Minimising): Failing {
  let best = found;
  for (const redraws of REDRAWS)
    for (let before: Failing | null = null; best !== before && minimising.goOn(); ) {
      before = best;
      best = withFewerDecisions(best, minimising);
      best = withSimplerScenario(best, faults, redraws, minimising);
      best = withOtherDecisions(best, faults, redraws, minimising);
    }
  return best;
}

/** Takes what is shortest of the courses that other seeds give the same scenario. */
function withOtherDecisions(
  found: Failing,
  faults: Faults,
  redraws: number,
  { fails, goOn }: Minimising,
): Failing {
  let best = found;
  for (let i = 1; i <= redraws && goOn(); i += 1) {
    const scenario = redrawn(found.scenario, faults, i);
    const failing = fails(scenario, null);
    if (failing !== null && weightOf(failing) < weightOf(best)) best = { scenario, ...failing };
  }
  return best;
}

/** Removes runs of decisions, ever shorter ones. */
function withFewerDecisions(found: Failing, { fails, goOn }: Minimising): Failing {
  let best = found;
  for (let size = best.decisions.length; size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < best.decisions.length && goOn(); ) {
      const { scenario, decisions } = best;
      const failing = fails(scenario, [...decisions.slice(0, at), ...decisions.slice(at + size)]);
      if (failing === null) at += size;
      else best = { scenario, ...failing };
    }
  return best;
}

/** Takes the first simpler scenario that fails, again and again. */
function withSimplerScenario(
  found: Failing,
  faults: Faults,
  redraws: number,
  minimising: Minimising,
): Failing {
  let best = found;
  for (let simpler: Failing | null = best; simpler !== null; ) {
    simpler = simplerThan(best, faults, redraws, minimising);
    best = simpler ?? best;
  }
  return best;
}

function simplerThan(
  best: Failing,
  faults: Faults,
  redraws: number,
  { fails, goOn }: Minimising,
): Failing | null {
  for (const scenario of simplerScenarios(best.scenario))
    for (let i = 0; i <= redraws; i += 1) {
      if (!goOn()) return null;
      const other = i === 0 ? scenario : redrawn(scenario, faults, i);
      const failing = fails(other, i === 0 ? best.decisions : null);
      if (failing !== null && weightOf(failing) <= weightOf(best)) return { scenario: other, ...failing };
    }
  return null;
}

/** What a person has to look at. */
function weightOf({ messages, decisions }: Fails): number {
  return messages + decisions.length;
}

/** Another seed; every other time with all faults, since a smaller program may need one where a larger needs none. */
function redrawn(scenario: Scenario, faults: Faults, nth: number): Scenario {
  const seed = seedAfter(scenario.seed, nth);
  return { ...scenario, seed, ...(nth % 2 === 0 && { faults }) };
}
