/** Two neighbouring deliveries of a run in the other order, and all others as they were. */

import type { Step } from '../../sim/exhaustive/event.ts';
import { Schedule } from '../../sim/exhaustive/schedule.ts';
import type { Choose } from '../../sim/random.ts';

/** A run in a drawn order, which can be had again with a swap. */
export function drawnOrder(choose: Choose): { readonly network: Schedule; readonly taken: Step[] } {
  const taken: Step[] = [];
  const network = new Schedule((enabled) => {
    const step = enabled[choose(enabled.length)]!;
    taken.push(step);
    return step;
  }, []);
  return { network, taken };
}

/** The places of an order at which the next two deliveries may come in the other order: neither causes the other. */
export function swappable({ events }: Schedule): number[] {
  return events.flatMap((event, i) => {
    const next = events[i + 1];
    const free = next !== undefined && next.at !== event.at && next.cause !== i;
    return free ? [i] : [];
  });
}

/** The same order with the two deliveries from `at` on swapped. */
export function swapped(taken: readonly Step[], at: number): Schedule {
  const steps = [...taken];
  [steps[at], steps[at + 1]] = [taken[at + 1]!, taken[at]!];
  let next = 0;
  return new Schedule((enabled) => {
    const step = steps[next];
    next += 1;
    // Whoever has sent something else now leaves the order: what it leads to is compared in the end.
    return step !== undefined && enabled.includes(step) ? step : enabled[0]!;
  }, []);
}
