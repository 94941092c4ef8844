import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAxis } from '../../../sim/report/time-axis.ts';
import { AGENT, anyRun, event, fault, HOME, MASTER, message, runOf } from '../../support/recorded-runs.ts';
import { runs } from '../../support/runs.ts';

describe('the time axis of a page', () => {
  it('never goes up, keeps steps apart, and has every sending above its arrival', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { at, otherEnd, height } = timeAxis(run);
        for (const [i, step] of run.steps.entries()) {
          if (i > 0) expect(at[i]! - at[i - 1]!).toBeGreaterThanOrEqual(14);
          if (step.type === 'message') expect(otherEnd[i]).toBeLessThanOrEqual(at[i]!);
          expect(at[i]).toBeLessThan(height);
        }
      }),
      runs(200),
    );
  });

  it('shortens a wait in which nothing happens, and says how long it was', () => {
    const steps = [10, 20, 30, 40, 900_040, 900_050].map((time) => event(MASTER, time, 'commit'));
    const { at, breaks } = timeAxis(runOf(steps));

    expect(at[4]! - at[3]!).toBeLessThan(4 * (at[1]! - at[0]!));
    expect(breaks).toEqual([{ at: (at[3]! + at[4]!) / 2, wait: 900_000 }]);
  });

  it('lets an answer leave from what it answers, also among others of the same µs', () => {
    const steps = [
      message([MASTER, AGENT], [0, 5], 'dispatch'),
      event(HOME, 5, 'applied'),
      message([AGENT, MASTER], [5, 9], 'ends'),
    ];
    const { at, otherEnd } = timeAxis(runOf(steps));

    expect(otherEnd[2]).toBe(at[0]);
  });

  it('lets a fault last as long as it says, at most to the end', () => {
    const steps = [
      fault(10, 'pause', { until: 30 }),
      fault(10, 'pause', { until: 99 }),
      event(MASTER, 30, 'commit'),
    ];
    const { at, otherEnd } = timeAxis(runOf(steps));

    expect(otherEnd.slice(0, 2)).toEqual([at[2], at[2]]);
  });
});
