/** docs/memory-model.md, rules 28 to 30. */

import { describe, expect, test } from 'vitest';
import { seeded } from '../../sim/random.ts';
import type { SimResult } from '../../sim/result.ts';
import { encodeMessage } from '../../src/actors/node/wire/wire.ts';
import type { ToHome } from '../../src/actors/protocol.ts';
import { childId, FIRST_RUNNER_ID, ROOT_ID, seedOf } from '../../src/memory/ids.ts';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  FIRST_IO,
  family,
  happened,
  newrOf,
  runOrders,
  runSource,
  textIn,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

describe('rule 28: an attempt is a pure function', () => {
  test('of (code, stack image, snapshot, input bytes, seed): an attempt that runs again after a loss does the same', () => {
    const source = family(
      { a: { code: 'a', heap: ['X, 24'], stack: `${Y}, 8` } },
      `${CELLS}
a:
mov ctx.seed, X
mov ctx.id, X+8
add ctx.stack, $1, X+16
${wait('wait')}
exit:c
`,
    );
    const results = Array.from({ length: 30 }, (_, seed) =>
      runSource(source, { config: { ...slices, seed: 7n }, deaths: 2, choose: seeded(seed) }),
    );
    const id = childId(ROOT_ID, 0);

    expect(results.some(({ deaths }) => deaths > 0)).toBe(true);
    for (const result of results.filter(({ summary }) => summary.faults.length === 0))
      expect(wordsAt(result, X, 3)).toEqual([
        BigInt.asIntN(64, seedOf(7n, id)),
        BigInt.asIntN(64, id),
        BigInt(Y + 1),
      ]);
  });

  test('the seed is the same on every attempt and another for another machine seed', () => {
    const source = family(
      {
        a: { code: 'a', heap: ['X, 8', 'SEEN, 8'] },
        b: { code: 'b', heap: ['X, 8'] },
      },
      `${CELLS}
a:
mov ctx.seed, SEEN
mov X, r1
${wait('wait', 20)}
add r1, $1, X
exit:c
b:
add X, $1, X
exit:c
`,
    );
    const results = runOrders(source, 20, { config: slices });
    const other = runSource(source, { config: { seed: 1n } });

    expect(results.some((result) => happened(result, 'conflict').length > 0)).toBe(true);
    expect(new Set(results.map((result) => wordAt(result, SEEN))).size).toBe(1);
    expect(wordAt(other, SEEN)).not.toBe(wordAt(results[0]!, SEEN));
  });
});

/** Runners that all write what they have seen; each makes another one, and a watcher looks on. */
const quarrel = `
${CELLS}
.entry main
main:
${['a', 'b', 'c', 'd', 'w'].map(newrOf).join('\n')}
exit:c
${['a', 'b', 'c', 'd']
  .map(
    (name, i) => `
${name}:
mul X, $3, r1
add r1, $${i + 1}, X
mov $'${name}', ctx.stdout:b
${newrOf('leaf')}
exit:c
${blocksOf(name, { code: name, heap: ['X, 8'] })}
`,
  )
  .join('')}
leaf:
mul Y, $5, r1
add r1, X, Y
exit:c
seen:
add SEEN, X, SEEN
exit:c
${blocksOf('leaf', { code: 'leaf', heap: ['Y, 8'], watched: [] }).replace('leaf.b2: .quad 1, Y, 8', 'leaf.b2: .quad 2, Y, 8, X, 8')}
${blocksOf('w', { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 8'], persistent: true })}
`;

