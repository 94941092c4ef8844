/** docs/memory-model.md, rules 1 to 8. */

import { describe, expect, test } from 'vitest';
import { sameAttempt } from '../../src/actors/control-block.ts';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  family,
  happened,
  merging,
  type Newborn,
  newrOf,
  runOrders,
  runSource,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

describe('rule 1: snapshot isolation', () => {
  test('an attempt reads its own latest write, else the state at its sv', () => {
    const result = runSource(
      family(
        { child: { code: 'read', heap: ['X, 24'] } },
        `${CELLS}
read:
mov X, r1
mov $7, X
mov $8, X
mov X, X+8
mov r1, X+16
exit:c
`,
        { heap: `.heap ${X}, 8`, entry: `mov $5, ${X}` },
      ),
    );

    expect(wordsAt(result, X, 3)).toEqual([8n, 8n, 5n]);
  });

  const torn = (read: string) =>
    family(
      {
        writer: { code: 'writer', heap: ['X, 8', 'Y, 8'] },
        idle: { code: 'idle' },
        reader: { code: 'reader', heap: ['SEEN, 16', ...(read === 'declared' ? ['X, 8', 'Y, 8'] : [])] },
      },
      `${CELLS}
writer:
mov $1, X
mov $1, Y
exit:c
reader:
mov X, SEEN
${wait('wait')}
mov Y, SEEN+8
exit:c
idle:
${wait('wait.idle')}
exit:c
`,
    );

  test.each(['declared', 'lazy'])(
    'one sv for all its ranges, later extensions included: no torn reads (%s)',
    (read) => {
      const results = [1, 3].flatMap((rcomps) =>
        runOrders(torn(read), 30, { config: { ...slices, rcomps, lazyReads: read === 'lazy' } }),
      );
      const pairs = results.map((result) => wordsAt(result, SEEN, 2));

      expect(pairs.filter(([x, y]) => x !== y)).toEqual([]);
      expect(new Set(pairs.map(([x]) => x))).toEqual(new Set([0n, 1n]));
    },
  );

  test('what others commit meanwhile is not seen, however late a page is fetched', () => {
    const results = runOrders(torn('declared'), 60, { config: { ...slices, cacheBytes: 0, pageSize: 64 } });
    const late = results.filter((result) => {
      const writer = result.log.find(({ spans }) => spans.some(({ base }) => base === X))!;
      const reader = result.log.find(({ spans }) => spans.some(({ base }) => base === SEEN))!;
      return reader.sv < writer.version && writer.version < reader.version;
    });

    expect(late.length).toBeGreaterThan(0);
    for (const result of late) expect(wordsAt(result, SEEN, 2)).toEqual([0n, 0n]);
  });
});

describe('rule 2: strong snapshots', () => {
  test('a commit acknowledged to anyone before an attempt started is in its snapshot', () => {
    for (const result of runOrders(counters(6), 20, { config: slices })) {
      for (const { attempt, sv } of happened(result, 'start')) {
        const before = result.trace.findIndex(
          ({ event }) => event.type === 'start' && event.attempt === attempt,
        );
        const parent = result.trace
          .slice(0, before)
          .findLast(
            ({ event }) =>
              event.type === 'runner' && event.runner === attempt.runner && event.state === 'running',
          );
        expect(sv).toBeGreaterThanOrEqual(parent!.decided);
      }
    }
  });

  test('sv is stamped when the attempt starts, with the newest readable version its node has heard', () => {
    const result = runSource(counters(30), { config: { rcomps: 1, dispatchAhead: 32 } });
    const batches = result.sent.flatMap(({ message }) => (message.type === 'dispatch' ? [message] : []));
    const large = batches.find(({ assignments }) => assignments.length === 30)!;
    const starts = happened(result, 'start').filter(({ attempt }) =>
      large.assignments.some((one) => sameAttempt(one.attempt, attempt)),
    );

    expect(new Set(large.assignments.map(({ at }) => at)).size).toBe(1);
    expect(new Set(starts.map(({ sv }) => sv)).size).toBeGreaterThan(10);
    for (const { sv } of starts) expect(sv).toBeGreaterThanOrEqual(large.assignments[0]!.at);
    expect(wordAt(result, X)).toBe(30n);
  });
});

