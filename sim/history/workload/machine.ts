/** A machine for a plan, drawn: what the plan asks for, and everything else as it comes. */

import { DEFAULT_CONFIG, type MachineConfig } from '../../../src/actors/config.ts';
import type { Choose } from '../../random.ts';
import type { HistoryPlan } from './plan.ts';

/** More than any runner of a plan executes on lists that are as they should be. */
const FUEL = 50_000;

/** However many compartments die: a runner is not faulted for it, or the outside could not tell what should have been. */
const MANY = 1_000;

/**
 * Not smaller: an RComp that hears `pages` twice asks twice for what it needs next, and is answered twice. Under
 * repeated messages an attempt whose code lies on many pages so drowns in answers.
 */
const PAGE_SIZES = [4096, 1024] as const;

export function drawMachine(plan: HistoryPlan, choose: Choose): MachineConfig {
  const one = <T>(...values: readonly T[]): T => values[choose(values.length)]!;
  return {
    ...DEFAULT_CONFIG,
    onConflict: plan.retries ? 'retry' : 'abort',
    serializable: plan.serializable,
    lazyReads: plan.lazyReads,
    fuel: FUEL,
    compartmentDeaths: MANY,
    pageSize: one(...PAGE_SIZES),
    rcomps: one(4, 2, 3, 6),
    homes: 1 + choose(4),
    deterministic: one(false, false, false, false, false, true),
    starvingAfter: one(8, 1, 2),
    cacheBytes: one(2 ** 28, 0, 64),
    dispatchAhead: one(32, 0, 1, 4),
    slice: one(10_000, 20),
  };
}
