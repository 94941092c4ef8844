/** docs/memory-model.md, rules 20 to 24. */

import { describe, expect, test } from 'vitest';
import { seeded } from '../../sim/random.ts';
import type { SimResult } from '../../sim/result.ts';
import { childId, ROOT_ID } from '../../src/memory/ids.ts';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  causes,
  family,
  happened,
  newrOf,
  runOrders,
  runSource,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

/** A version of the log that wrote a byte at `address`. */
const versionsOf = (result: SimResult, address: number) =>
  result.log
    .filter(({ spans }) => spans.some(({ base, length }) => base <= address && address < base + length))
    .map(({ version }) => version);

describe('rule 20: a watcher watches from its creator’s sv', () => {
  /** The creator reads X, waits, then creates a watcher of X; another writes X at some time. */
  const lateCreator = `
${CELLS}
.entry main
main:
${newrOf('creator')}
${newrOf('writer')}
exit:c
creator:
${wait('creating')}
${newrOf('w')}
exit:c
writer:
mov $1, X
exit:c
seen:
mov X, SEEN
exit:c
${blocksOf('creator', { code: 'creator' })}
${blocksOf('writer', { code: 'writer', heap: ['X, 8'] })}
${blocksOf('w', { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 8'] })}
`;

  test('any other runner’s commit after that version fires it, even one decided before the creator’s own commit', () => {
    const results = runOrders(lateCreator, 60, { config: slices });
    const early = results.filter((result) => {
      const creator = result.log.find(({ run }) => run?.attempt.runner === childId(ROOT_ID, 0))!;
      const [written] = versionsOf(result, X);
      return creator.sv < written! && written! < creator.version;
    });

    expect(early.length).toBeGreaterThan(0);
    for (const result of early) expect(wordAt(result, SEEN)).toBe(1n);
  });

  test('a commit that the creator saw does not fire it', () => {
    const source = `
${CELLS}
.heap X, 8
.entry main
main:
mov $1, X
${newrOf('creator')}
exit:c
creator:
${newrOf('w')}
exit:c
seen:
exit:c
${blocksOf('creator', { code: 'creator' })}
${blocksOf('w', { code: 'seen', watched: ['X, 8'] })}
`;

    expect(runSource(source).summary.counts.watching).toBe(1);
  });

  test('the creator’s own writes do not fire it', () => {
    const source = `
${CELLS}
.heap X, 8
.entry main
main:
mov $1, X
${newrOf('w')}
mov $2, X
exit:c
seen:
exit:c
${blocksOf('w', { code: 'seen', watched: ['X, 8'] })}
`;

    expect(runSource(source).summary.counts.watching).toBe(1);
  });

  test('creating a watcher conflicts with nothing', () => {
    for (const result of runOrders(lateCreator, 40, { config: slices }))
      expect(happened(result, 'conflict')).toEqual([]);
  });

  test('a watcher that re-creates itself never loses a wake-up', () => {
    const source = `
${CELLS}
.equ A, X
.equ B, Y
.entry main
main:
${newrOf('w')}
${newrOf('a')}
${newrOf('b')}
exit:c
one:
mov $1, A
exit:c
two:
${wait('later', 5)}
mov $1, B
exit:c
both:
mov A, r1
mov B, r2
${wait('thinking', 8)}
and r1, r2, r3
br:nz r3, done
${newrOf('w')}
exit:c
done:
mov $1, SEEN
exit:c
${blocksOf('w', { code: 'both', watched: ['A, 8', 'B, 8'], heap: ['SEEN, 8'] })}
${blocksOf('a', { code: 'one', heap: ['A, 8'] })}
${blocksOf('b', { code: 'two', heap: ['B, 8'] })}
`;
    let recreated = 0;
    for (const result of runOrders(source, 300, { config: slices })) {
      expect(wordAt(result, SEEN)).toBe(1n);
      expect(result.summary.counts.watching).toBe(0);
      if (result.summary.counts.committed === 5) recreated += 1;
    }
    expect(recreated).toBeGreaterThan(0);
  });

  test.each([
    ['the byte before', 'X-1:b', 1],
    ['the first byte', 'X:b', 0],
    ['the last byte', 'X+7:b', 0],
    ['the byte after', 'X+8:b', 1],
  ])('a write to %s', (_, cell, watching) => {
    const source = family(
      { w: { code: 'seen', watched: ['X, 8'] }, a: { code: 'write', heap: ['X-8, 24'] } },
      `${CELLS}\nseen:\nexit:c\nwrite:\nmov $1, ${cell}\nexit:c\n`,
    );

    expect(runSource(source).summary.counts.watching).toBe(watching);
  });

  test('a runner whose watched ranges are all empty watches for ever', () => {
    const source = family({ w: { code: 'seen', watched: ['X, 0'] } }, `${CELLS}\nseen:\nexit:c\n`);

    expect(runSource(source).summary.watchers).toMatchObject([{ ranges: [] }]);
  });
});

