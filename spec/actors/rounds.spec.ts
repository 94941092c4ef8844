import { describe, expect, it } from 'vitest';
import { changing } from '../../sim/mutations/mutation.ts';
import { createActor } from '../../src/actors/actor.ts';
import { family, runSource, wordAt } from '../support/scenario.ts';

const COUNTER = 0x6_0000_0000;

const COUNTERS = family(
  Object.fromEntries(
    [0, 1, 2, 3, 4].map((i) => [`r${i}`, { code: 'count', heap: [`${COUNTER + 8 * i}, 8`] }]),
  ),
  'count: mov (ctx.heap_list), r0\nadd (r0), $1, (r0)\nexit:c',
);

describe('deterministic rounds (rule 29)', () => {
  it('come to their end also when a round has more members than its agent has room for', () => {
    const config = { deterministic: true, rcomps: 1, dispatchAhead: 0 };
    const { summary } = runSource(COUNTERS, { config });
    expect(summary.counts.committed).toBe(6);
  });

  it('keep what a member has staged when its request for the commit is repeated before the verdict (I29)', () => {
    const twice = changing('master', (receive) => (message) => [...receive(message), ...receive(message)]);
    const result = runSource(COUNTERS, {
      config: { deterministic: true, rcomps: 1 },
      create: twice(createActor),
    });
    expect([0, 1, 2, 3, 4].map((i) => wordAt(result, COUNTER + 8 * i))).toEqual([1n, 1n, 1n, 1n, 1n]);
  });
});
