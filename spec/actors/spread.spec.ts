import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { MASTER_NODE } from '../../src/actors/placement.ts';
import { type Kept, type Plan, planSpread, type SpreadOptions } from '../../src/actors/spread.ts';
import { runs } from '../support/runs.ts';

const ready = (...nodes: number[]): Kept[] => nodes.map((node) => ({ node, state: 'ready' }));

/** What a plan makes of the homes once all of it is done. */
function carriedOut(homes: readonly (readonly Kept[])[], { add, retire }: Plan): Kept[][] {
  const after = homes.map((kept) =>
    kept.filter(({ state }) => state !== 'going').map((one): Kept => ({ ...one, state: 'ready' })),
  );
  for (const { home, node } of add) after[home]!.push({ node, state: 'ready' });
  for (const { home, node } of retire) after[home] = after[home]!.filter((one) => one.node !== node);
  return after;
}

/** Plans until there is nothing to change. */
function settle(
  homes: readonly (readonly Kept[])[],
  nodes: readonly number[],
  options: SpreadOptions,
): Kept[][] {
  let now = homes.map((kept) => [...kept]);
  for (let step = 0; step < 100; step += 1) {
    const plan = planSpread(now, nodes, options);
    if (plan.add.length === 0 && plan.retire.length === 0) return now;
    now = carriedOut(now, plan);
  }
  throw new Error('it never comes to rest');
}

/** Homes at some of up to six nodes, some of which are to be relieved; the master's node is always there. */
const anySpread = fc
  .record({
    replicas: fc.integer({ min: 1, max: 4 }),
    keepsAll: fc.boolean(),
    others: fc.uniqueArray(fc.integer({ min: 1, max: 5 })),
    homes: fc.array(fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 20,
    }),
  })
  .map(({ replicas, keepsAll, others, homes }) => ({
    options: { replicas, keepsAll },
    nodes: [MASTER_NODE, ...others],
    // Where the master's node keeps all, it has done so from the beginning.
    homes: homes.map((nodes) => ready(...new Set(keepsAll ? [MASTER_NODE, ...nodes] : nodes))),
  }));

describe('pages come to be kept', () => {
  const always = (
    name: string,
    check: (
      spread: { homes: readonly (readonly Kept[])[]; nodes: readonly number[]; options: SpreadOptions },
      after: Kept[][],
    ) => void,
  ) =>
    it(name, () => {
      fc.assert(
        fc.property(anySpread, (spread) => check(spread, settle(spread.homes, spread.nodes, spread.options))),
        runs(500),
      );
    });

  always('by as many nodes as they shall be, none of them one that leaves', ({ nodes, options }, after) => {
    for (const kept of after) {
      expect(new Set(kept.map(({ node }) => node)).size).toBe(Math.min(options.replicas, nodes.length));
      for (const { node } of kept) expect(nodes).toContain(node);
    }
  });

  always('evenly: no node keeps two homes more than another', ({ nodes, options }, after) => {
    const movable = nodes.filter((node) => !(options.keepsAll && node === MASTER_NODE));
    // With one replica, which the master's node keeps, there is nothing to spread.
    if (movable.length === 0 || (options.keepsAll && options.replicas === 1)) return;
    const loads = movable.map((node) => after.filter((kept) => kept.some((one) => one.node === node)).length);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });

  always('by the master’s node, all of them, where its log needs them', ({ options }, after) => {
    if (options.keepsAll)
      for (const kept of after) expect(kept.map(({ node }) => node)).toContain(MASTER_NODE);
  });
});

test('nobody lets go before enough others have everything', () => {
  const options = { replicas: 2, keepsAll: false };
  const coming: Kept[] = [...ready(1, 2), { node: 0, state: 'coming' }];

  expect(planSpread([ready(1, 2)], [0, 2], options)).toEqual({ add: [{ home: 0, node: 0 }], retire: [] });
  expect(planSpread([coming], [0, 2], options)).toEqual({ add: [], retire: [] });
  expect(planSpread([ready(1, 2, 0)], [0, 2], options)).toEqual({ add: [], retire: [{ home: 0, node: 1 }] });
});

test('a node that lets go of a home gets it back only once it has', () => {
  const going: Kept[] = [...ready(0), { node: 1, state: 'going' }];

  expect(planSpread([going], [0, 1], { replicas: 2, keepsAll: false })).toEqual({ add: [], retire: [] });
});

test('nothing is moved while something moves, unless it must', () => {
  const homes: Kept[][] = [
    ready(0, 1),
    ready(0, 1),
    ready(0, 1),
    [...ready(0), { node: 1, state: 'coming' }],
  ];

  expect(planSpread(homes, [0, 1, 2], { replicas: 2, keepsAll: false })).toEqual({ add: [], retire: [] });
});
