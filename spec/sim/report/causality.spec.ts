import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causalPast, relevantSteps } from '../../../sim/report/causality.ts';
import type { Step } from '../../../sim/report/recorded-run.ts';
import { clocksOf, isBefore } from '../../../sim/report/vector-clock.ts';
import {
  AGENT,
  anyRun,
  event,
  fault,
  HOME,
  MASTER,
  message,
  RCOMP,
  runOf,
  violation,
} from '../../support/recorded-runs.ts';
import { runs } from '../../support/runs.ts';

const pastOf = (steps: readonly Step[], step: number) =>
  [...causalPast(runOf(steps), step)].sort((a, b) => a - b);

describe('the causal past of a step', () => {
  it('has what its actor did before, and what the sender had done when it sent', () => {
    const steps = [
      event(RCOMP, 1, 'reads'),
      event(MASTER, 2, 'commit'),
      message([RCOMP, HOME], [3, 9], 'stage'),
      event(RCOMP, 10, 'after it sent'),
      event(HOME, 11, 'applied'),
    ];

    expect(pastOf(steps, 4)).toEqual([0, 2, 4]);
  });

  it('has nothing that the sender did after it sent, though it stands earlier', () => {
    const steps = [event(RCOMP, 1, 'one'), event(RCOMP, 5, 'two'), message([RCOMP, HOME], [4, 9], 'stage')];

    expect(pastOf(steps, 2)).toEqual([0, 2]);
  });

  it('goes through messages that an actor sends itself in no time', () => {
    const steps = [
      message([MASTER, AGENT], [1, 2], 'dispatch'),
      message([AGENT, AGENT], [2, 2], 'flush'),
      message([AGENT, AGENT], [2, 2], 'flush'),
    ];

    expect(pastOf(steps, 2)).toEqual([0, 1, 2]);
    expect(pastOf(steps, 0)).toEqual([0]);
  });

  it('has neither lost messages nor faults, for nobody has noticed them', () => {
    const steps = [
      message([MASTER, HOME], [1, null], 'decide'),
      fault(2, 'partition {0} | {1}'),
      event(HOME, 3, 'waits'),
    ];

    expect(pastOf(steps, 2)).toEqual([2]);
  });

  it('of the violation is what matters, or all if nothing is violated', () => {
    const steps = [event(HOME, 1, 'aside'), event(MASTER, 2, 'commit'), violation(MASTER, 3, 'wrong')];

    expect(relevantSteps(runOf(steps))).toEqual(new Set([2, 1]));
    expect(relevantSteps(runOf(steps.slice(0, 2)))).toEqual(new Set([0, 1]));
  });
});

describe('vector clocks', () => {
  it('count, by actor, its steps that are known', () => {
    const steps = [
      event(RCOMP, 1, 'reads'),
      message([RCOMP, HOME], [2, 3], 'stage'),
      message([HOME, RCOMP], [3, 4], 'staged'),
    ];

    expect(clocksOf(runOf(steps)).map(({ clock }) => clock)).toEqual([
      [0, 0, 0, 1],
      [0, 1, 0, 1],
      [0, 1, 0, 2],
    ]);
  });

  it('of a receiver are above what the sender knew when it sent', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        for (const { sent, clock } of clocksOf(run))
          if (sent !== null && clock !== null) expect(isBefore(sent, clock)).toBe(true);
      }),
      runs(200),
    );
  });

  it('are ordered as what happened is, and of what is concurrent neither is before the other', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const clocks = clocksOf(run);
        const precedes = happenedBefore(run.steps);
        for (const [i, { clock: a }] of clocks.entries())
          for (const [j, { clock: b }] of clocks.entries())
            if (a !== null && b !== null) expect(isBefore(a, b)).toBe(precedes[i]![j]);
      }),
      runs(200),
    );
  });

  it('and causal pasts tell the same', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const precedes = happenedBefore(run.steps);
        for (const j of run.steps.keys()) {
          const past = [...run.steps.keys()].filter((i) => i === j || precedes[i]![j]);
          expect(causalPast(run, j)).toEqual(new Set(past));
        }
      }),
      runs(200),
    );
  });
});

/** The definition: on one line the earlier is before the later, what was done before what was then sent; and so on. */
function happenedBefore(steps: readonly Step[]): boolean[][] {
  const place = (step: Step) => {
    if (step.type === 'event') return { actor: step.actor, time: step.time };
    return step.type === 'message' && step.received !== null ? { actor: step.to, time: step.received } : null;
  };
  const precedes = steps.map((a, i) =>
    steps.map((b, j) => {
      const [from, to] = [place(a), place(b)];
      if (from === null || i >= j) return false;
      const isCause = b.type === 'message' && b.from === from.actor && from.time <= b.sent;
      return isCause || to?.actor === from.actor;
    }),
  );
  for (const k of steps.keys())
    for (const i of steps.keys())
      for (const j of steps.keys()) if (precedes[i]![k] && precedes[k]![j]) precedes[i]![j] = true;
  return precedes;
}
