/** docs/memory-model.md, "Anomalies": which can happen and which cannot, over many orders of messages. */

import { describe, expect, test } from 'vitest';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import { family, happened, runOrders, wordAt, wordsAt } from '../support/scenario.ts';

/** Nothing stays in any cache, and pages are small: every look is a conversation. */
const config = { ...slices, cacheBytes: 0, pageSize: 64 };

/** Orders on machines of different sizes, so that attempts overlap and follow each other. */
function orders(source: string) {
  return [1, 2, 4].flatMap((rcomps) => runOrders(source, 30, { config: { ...config, rcomps } }));
}

/** A runner that copies X, then after a while Y, to two words at SEEN + 16i. */
const reader = (i: number, first = 'X', second = 'Y') => `
look${i}:
mov ${first}, SEEN+${16 * i}
${wait(`looking${i}`)}
mov ${second}, SEEN+${16 * i + 8}
exit:c
`;
const looks = (i: number) => ({ code: `look${i}`, heap: ['X, 8', 'Y, 8', `SEEN+${16 * i}, 16`] });
const idle = { code: 'idle' };
const idling = `idle:\n${wait('idling')}\nexit:c\n`;

describe('cannot happen', () => {
  test.each(['exit:a', 'div $1, $0, r1'])(
    'dirty read: of a runner that ends by %s nothing is ever seen',
    (ending) => {
      const source = family(
        { w: { code: 'write', heap: ['X, 8', 'Y, 8'] }, a: idle, r: looks(0) },
        `${CELLS}\nwrite:\nmov $1, X\nmov $1, Y\n${wait('writing')}\n${ending}\n${idling}${reader(0)}`,
      );
      for (const result of orders(source)) expect(wordsAt(result, SEEN, 2)).toEqual([0n, 0n]);
    },
  );

  test('dirty read: a write that is made twice by one attempt is seen only as it was committed', () => {
    const source = family(
      { w: { code: 'write', heap: ['X, 8', 'Y, 8'] }, a: idle, r: looks(0) },
      `${CELLS}\nwrite:\nmov $1, X\n${wait('writing')}\nmov $2, X\nmov $2, Y\nexit:c\n${idling}${reader(0)}`,
    );
    const seen = orders(source).map((result) => wordsAt(result, SEEN, 2).join());

    expect(new Set(seen)).toEqual(new Set(['0,0', '2,2']));
  });

  test('lost update', () => {
    const add = (i: number) => `add${i}:\nmov X, r1\n${wait(`adding${i}`, 10)}\nadd r1, $1, X\nexit:c\n`;
    const source = family(
      {
        a: { code: 'add0', heap: ['X, 8'] },
        b: { code: 'add1', heap: ['X, 8'] },
        c: { code: 'add1', heap: ['X, 8'] },
      },
      `${CELLS}${add(0)}${add(1)}`,
    );
    const results = orders(source);

    expect(results.some((result) => happened(result, 'conflict').length > 0)).toBe(true);
    for (const result of results) expect(wordAt(result, X)).toBe(3n);
  });

  const writer = `write:\nmov $1, X\nmov $1, Y\nexit:c\n`;

  test.each([
    ['non-repeatable read', 'X', 'X'],
    ['phantom: a range that is scanned twice', 'Y', 'Y'],
    ['torn read', 'X', 'Y'],
  ])('%s', (_, first, second) => {
    const source = family(
      { w: { code: 'write', heap: ['X, 8', 'Y, 8'] }, a: idle, r: looks(0), s: looks(1) },
      `${CELLS}${writer}${idling}${reader(0, first, second)}${reader(1, first, second)}`,
    );
    const seen = orders(source).flatMap((result) =>
      [0, 1].map((i) => wordsAt(result, SEEN + 16 * i, 2).join()),
    );

    expect(new Set(seen)).toEqual(new Set(['0,0', '1,1']));
  });

  test('long fork: two readers never see two independent commits in different orders', () => {
    const source = family(
      {
        r: looks(0),
        v: { code: 'one', heap: ['X, 8'] },
        w: { code: 'two', heap: ['Y, 8'] },
        s: looks(1),
        t: looks(2),
        u: looks(3),
      },
      `${CELLS}\none:\nmov $1, X\nexit:c\ntwo:\nmov $1, Y\nexit:c\n${[0, 1, 2, 3].map((i) => reader(i)).join('')}`,
    );
    const half = orders(source).map((result) => {
      const views = [0, 1, 2, 3].map((i) => wordsAt(result, SEEN + 16 * i, 2).join());
      return new Set(views.filter((view) => view === '1,0' || view === '0,1'));
    });

    expect(half.filter((views) => views.size > 1)).toEqual([]);
    expect(new Set(half.flatMap((views) => [...views]))).toEqual(new Set(['1,0', '0,1']));
  });

  test('stale snapshot: a watcher’s runner and a child see the commit that they follow', () => {
    const source = family(
      {
        w: { code: 'look0', watched: ['X, 8'], heap: ['X, 8', 'Y, 8', 'SEEN, 16'] },
        a: { code: 'write', heap: ['X, 8', 'Y, 8'] },
      },
      `${CELLS}${writer}${reader(0)}`,
    );
    for (const result of orders(source)) expect(wordsAt(result, SEEN, 2)).toEqual([1n, 1n]);
  });
});

test('can happen: write skew, in which each writes what the other has only read', () => {
  const source = family(
    { a: { code: 'a', heap: ['X, 8', 'Y, 8'] }, b: { code: 'b', heap: ['X, 8', 'Y, 8'] } },
    `${CELLS}\na:\nbr:nz Y, none\n${wait('a.waits')}\nmov $1, X\nexit:c\nb:\nbr:nz X, none\n${wait('b.waits')}\nmov $1, Y\nexit:c\nnone:\nexit:c\n`,
  );
  const ends = orders(source).map((result) => `${wordAt(result, X)},${wordAt(result, Y)}`);
  const safe = [1, 2, 4].flatMap((rcomps) =>
    runOrders(source, 30, { config: { ...config, rcomps, serializable: true } }).map(
      (result) => `${wordAt(result, X)},${wordAt(result, Y)}`,
    ),
  );

  expect(ends).toContain('1,1');
  expect(safe).not.toContain('1,1');
});
