/**
 * Rule 10: a long runner that reads a whole table loses to each short one that writes a line of it. Once it has lost too
 * often, those that are in its way wait.
 */

import type { Evidence } from '../evidence.ts';
import type { Extent } from '../model/extent.ts';
import { ExtentIndex } from '../model/extent-index.ts';
import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const starvingGoFirst: Checker = {
  id: 'rule 10',
  sentence:
    'while a runner is starving no other starts whose declared ranges overlap its own, unless it starves too',
  watch: (evidence) => {
    const { starvingAfter } = evidence.setting.config;
    const losses = new Map<bigint, number>();
    const starving = new Set<bigint>();
    const index = new ExtentIndex<bigint>();
    const running = new Set<bigint>();
    const lossesOf = (runner: bigint) => losses.get(runner) ?? 0;
    const lost = (runner: bigint) => {
      losses.set(runner, lossesOf(runner) + 1);
      return NOTHING;
    };
    return {
      restarted({ runners }) {
        running.clear();
        losses.clear();
        for (const [runner, going] of runners) losses.set(runner, going.losses);
        for (const runner of starving)
          if (lossesOf(runner) < starvingAfter) {
            starving.delete(runner);
            index.delete(runner);
          }
        return NOTHING;
      },
      rejected: ({ attempt }) => lost(attempt.runner),
      ended: ({ attempt, why }) => (why === 'snapshot-too-old' ? lost(attempt.runner) : NOTHING),
      *starving({ runner, starving: starves }) {
        if (!starves) {
          starving.delete(runner);
          index.delete(runner);
          return;
        }
        starving.add(runner);
        index.add(runner, declaredBy(evidence, runner));
        if (lossesOf(runner) < starvingAfter)
          yield `runner ${hex(runner)} starves after ${lossesOf(runner)} lost attempts`;
      },
      *runner({ runner, state }) {
        if (state === 'finished') losses.delete(runner);
        if (state !== 'running') {
          running.delete(runner);
          return;
        }
        running.add(runner);
        if (lossesOf(runner) >= starvingAfter && !starving.has(runner))
          yield `${hex(runner)} starts after ${lossesOf(runner)} lost attempts and does not starve`;
        if (starving.size === 0) return;
        for (const other of index.overlapping(declaredBy(evidence, runner))) {
          if (other === runner) continue;
          if (!starving.has(runner)) yield `${hex(runner)} starts in the way of ${hex(other)}, which starves`;
          else if (running.has(other)) yield `${hex(runner)} and ${hex(other)} both starve and run at once`;
          else if (evidence.isBefore(other, runner))
            yield `${hex(runner)} starts before ${hex(other)}, whose place is lower`;
        }
      },
    };
  },
};

function declaredBy({ runners }: Evidence, runner: bigint): readonly Extent[] {
  const control = runners.get(runner)?.control;
  return control === undefined ? [] : [...control.heap, ...control.watched];
}