describe('rule 3: first committer wins, per byte', () => {
  const writers = (first: string, second: string) =>
    family(
      { a: { code: 'a', heap: ['X, 16'] }, b: { code: 'b', heap: ['X, 16'] } },
      `${CELLS}
a:
${wait('wait.a')}
mov $0x11, ${first}
exit:c
b:
${wait('wait.b')}
mov $0x22, ${second}
exit:c
`,
    );

  test('a commit whose written bytes overlap those of any commit in (sv, now] is a conflict', () => {
    const conflicts = runOrders(writers('X:d', 'X+3:d'), 40, { config: slices }).flatMap((result) =>
      happened(result, 'conflict').map((event) => event.with),
    );

    expect(conflicts.length).toBeGreaterThan(0);
    for (const { base, length } of conflicts) expect([base, length]).toEqual([X + 3, 1]);
  });

  test.each([
    ['X:d', 'X+4:d'],
    ['X:b', 'X+1:b'],
    ['X+7:b', 'X+8:q'],
  ])('no false conflicts: neighbours in a word or page never abort each other (%s, %s)', (first, second) => {
    for (const result of runOrders(writers(first, second), 40, { config: slices }))
      expect(happened(result, 'conflict')).toEqual([]);
  });

  test('bytes that an attempt only read are not part of its commit', () => {
    const source = family(
      { a: { code: 'a', heap: ['X, 16'] }, b: { code: 'b', heap: ['X, 16'] } },
      `${CELLS}
a:
mov X+8, r1
${wait('wait.a')}
mov $1, X
exit:c
b:
mov X, r1
${wait('wait.b')}
mov $1, X+8
exit:c
`,
    );

    for (const result of runOrders(source, 30, { config: slices }))
      expect(wordsAt(result, X, 2)).toEqual([1n, 1n]);
  });
});