describe('rule 21: one shot', () => {
  const watched = family(
    {
      w: { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 8'] },
      a: { code: 'write', heap: ['X, 8'] },
      b: { code: 'write', heap: ['X, 8'] },
      c: { code: 'write', heap: ['X, 8'] },
    },
    `${CELLS}\nseen:\nadd SEEN, X, SEEN\nexit:c\nwrite:\nadd X, $1, X\nexit:c\n`,
  );

  test('it becomes a runner once, with a snapshot taken at its start, so many commits coalesce', () => {
    const results = runOrders(watched, 60, { config: { ...slices, rcomps: 2 } });

    for (const result of results) {
      expect(happened(result, 'fired')).toHaveLength(1);
      expect(result.summary.counts.watching).toBe(0);
    }
    const seen = new Set(results.map((result) => wordAt(result, SEEN)));
    expect(seen.size).toBeGreaterThan(1);
    expect(seen).not.toContain(0n);
  });

  test('it is consumed when that runner finishes: a retry keeps the trigger', () => {
    const source = family(
      {
        w: { code: 'seen', watched: ['X, 8'], heap: ['Y, 8'] },
        a: { code: 'write', heap: ['X, 8'] },
        b: { code: 'count', heap: ['Y, 8'] },
        c: { code: 'count', heap: ['Y, 8'] },
      },
      `${CELLS}
seen:
mov Y, r1
${wait('seeing', 20)}
add r1, $100, Y
exit:c
write:
mov $1, X
exit:c
count:
mov Y, r1
${wait('counting', 20)}
add r1, $1, Y
exit:c
`,
    );
    const results = runOrders(source, 40, { config: slices });
    const w = childId(ROOT_ID, 0);

    expect(
      results.some((result) => happened(result, 'conflict').some(({ attempt }) => attempt.runner === w)),
    ).toBe(true);
    for (const result of results) expect(wordAt(result, Y)).toBe(102n);
  });

  test('activation is idempotent, and a lost compartment keeps the trigger', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const result = runSource(watched, {
        config: slices,
        duplicates: true,
        slowLinks: true,
        deaths: 2,
        choose: seeded(seed),
      });
      const committed = result.log.filter(({ attempt }) => attempt.runner === childId(ROOT_ID, 0));
      expect(committed).toHaveLength(1);
    }
  });
});