describe('rule 29: --deterministic', () => {
  const outcome = (result: SimResult) =>
    [
      wordAt(result, X),
      wordAt(result, Y),
      wordAt(result, SEEN),
      textIn(result),
      result.summary.version,
    ].join();

  test('real runs decide commit order by arrival and record it', () => {
    const results = runOrders(quarrel, 30, { config: slices });

    expect(new Set(results.map(outcome)).size).toBeGreaterThan(1);
    for (const result of results)
      expect(result.log.map(({ version }) => version)).toEqual(result.log.map((_, i) => i + 1));
  });

  test('any number of RComps, homes and any order of messages give the same memory, bit for bit', () => {
    const outcomes = [1, 2, 5].flatMap((rcomps) =>
      [1, 3].flatMap((homes) =>
        runOrders(quarrel, 6, {
          config: { ...slices, rcomps, homes, deterministic: true },
          duplicates: true,
        }).map(outcome),
      ),
    );

    expect(new Set(outcomes).size).toBe(1);
  });

  test('all runners schedulable at a round’s start share one sv; their commits are decided in the order of the runner tree', () => {
    const [result] = runOrders(quarrel, 1, { config: { ...slices, deterministic: true } });
    const firsts = happened(result!, 'start').filter(
      ({ attempt }) =>
        attempt.number === 1 && [0, 1, 2, 3].some((i) => attempt.runner === childId(ROOT_ID, i)),
    );

    expect(firsts.map(({ sv }) => sv)).toEqual([1, 1, 1, 1]);
    expect(textIn(result!)).toBe('abcd');
  });

  test('losers, newborns, fired watchers enter the next round', () => {
    const [result] = runOrders(quarrel, 1, { config: { ...slices, deterministic: true } });
    const loser = happened(result!, 'start').find(
      ({ attempt }) => attempt.runner === childId(ROOT_ID, 1) && attempt.number === 2,
    )!;
    const leaf = happened(result!, 'start').find(
      ({ attempt }) => attempt.runner === childId(childId(ROOT_ID, 0), 0),
    )!;

    expect(loser.sv).toBe(2);
    expect(leaf.sv).toBe(2);
  });

  test('arrivals enter the next round: none is decided while a round is open', () => {
    const stream = { base: 0x6_0040_0000, length: 64 + 16, io: FIRST_IO };
    const options = {
      config: { ...slices, deterministic: true },
      ios: [{ type: 'stream', stream }] as const,
      inputs: new Map([[FIRST_IO, new Uint8Array(12)]]),
    };
    let arrivals = 0;
    for (const { trace } of runOrders(quarrel, 20, options)) {
      let open = 0;
      for (const { event } of trace) {
        if (event.type === 'runner' && event.state === 'running') open += 1;
        if (event.type === 'runner' && event.state !== 'running' && open > 0) open = 0;
        if (event.type !== 'commit' || event.attempt.runner >= FIRST_RUNNER_ID) continue;
        arrivals += 1;
        expect(open).toBe(0);
      }
    }
    expect(arrivals).toBeGreaterThan(20);
  });

  test('a lost compartment changes no outcome', () => {
    const config = { ...slices, deterministic: true };
    const outcomes = Array.from({ length: 20 }, (_, seed) =>
      runSource(quarrel, { config, deaths: 2, choose: seeded(seed) }),
    ).map(outcome);

    expect(new Set(outcomes)).toEqual(new Set([outcome(runSource(quarrel, { config }))]));
  });
});

describe('rule 30: 64-bit values travel as bytes', () => {
  test.each([2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, -1n])(
    'through stack, commit, merge and output: %i',
    (value) => {
      const source = `
${CELLS}
.equ STACK, 0x700000000
.entry main
main:
${newrOf('a')}
mov $${value}, STACK
exit:c
a:
mov STACK, X
mov STACK, SEEN
exit:c
${blocksOf('a', { code: 'a', stack: 'STACK, 8', heap: ['X, 8', 'SEEN, (1 << 56) + 8'] })}
`;
      const result = runSource(source);

      expect([wordAt(result, X), wordAt(result, SEEN)]).toEqual([value, value]);
    },
  );

  test('on the wire, a word is its eight bytes', () => {
    const runner = 2n ** 63n + 1n;
    const message: ToHome = { type: 'drop', epoch: 1, attempt: { runner, epoch: 1, number: 1 } };
    const frame = Buffer.from(encodeMessage('home', message)).toString('hex');

    expect([frame.includes('8000000000000001'), frame.includes('0100000000000080')]).toContain(true);
  });
});