describe('rule 4: a write is a store, not a difference', () => {
  const blind = family(
    { a: { code: 'a', heap: ['X, 8'] }, b: { code: 'a', heap: ['X, 8'] } },
    `${CELLS}
a:
${wait('wait')}
mov $0, X
exit:c
`,
  );

  test('storing an equal value counts for conflicts: two blind writers of one byte conflict', () => {
    const results = runOrders(blind, 30, { config: slices });

    expect(results.filter((result) => happened(result, 'conflict').length > 0).length).toBeGreaterThan(0);
  });

  test('and for watchers', () => {
    const result = runSource(
      family(
        {
          w: { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 8'] },
          a: { code: 'store', heap: ['X, 8'] },
        },
        `${CELLS}
store:
mov $0, X
exit:c
seen:
mov $1, SEEN
exit:c
`,
      ),
    );

    expect(wordAt(result, SEEN)).toBe(1n);
  });
});

/** Two doctors on call: each goes off duty if the other is on. */
const skew = (a: Partial<Newborn>, b = a, read: 'declared' | 'lazy' = 'declared') => {
  const ranges = (own: string, other: string) => [own, other].slice(0, read === 'lazy' ? 1 : 2);
  return family(
    {
      a: { code: 'a', heap: ranges('X, 8', 'Y, 8'), ...a },
      b: { code: 'b', heap: ranges('Y, 8', 'X, 8'), ...b },
    },
    `${CELLS}
a:
mov Y, r1
${wait('wait.a')}
br:z r1, stay
mov $0, X
exit:c
b:
mov X, r1
${wait('wait.b')}
br:z r1, stay
mov $0, Y
exit:c
stay:
exit:c
`,
    { heap: `.heap ${X}, 8\n.heap ${Y}, 8`, entry: `mov $1, ${X}\nmov $1, ${Y}` },
  );
};

describe('rule 5: write skew', () => {
  const onCall = (results: ReturnType<typeof runOrders>) =>
    new Set(results.map((result) => wordAt(result, X) + wordAt(result, Y)));

  test('write skew is allowed by default', () => {
    expect(onCall(runOrders(skew({}), 40, { config: slices }))).toContain(0n);
  });

  test.each([
    ['runners that ask for it (bit 61)', skew({ serializable: true }), {}],
    ['--serializable', skew({}), { serializable: true }],
    [
      'what was read lazily is validated too',
      skew({ serializable: true }, { serializable: true }, 'lazy'),
      { lazyReads: true },
    ],
  ])('serializable runners also validate what they could read: %s', (_, source, config) => {
    expect(onCall(runOrders(source, 40, { config: { ...slices, ...config } }))).toEqual(new Set([1n]));
  });

  test('the guarantee holds among serializable runners: a plain one beside it may still skew', () => {
    expect(onCall(runOrders(skew({ serializable: true }, {}), 60, { config: slices }))).toContain(0n);
  });

  test('the ranges are the predicates, so there are no phantoms: an insertion into a range that was scanned is a conflict', () => {
    const source = family(
      {
        scan: {
          code: 'scan',
          heap: ['X, 8', 'SEEN, 8'],
          watched: [],
          serializable: true,
        },
        insert: { code: 'insert', heap: ['X, 8'] },
      },
      `${CELLS}
scan:
${wait('wait.scan')}
mov $1, SEEN
exit:c
insert:
mov $1, X
exit:c
`,
    );
    const results = runOrders(source, 40, { config: slices });

    expect(results.flatMap((result) => happened(result, 'conflict')).length).toBeGreaterThan(0);
  });

  test('an attempt without writes, children and output serialises at sv and is never rejected', () => {
    const source = family(
      {
        reader: { code: 'read', heap: ['X, 8'], serializable: true },
        writer: { code: 'write', heap: ['X, 8'] },
      },
      `${CELLS}
read:
mov X, r1
${wait('wait')}
exit:c
write:
mov $1, X
exit:c
`,
    );

    for (const result of runOrders(source, 40, { config: slices }))
      expect(happened(result, 'conflict')).toEqual([]);
  });
});

describe('rule 6: merge types', () => {
  const adders = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`n${i}`, { code: 'add', heap: [`X, ${merging('sum', 8)}`] }]),
  );

  test('the last value that the attempt leaves is the operand; contributions of the same type never conflict', () => {
    const source = family(
      adders,
      `${CELLS}
add:
mov $100, X
${wait('wait')}
mov $3, X
exit:c
`,
      { heap: `.heap ${X}, 8`, entry: `mov $1000, ${X}` },
    );

    for (const result of runOrders(source, 10, { config: slices })) {
      expect(wordAt(result, X)).toBe(1036n);
      expect(happened(result, 'conflict')).toEqual([]);
    }
  });

  test.each([
    ['sum', 12n],
    ['min', 5n],
    ['max', 7n],
    ['and', 5n],
    ['or', 7n],
    ['xor', 2n],
  ] as const)('the commit makes it old %s value: 7 and 5 give %i', (type, expected) => {
    const result = runSource(
      family({ a: { code: 'a', heap: [`X, ${merging(type, 8)}`] } }, `${CELLS}\na:\nmov $5, X\nexit:c\n`, {
        heap: `.heap ${X}, 8`,
        entry: `mov $7, ${X}`,
      }),
    );

    expect(wordAt(result, X)).toBe(expected);
  });

  test('loading the word before storing it returns the snapshot’s value and makes it validated as a read', () => {
    const source = family(
      {
        a: {
          code: 'load',
          heap: [`X, ${merging('sum', 8)}`, 'SEEN, 8'],
        },
        b: { code: 'add', heap: [`X, ${merging('sum', 8)}`] },
      },
      `${CELLS}
load:
mov X, SEEN
${wait('wait')}
mov $10, X
exit:c
add:
mov $1, X
exit:c
`,
    );
    const results = runOrders(source, 40, { config: slices });

    expect(results.flatMap((result) => happened(result, 'conflict')).length).toBeGreaterThan(0);
    for (const result of results) expect(wordAt(result, X)).toBe(11n);
    expect(new Set(results.map((result) => wordAt(result, SEEN)))).toEqual(new Set([0n, 1n]));
  });

  test('a word that is only loaded, never stored, is an ordinary read', () => {
    const source = family(
      {
        a: {
          code: 'load',
          heap: [`X, ${merging('sum', 8)}`, 'SEEN, 8'],
        },
        b: { code: 'add', heap: [`X, ${merging('sum', 8)}`] },
      },
      `${CELLS}
load:
mov X, SEEN
${wait('wait')}
exit:c
add:
mov $1, X
exit:c
`,
    );
    const results = runOrders(source, 40, { config: slices });

    expect(results.some((result) => wordAt(result, SEEN) === 0n)).toBe(true);
    expect(results.flatMap((result) => happened(result, 'conflict'))).toEqual([]);
  });

  test.each([
    ['a plain writer', 8],
    ['one of another type', merging('max', 8)],
  ])('%s conflicts', (_, length) => {
    const source = family(
      {
        a: { code: 'write', heap: [`X, ${merging('sum', 8)}`] },
        b: { code: 'write', heap: [`X, ${length}`] },
      },
      `${CELLS}
write:
${wait('wait')}
mov $1, X
exit:c
`,
    );
    const results = runOrders(source, 40, { config: slices });

    expect(results.flatMap((result) => happened(result, 'conflict')).length).toBeGreaterThan(0);
  });

  test.each(['mov $1, X:d', 'mov $1, X+4', 'mov $1, X+1:b'])(
    'a partial or unaligned store there is the fault bad-merge-store: %s',
    (store) => {
      const result = runSource(
        family({ a: { code: 'a', heap: [`X, ${merging('sum', 16)}`] } }, `${CELLS}\na:\n${store}\nexit:c\n`),
      );

      expect(result.summary.faults.map(({ fault }) => fault.cause)).toEqual(['bad-merge-store']);
    },
  );
});

