/** Neighbouring deliveries of a run in the other order, and all others as they were. */

import type { Step } from '../../sim/exhaustive/event.ts';
import { Schedule } from '../../sim/exhaustive/schedule.ts';
import type { Choose } from '../../sim/random.ts';

/** A run in a drawn order, which can be had again with swaps. */
export function drawnOrder(choose: Choose): { readonly network: Schedule; readonly taken: Step[] } {
  const taken: Step[] = [];
  const network = new Schedule((enabled) => {
    const step = enabled[choose(enabled.length)]!;
    taken.push(step);
    return step;
  }, []);
  return { network, taken };
}

/** Disjoint places of an order, half of them all, at which the next two deliveries may swap: neither causes the other. */
export function swappable({ events }: Schedule, choose: Choose): Set<number> {
  const places = new Set<number>();
  events.forEach((event, i) => {
    const next = events[i + 1];
    const free = next !== undefined && next.at !== event.at && next.cause !== i;
    if (free && !places.has(i - 1) && choose(2) === 1) places.add(i);
  });
  return places;
}

/** The same order, at each of these places with the two deliveries swapped. */
export function swapped(taken: readonly Step[], places: ReadonlySet<number>): Schedule {
  const steps = [...taken];
  for (const at of places) [steps[at], steps[at + 1]] = [taken[at + 1]!, taken[at]!];
  let next = 0;
  return new Schedule((enabled) => {
    const step = steps[next];
    next += 1;
    // Whoever has sent something else now leaves the order: what it leads to is compared in the end.
    return step !== undefined && enabled.includes(step) ? step : enabled[0]!;
  }, []);
}
