/** The same failure with less: fewer decisions, a smaller cluster, a shorter program. */

import type { Decision } from '../decisions.ts';
import type { Scenario } from '../scenario.ts';
import { simplerScenarios } from './simpler-scenarios.ts';

export interface Case {
  readonly scenario: Scenario;
  readonly decisions: readonly Decision[];
}

export interface Minimising {
  /** Whether the case fails in the same way; null if it does not, else the decisions that it took. `decisions` null: drawn anew. */
  readonly fails: (scenario: Scenario, decisions: readonly Decision[] | null) => readonly Decision[] | null;
  /** Whether there is time for one more try. */
  readonly goOn: () => boolean;
}

/** A smaller program takes another course: how often other decisions are drawn for it before it counts as harmless. */
const REDRAWS = 4;

export function minimise(found: Case, { fails, goOn }: Minimising): Case {
  let best = found;
  for (let before = Number.POSITIVE_INFINITY; sizeOf(best) < before && goOn(); ) {
    before = sizeOf(best);
    best = withFewerDecisions(best, fails, goOn);
    best = withSimplerScenario(best, fails, goOn);
  }
  return best;
}

/** Removes runs of decisions, ever shorter ones. */
function withFewerDecisions(found: Case, fails: Minimising['fails'], goOn: () => boolean): Case {
  const { scenario } = found;
  let { decisions } = found;
  for (let size = decisions.length; size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < decisions.length && goOn(); ) {
      const fewer = [...decisions.slice(0, at), ...decisions.slice(at + size)];
      const needed = fails(scenario, fewer);
      if (needed === null) at += size;
      else decisions = [...needed];
    }
  return { scenario, decisions };
}

/** Takes the first simpler scenario that fails, again and again. */
function withSimplerScenario(found: Case, fails: Minimising['fails'], goOn: () => boolean): Case {
  let best = found;
  for (let progress = true; progress && goOn(); ) {
    progress = false;
    for (const scenario of simplerScenarios(best.scenario)) {
      if (!goOn()) break;
      const decisions = fails(scenario, best.decisions);
      const simpler = decisions === null ? redrawn(scenario, best, fails) : { scenario, decisions };
      if (simpler === null) continue;
      best = simpler;
      progress = true;
      break;
    }
  }
  return best;
}

/** Taken only if it needs no more decisions than before. */
function redrawn(scenario: Scenario, best: Case, fails: Minimising['fails']): Case | null {
  for (let i = 1; i <= REDRAWS; i += 1) {
    const other = { ...scenario, seed: (scenario.seed + i * 0x9e37_79b1) >>> 0 };
    const decisions = fails(other, null);
    if (decisions !== null && decisions.length <= best.decisions.length)
      return { scenario: other, decisions };
  }
  return null;
}

function sizeOf({ scenario, decisions }: Case): number {
  return decisions.length + JSON.stringify(scenario).length;
}