describe('rule 7: atomic, in order', () => {
  test('all of a decided commit is visible to a snapshot at or above its version, or none', () => {
    const source = family(
      Object.fromEntries([
        [
          'writer',
          {
            code: 'write',
            heap: ['X, 8', 'Y, 8'],
          },
        ],
        ...[0, 1, 2, 3].map((i) => [
          `r${i}`,
          {
            code: 'read',
            heap: ['X, 8', 'Y, 8', `SEEN+${16 * i}, 16`],
          },
        ]),
      ]),
      `${CELLS}
write:
mov $1, X
mov $1, Y
exit:c
read:
mov X, r1
mov Y, r2
mov ctx.heap_list, r5
mov 32(r5), r6
mov r1, (r6)
mov r2, 8(r6)
exit:c
`,
    );
    const results = runOrders(source, 40, { config: { ...slices, rcomps: 2 } });
    const pairs = results.flatMap((result) => [0, 1, 2, 3].map((i) => wordsAt(result, SEEN + 16 * i, 2)));

    expect(pairs.filter(([x, y]) => x !== y)).toEqual([]);
    expect(pairs.some(([x]) => x === 1n)).toBe(true);
    expect(pairs.some(([x]) => x === 0n)).toBe(true);
  });
});

/** So many runners that each add one to X, as conflicts allow. */
function counters(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  return `
${CELLS}
.entry main
main:
${names.map(() => newrOf('n')).join('\n')}
exit:c
count:
add X, $1, X
exit:c
${blocksOf('n', { code: 'count', heap: ['X, 8'] })}
`;
}