describe('rule 22: persistent watchers', () => {
  /** Counts its activations in SEEN; ends as `ending` says at the second one. */
  const counting = (ending: string, writers = 3) =>
    family(
      {
        w: { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 16'], persistent: true },
        ...Object.fromEntries(
          Array.from({ length: writers }, (_, i) => [`a${i}`, { code: 'write', heap: ['X, 8'] }]),
        ),
      },
      `${CELLS}
seen:
add SEEN, $1, SEEN
mov X, SEEN+8
br:e SEEN, $2, second
exit:c
second:
${ending}
write:
${wait('writing', 15)}
add X, $1, X
exit:c
`,
    );

  test('each activation is a runner of its own, id a function of (watcher, n)', () => {
    const w = childId(ROOT_ID, 0);
    for (const result of runOrders(counting('exit:c'), 20, { config: slices })) {
      const activations = Number(wordAt(result, SEEN));
      const ids = Array.from({ length: activations }, (_, n) => childId(w, n));
      const started = result.log.map(({ attempt }) => attempt.runner).filter((id) => ids.includes(id));
      expect(started).toEqual(ids);
    }
  });

  test('when it ends the watcher watches again from that activation’s sv, so nothing is missed', () => {
    const results = runOrders(counting('exit:c'), 60, { config: slices });

    for (const result of results) {
      expect(wordAt(result, SEEN + 8)).toBe(3n);
      expect(result.summary.counts.watching).toBe(1);
    }
    expect(new Set(results.map((result) => wordAt(result, SEEN))).size).toBeGreaterThan(1);
  });

  test('by exit:a, too', () => {
    const source = counting('exit:a').replace('br:e SEEN, $2, second', 'br:e X, $1, second');
    for (const result of runOrders(source, 30, { config: slices })) {
      expect(wordAt(result, SEEN + 8)).toBe(3n);
      expect(result.summary.counts.watching).toBe(1);
    }
  });

  test.each([
    ['exit:cd ends it', 'exit:cd', 2n],
    ['exit:ad ends it', 'exit:ad', 1n],
    ['a fault ends it', 'div $1, $0, r1', 1n],
  ])('%s', (_, ending, activations) => {
    const source = counting(ending).replace('add X, $1, X', 'add X, $1, X\n');
    const results = runOrders(source, 40, { config: slices });
    const ended = results.filter((result) => result.summary.counts.watching === 0);

    expect(ended.length).toBeGreaterThan(0);
    for (const result of ended) expect(wordAt(result, SEEN)).toBe(activations);
    for (const result of results.filter((one) => !ended.includes(one))) expect(wordAt(result, SEEN)).toBe(1n);
  });

  test('at most one activation at a time', () => {
    const w = childId(ROOT_ID, 0);
    for (const result of runOrders(counting('exit:c', 6), 20, { config: slices })) {
      const ids = new Set(Array.from({ length: 8 }, (_, n) => childId(w, n)));
      let alive = 0;
      for (const { runner, state } of happened(result, 'runner')) {
        if (!ids.has(runner)) continue;
        if (state === 'created') alive += 1;
        if (state === 'finished') alive -= 1;
        expect(alive).toBeLessThanOrEqual(1);
      }
    }
  });

  test('an activation’s own commit does not fire its watcher', () => {
    const source = family(
      {
        w: { code: 'seen', watched: ['X, 8'], heap: ['X, 8', 'SEEN, 8'], persistent: true },
        a: { code: 'write', heap: ['X, 8'] },
      },
      `${CELLS}\nseen:\nadd SEEN, $1, SEEN\nadd X, $1, X\nexit:c\nwrite:\nmov $1, X\nexit:c\n`,
    );
    const result = runSource(source);

    expect([wordAt(result, SEEN), wordAt(result, X)]).toEqual([1n, 2n]);
    expect(result.summary.counts.watching).toBe(1);
  });

  test('an activation that is ended by conflict watches again from its sv, like an abort', () => {
    const source = family(
      {
        w: { code: 'seen', watched: ['X, 8'], heap: ['Y, 8'], persistent: true },
        a: { code: 'write', heap: ['X, 8'] },
        b: { code: 'count', heap: ['Y, 8'] },
      },
      `${CELLS}
seen:
mov Y, r1
${wait('seeing', 20)}
add r1, $100, Y
exit:c
write:
mov $1, X
exit:c
count:
mov Y, r1
${wait('counting', 25)}
add r1, $1, Y
exit:c
`,
    );
    const results = runOrders(source, 60, { config: { ...slices, onConflict: 'abort' } });
    const ended = results.filter((result) =>
      happened(result, 'conflict').some(({ attempt }) => attempt.runner === childId(childId(ROOT_ID, 0), 0)),
    );

    expect(ended.length).toBeGreaterThan(0);
    for (const result of ended) expect(result.summary.counts.watching).toBe(1);
  });
});

describe('rule 23: attempts that are not decided fire nothing', () => {
  test.each([
    ['aborted', 'exit:a'],
    ['faulted', 'div $1, $0, r1'],
  ])('%s', (_, ending) => {
    const source = family(
      { w: { code: 'seen', watched: ['X, 8'] }, a: { code: 'write', heap: ['X, 8'] } },
      `${CELLS}\nseen:\nexit:c\nwrite:\nmov $1, X\n${ending}\n`,
    );
    const result = runSource(source);

    expect(happened(result, 'fired')).toEqual([]);
    expect(result.summary.counts.watching).toBe(1);
  });

  test('lost: each loser’s write is seen once, when it has won', () => {
    const source = family(
      {
        w: { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 8'], persistent: true },
        a: { code: 'write', heap: ['X, 8'] },
        b: { code: 'write', heap: ['X, 8'] },
      },
      `${CELLS}\nseen:\nexit:c\nwrite:\nmov X, r1\n${wait('writing', 10)}\nadd r1, $1, X\nexit:c\n`,
    );
    for (const result of runOrders(source, 30, { config: slices })) {
      const written = versionsOf(result, X);
      for (const { version } of happened(result, 'fired')) expect(written).toContain(version);
    }
  });

  test('status records can be watched', () => {
    const source = family(
      {
        w: { code: 'seen', watched: ['Y, 64'], heap: ['SEEN, 8'] },
        a: { code: 'fail', status: 'Y' },
      },
      `${CELLS}\nseen:\nmov Y, SEEN\nexit:c\nfail:\ndiv $1, $0, r1\n`,
    );
    const result = runSource(source);

    expect(causes(result)).toEqual(['divide-by-zero']);
    expect(wordAt(result, SEEN)).toBe(3n);
  });
});

describe('rule 24: a function of the log alone', () => {
  test('which watchers fire, and on which commit first', () => {
    const source = family(
      {
        v: { code: 'leave', watched: ['X, 8'] },
        w: { code: 'leave', watched: ['Y, 8', 'X+4, 1'] },
        a: { code: 'one', heap: ['X, 8'] },
        b: { code: 'two', heap: ['Y, 8'] },
        c: { code: 'two', heap: ['Y, 8'] },
      },
      `${CELLS}\nleave:\nexit:c\none:\nmov $1, X:b\nexit:c\ntwo:\nmov $1, Y\nexit:c\n`,
    );
    const orders = runOrders(source, 40, { config: slices });

    for (const result of orders) {
      const fired = happened(result, 'fired').map(({ watcher, version }) => ({ watcher, version }));
      expect(fired).toHaveLength(2);
      expect(fired).toContainEqual({ watcher: childId(ROOT_ID, 0), version: versionsOf(result, X)[0] });
      expect(fired).toContainEqual({ watcher: childId(ROOT_ID, 1), version: versionsOf(result, Y)[0] });
    }
    expect(new Set(orders.map((result) => versionsOf(result, X)[0])).size).toBeGreaterThan(1);
    expect(orders.map((result) => wordsAt(result, X, 1))).toEqual(orders.map(() => [1n]));
  });
});
