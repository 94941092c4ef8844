/** Where the steps of a run lie on a page: downwards, apart enough to be seen, and long waits shortened. */

import { originsOf } from './causality.ts';
import { type RecordedRun, type Step, timeOf } from './recorded-run.ts';
import { countUpTo } from './sorted.ts';

/** All lengths in px at zoom 1, from the top. */
export interface TimeAxis {
  /** Each step as it happens; never less than the one before. */
  readonly at: readonly number[];
  /** Each message as it is sent, each fault as it is over; others are null. */
  readonly otherEnd: readonly (number | null)[];
  /** Waits that are drawn shorter than they were, and how long those were, in µs. */
  readonly breaks: readonly { readonly at: number; readonly wait: number }[];
  readonly height: number;
}

/** Waits of the usual length are drawn in proportion; longer ones are cut, shorter ones stretched. */
export function timeAxis(run: RecordedRun): TimeAxis {
  const times = run.steps.map(timeOf);
  const scale = USUAL / usualWait(times);
  const at: number[] = [];
  const breaks: { at: number; wait: number }[] = [];
  let end = TOP;
  for (const [i, step] of run.steps.entries()) {
    const wait = i === 0 ? 0 : times[i]! - times[i - 1]!;
    const length = Math.min(MOST, Math.max(leastBefore(step), Math.round(wait * scale)));
    if (wait * scale > MOST) breaks.push({ at: end + length / 2, wait });
    end += length;
    at.push(end);
  }
  return { at, otherEnd: otherEnds(run, times, at, end), breaks, height: end + BOTTOM };
}

const TOP = 16;
const BOTTOM = 48;
const USUAL = 24;
const MOST = 72;

/** A fault needs a line for its words. */
function leastBefore(step: Step): number {
  return step.type === 'fault' ? 22 : 14;
}

/** The median of the waits that are any. */
function usualWait(times: readonly number[]): number {
  const waits = times.slice(1).map((time, i) => time - times[i]!);
  const some = waits.filter((wait) => wait > 0).sort((a, b) => a - b);
  return some[some.length >>> 1] ?? 1;
}

function otherEnds(
  run: RecordedRun,
  times: readonly number[],
  at: readonly number[],
  end: number,
): (number | null)[] {
  const origins = originsOf(run);
  return run.steps.map((step, i) => {
    if (step.type === 'event') return null;
    if (step.type === 'fault')
      return step.until === undefined ? null : (between(times, at, step.until) ?? end);
    const { cause } = origins[i]!;
    // An answer leaves from what it answers, also where other steps of the same µs lie between.
    if (cause !== null && times[cause] === step.sent) return at[cause]!;
    return Math.min(between(times, at, step.sent) ?? end, at[i]!);
  });
}

/** The place of a time: that of the last step by then, and as much of the way to the next one as has passed. Null after the last. */
function between(times: readonly number[], at: readonly number[], time: number): number | null {
  const next = countUpTo(times, time);
  if (next === times.length) return times.at(-1) === time ? at.at(-1)! : null;
  if (next === 0) return Math.min(TOP, at[0]!) - TOP / 2;
  const share = (time - times[next - 1]!) / (times[next]! - times[next - 1]!);
  return Math.round(at[next - 1]! + share * (at[next]! - at[next - 1]!));
}
