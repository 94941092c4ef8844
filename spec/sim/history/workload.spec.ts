import { describe, expect, it } from 'vitest';
import { drawHistoryPlan, sourceOf } from '../../../sim/history/workload.ts';
import { MUTATIONS } from '../../../sim/mutations/all.ts';
import { MACHINE_MUTATIONS } from '../../../sim/mutations/machines.ts';
import { chosen, seeded } from '../../../sim/random.ts';
import { createActor } from '../../../src/actors/actor.ts';
import { type Trial, trial } from '../../support/history/trial.ts';
import { programOf } from '../../support/scenario.ts';

const SEEDS = 200;

/** Planted bugs, and a seed whose history or broken promises showed it; if it does so no more, the next ones are tried. */
const SHOWN: Readonly<Record<keyof typeof MUTATIONS, number>> = {
  'undecided-snapshot': 0,
  'newest-served': 1,
  'answered-too-early': 0,
  'second-fetch-newer': 1,
  'cache-never-asks': 1,
  'private-memory-kept': 0,
  'no-validation': 1,
  'validated-from-next': 1,
  'starts-compared': 64,
  'last-byte-forgotten': 4,
  'page-grain': 6,
  'contributions-conflict': 17,
  'merge-reads-unvalidated': 2,
  'predicates-unvalidated': 2,
  'values-compared': 1,
  'whole-page-written': 1,
  'through-a-double': 1,
  'contribution-applied-twice': 0,
  'stack-committed': 0,
  'output-released-early': 0,
  'output-released-twice': 0,
  'aborted-output-kept': 0,
  'aborted-children-kept': 0,
  'retry-keeps-children': 0,
  'children-before-the-commit': 0,
  'image-not-inherited': 0,
  'stack-not-reset': 0,
  'watching-from-the-commit': 57,
  'fires-early': 2,
  'consumed-at-its-start': 31,
  'stack-smuggled': 3,
  'taken-for-dead': 0,
  'losers-end': 0,
  'deaths-miscounted': 0,
};

/** What the outside cannot tell from a machine that is right, slow or dead. */
const UNSEEN: Readonly<Record<keyof typeof MUTATIONS, string>> = {
  'stamped-in-the-queue': 'an older snapshot is a snapshot; only time tells',
  'starvation-ignored': 'whoever starves gets through in the end',
  'collected-too-early': 'a read below the floor is refused, and the runner runs again',
  'decided-before-staged': 'a home that has nothing staged stops at an invariant',
  'first-home-only': 'the other homes wait, and the machine stands still',
  'touched-by-page': 'a watcher that nothing touched does not answer, and the machine stands still',
  'notice-lost': 'the machine stands still',
  'stale-attempt-accepted': 'an old request mostly loses again; what is left of it stops at an invariant',
  'readers-rejected': 'whoever is rejected runs again, and comes through in the end',
  'version-skipped': 'nobody outside sees the numbers of versions',
  'floor-never-told': 'only memory is wasted',
  'attempt-numbers-reused': 'nobody outside sees the numbers of attempts',
  'fires-twice': 'the index of watchers stops at an invariant',
  'activations-uncounted': 'there are no persistent watchers in these programs',
  'revoked-left-staged': 'only memory is wasted',
  'limits-ignored': 'these programs keep to their limits',
  'room-ignored': 'these programs keep to their limits',
  'summary-miscounts': 'the summary is not looked at',
  'status-forgotten': 'there are no status records in these programs',
  'rounds-by-arrival': 'any order of commits is one',
  'output-overtakes': 'the channel stops at an invariant',
};

describe('histories of the machine', () => {
  it(`of ${SEEDS} drawn programs violate nothing, and some show write skew`, () => {
    const trials = Array.from({ length: SEEDS }, (_, seed) => ({ seed, ...judged(seed) }));

    expect(trials.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(trials.filter(({ allowed }) => allowed.includes('write-skew')).length).toBeGreaterThan(SEEDS / 50);
    expect(trials.reduce((sum, { committed }) => sum + committed, 0)).toBeGreaterThan(SEEDS * 5);
  });

  it.each(Object.entries(SHOWN))('show %s', (name, first) => {
    const create = () => MUTATIONS[name]!.wrap(createActor);
    const seeds = Array.from({ length: SEEDS }, (_, i) => first + i);

    expect(seeds.some((seed) => (trial(seed, create())?.wrong.length ?? 0) > 0)).toBe(true);
  });

  it('show three quarters of the planted bugs of snapshots, commits and runners, and of each other one it is known why not', () => {
    const names = Object.keys(MUTATIONS).sort();
    const own = names.filter((name) => !Object.hasOwn(MACHINE_MUTATIONS, name));

    expect([...Object.keys(SHOWN), ...Object.keys(UNSEEN)].sort()).toEqual(names);
    expect(own.filter((name) => name in SHOWN).length).toBeGreaterThanOrEqual(own.length * 0.75);
  });
});

describe('a drawn plan', () => {
  it('is a function of its choices, and the plainest one is a program too', () => {
    expect(sourceOf(drawHistoryPlan(seeded(1)))).toBe(sourceOf(drawHistoryPlan(seeded(1))));
    expect(() => programOf(sourceOf(drawHistoryPlan(chosen([]))))).not.toThrow();
  });
});

function judged(seed: number): Trial {
  const judgement = trial(seed);
  if (judgement === null) throw new Error(`the simulation of seed ${seed} gives up`);
  return judgement;
}
