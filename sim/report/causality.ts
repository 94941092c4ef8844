/**
 * What could have led to what (Lamport's happened-before, 1978). An actor deals with one message at a time and sends
 * its answers in the same breath, so the events of the order are: an actor dealt with a message, or did something that
 * a report shows. A lost message and a fault are on nobody's line: something may precede them, they precede nothing.
 */

import { countUpTo } from './sorted.ts';

/** As much of a step as the order needs; a `Step` is one. */
export type Occurrence =
  | {
      readonly type: 'message';
      readonly from: number;
      readonly to: number;
      readonly sent: number;
      readonly received: number | null;
    }
  | { readonly type: 'event'; readonly actor: number; readonly time: number; readonly violation: boolean }
  | { readonly type: 'fault' };

/** As much of a run; a `RecordedRun` is one. */
export interface Occurrences {
  readonly actors: readonly unknown[];
  readonly steps: readonly Occurrence[];
}

/** Where a step comes from: indices of steps, null where there is none. */
export interface Origin {
  /** The step before it on the line of the actor that it happens to. */
  readonly before: number | null;
  /** For a message, what its sender had done last when it sent it. */
  readonly cause: number | null;
}

/**
 * The direct predecessors of each step. What an actor sends at a time comes after all that it has dealt with by then:
 * if it dealt with two messages in one µs, both count as causes, so a past may be too large there, and never too small.
 */
export function originsOf({ actors, steps }: Occurrences): Origin[] {
  const lines = actors.map((): Line => ({ steps: [], times: [] }));
  return steps.map((step, index) => {
    if (step.type === 'fault') return { before: null, cause: null };
    const cause = step.type === 'message' ? lastBy(lines[step.from]!, step.sent) : null;
    const [actor, time] = step.type === 'message' ? [step.to, step.received] : [step.actor, step.time];
    if (time === null) return { before: null, cause };
    const line = lines[actor]!;
    const before = line.steps.at(-1) ?? null;
    line.steps.push(index);
    line.times.push(time);
    return { before, cause };
  });
}

/** The steps that could have led to `step`, itself among them. */
export function causalPast(run: Occurrences, step: number): ReadonlySet<number> {
  const origins = originsOf(run);
  const past = new Set([step]);
  // A set that grows while it is walked is walked to its end.
  for (const index of past) {
    const { before, cause } = origins[index]!;
    if (before !== null) past.add(before);
    if (cause !== null) past.add(cause);
  }
  return past;
}

/** What led to the violation: the causal past of the last step that is marked as one; all steps if none is. */
export function relevantSteps(run: Occurrences): ReadonlySet<number> {
  const violation = run.steps.findLastIndex((step) => step.type === 'event' && step.violation);
  return violation === -1 ? new Set(run.steps.keys()) : causalPast(run, violation);
}

/** What one actor has dealt with, in order. */
interface Line {
  readonly steps: number[];
  readonly times: number[];
}

/** The last step of a line that is not after `time`. */
function lastBy({ steps, times }: Line, time: number): number | null {
  return steps[countUpTo(times, time) - 1] ?? null;
}
