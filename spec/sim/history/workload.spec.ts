import { describe, expect, it } from 'vitest';
import { drawHistoryPlan, sourceOf } from '../../../sim/history/workload.ts';
import { MUTATIONS } from '../../../sim/mutations/all.ts';
import { chosen, seeded } from '../../../sim/random.ts';
import { createActor } from '../../../src/actors/actor.ts';
import { type Trial, trial } from '../../support/history/trial.ts';
import { programOf } from '../../support/scenario.ts';

const SEEDS = 200;

/** Planted bugs, and the first seed whose history or broken promise shows them. */
const FOUND_AT: Readonly<Record<keyof typeof MUTATIONS, number>> = {};

/** What the outside cannot tell from a machine that is right, slow or dead. */
const UNSEEN: Readonly<Record<keyof typeof MUTATIONS, string>> = {
  'stamped-in-the-queue': 'an older snapshot is a snapshot; only time tells',
  'starvation-ignored': 'whoever starves gets through in the end',
  'collected-too-early': 'a read below the floor is refused, and the runner runs again',
  'decided-before-staged': 'a home that has nothing staged stops at an invariant',
  'first-home-only': 'the other homes wait, and the machine stands still',
  'touched-by-page': 'a watcher that nothing touched does not answer, and the machine stands still',
  'notice-lost': 'the machine stands still',
};

describe('histories of the machine', () => {
  it(`of ${SEEDS} drawn programs violate nothing, and some show write skew`, () => {
    const trials = Array.from({ length: SEEDS }, (_, seed) => ({ seed, ...judged(seed) }));

    expect(trials.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(trials.filter(({ allowed }) => allowed.includes('write-skew')).length).toBeGreaterThan(SEEDS / 50);
    expect(trials.reduce((sum, { committed }) => sum + committed, 0)).toBeGreaterThan(SEEDS * 5);
  });

  it.each(Object.entries(FOUND_AT))('show %s', (name, seed) => {
    expect(judged(seed, name).wrong).not.toEqual([]);
  });

  it('are known to show, or not to show, every planted bug; three quarters of them show', () => {
    const names = Object.keys(MUTATIONS).sort();

    expect([...Object.keys(FOUND_AT), ...Object.keys(UNSEEN)].sort()).toEqual(names);
    expect(Object.keys(FOUND_AT).length).toBeGreaterThanOrEqual(names.length * 0.75);
  });
});

describe('a drawn plan', () => {
  it('is a function of its choices, and the plainest one is a program too', () => {
    expect(sourceOf(drawHistoryPlan(seeded(1)))).toBe(sourceOf(drawHistoryPlan(seeded(1))));
    expect(() => programOf(sourceOf(drawHistoryPlan(chosen([]))))).not.toThrow();
  });
});

function judged(seed: number, bug?: string): Trial {
  const judgement = trial(seed, bug === undefined ? createActor : MUTATIONS[bug]!.wrap(createActor));
  if (judgement === null) throw new Error(`the simulation of seed ${seed} gives up`);
  return judgement;
}
