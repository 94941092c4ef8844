import { describe, expect, it } from 'vitest';
import {
  DEFAULT_EXPLORATION,
  type ExploreOptions,
  explore,
  replay,
} from '../../../sim/exhaustive/explore.ts';
import { inspected } from '../../../sim/exhaustive/judge.ts';
import { distinctMemories } from '../../../sim/exhaustive/memories.ts';
import { SMALL_PROGRAMS, X, Y, Z } from '../../../sim/exhaustive/programs.ts';
import { differences } from '../../../sim/final-memory.ts';
import type { SimResult } from '../../../sim/result.ts';
import { happened, wordAt } from '../../support/scenario.ts';

type Name = keyof typeof SMALL_PROGRAMS;

/** Executions of a program that is not explored to the end here. */
const MOST = 12;

/** True so many times. */
function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

/** What the orders of a program leave behind, as text, each once. */
function outcomesOf(
  name: Name,
  outcomeOf: (result: SimResult) => string,
  options: Partial<ExploreOptions> = {},
): { readonly outcomes: string[]; readonly complete: boolean } {
  const { program, config } = SMALL_PROGRAMS[name];
  const outcomes = new Set<string>();
  const { complete } = explore(program, {
    ...DEFAULT_EXPLORATION,
    config,
    seen: (result) => outcomes.add(outcomeOf(result)),
    ...options,
  });
  return { outcomes: [...outcomes].sort(), complete };
}

const words =
  (...addresses: number[]) =>
  (result: SimResult) =>
    addresses.map((address) => wordAt(result, address)).join();

describe('every order keeps the invariants', () => {
  it.each(['one-child', 'watcher', 'late-watcher', 'aborting-parent'] as const)(
    'of %s: all of them',
    (name) => {
      const { program, config } = SMALL_PROGRAMS[name];

      expect(explore(program, { ...DEFAULT_EXPLORATION, config, observers: inspected })).toMatchObject({
        complete: true,
        violation: null,
      });
    },
  );

  it.each(Object.keys(SMALL_PROGRAMS) as Name[])('of %s, also if an RComp dies: the first ones', (name) => {
    const { program, config } = SMALL_PROGRAMS[name];
    for (const death of [false, true]) {
      const goOn = times(MOST);

      expect(
        explore(program, { ...DEFAULT_EXPLORATION, config, observers: inspected, death, goOn }).violation,
      ).toBeNull();
    }
  });
});

describe('what a program leaves behind', () => {
  it('of two blind writers is what the later commit wrote, and either may be the later one', () => {
    const { program, config } = SMALL_PROGRAMS['blind-writers'];
    const { exploration, memories } = distinctMemories(program, { ...DEFAULT_EXPLORATION, config });
    const [one, other] = memories;

    expect(exploration.complete).toBe(true);
    expect(memories.map(({ changed }) => [...changed]).sort()).toEqual([[[X, 1]], [[X, 2]]]);
    expect(differences(program, one!.changed, other!.changed)).toEqual([
      { address: X, bytes: [one!.changed.get(X), other!.changed.get(X)] },
    ]);
    for (const { order, changed } of memories)
      expect(replay(program, { ...DEFAULT_EXPLORATION, config }, order).byteAt(X)).toBe(changed.get(X));
  });

  it('of two that add 1 to one word is 2, though one of them always loses at first', () => {
    const outcome = (result: SimResult) =>
      `${wordAt(result, X)} after ${happened(result, 'conflict').length}`;

    expect(outcomesOf('lost-update', outcome, { goOn: times(300) }).outcomes).toEqual(['2 after 1']);
  });

  it('of two that contribute to a sum is the sum, and nobody loses', () => {
    const outcome = (result: SimResult) =>
      `${wordAt(result, X)} after ${happened(result, 'conflict').length}`;

    expect(outcomesOf('merge', outcome)).toEqual({ outcomes: ['3 after 0'], complete: true });
  });

  it('is write skew in some order, and in none if runners are serializable', () => {
    const { config } = SMALL_PROGRAMS['write-skew'];
    const serializable = { config: { ...config, serializable: true } };

    expect(outcomesOf('write-skew', words(X, Y))).toEqual({ outcomes: ['1,0', '1,1'], complete: true });
    expect(
      outcomesOf('write-skew', words(X, Y), { ...serializable, goOn: times(300) }).outcomes,
    ).not.toContain('1,1');
  });

  it('of a commit on two homes is seen whole or not at all', () => {
    const goOn = times(800);

    expect(outcomesOf('torn-read', words(Z, Z + 8), { goOn }).outcomes).toEqual(['0,0', '1,1']);
  });

  it('of a watcher that is made meanwhile is what it watched', () => {
    expect(outcomesOf('late-watcher', words(Z))).toEqual({ outcomes: ['1'], complete: true });
  });

  it('of a runner that aborts is nothing', () => {
    expect(outcomesOf('aborting-parent', words(X, Z), { death: true })).toEqual({
      outcomes: ['0,0'],
      complete: true,
    });
  });
});
