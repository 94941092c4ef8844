import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IntervalMap } from '../../src/memory/interval-map.ts';
import { anyRange, bytesOf, STRIP } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

interface Tag {
  readonly version: number;
  readonly sum: number;
}

type Step =
  | { readonly type: 'assign' | 'update' | 'find'; readonly base: number; readonly length: number }
  | { readonly type: 'drop'; readonly share: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('assign' as const, 'update' as const, 'find' as const), anyRange)
      .filter(([, { length }]) => length > 0)
      .map(([type, range]) => ({ type, ...range })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('drop' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

/** One new tag for each run of equal old sums, so that adjacent results may be one value. */
function added(version: number): (old: Tag | null) => Tag {
  const made = new Map<number, Tag>();
  return (old) => {
    const sum = ((old?.sum ?? 0) + 1) % 3;
    const tag = made.get(sum) ?? { version, sum };
    made.set(sum, tag);
    return tag;
  };
}

describe('interval maps', () => {
  test('a map of intervals is a map of bytes', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
        const map = new IntervalMap<Tag>();
        const bytes = new Map<number, Tag>();
        for (const [i, step] of steps.entries()) {
          const version = i + 1;
          if (step.type === 'drop') {
            const through = Math.floor(step.share * version);
            map.dropThrough(through);
            for (const [byte, tag] of bytes) if (tag.version <= through) bytes.delete(byte);
          } else if (step.type === 'assign') {
            const tag = { version, sum: 0 };
            map.assign(step.base, step.base + step.length, tag);
            for (const byte of bytesOf([step])) bytes.set(byte, tag);
          } else if (step.type === 'update') {
            const next = added(version);
            map.update(step.base, step.base + step.length, next);
            const dumb = added(version);
            for (const byte of bytesOf([step])) bytes.set(byte, dumb(bytes.get(byte) ?? null));
          } else {
            const newer = (byte: number): boolean => (bytes.get(byte)?.version ?? -1) > version / 2;
            const accepts = (tag: Tag): boolean => tag.sum !== 1;
            const found = map.find(step.base, step.base + step.length, version / 2, accepts);
            const first = [...bytesOf([step])].find((byte) => newer(byte) && accepts(bytes.get(byte)!));

            expect(found?.value).toEqual(first === undefined ? undefined : bytes.get(first));
            if (found === null) continue;
            expect(Math.max(found.base, step.base)).toBe(first);
          }
          for (let byte = 0; byte < 2 * STRIP; byte++) {
            expect(map.find(byte, byte + 1, 0)?.value).toEqual(bytes.get(byte));
          }
        }
      }),
      runs(300),
    );
  });

  test('equal neighbours that an update makes are one interval', () => {
    const map = new IntervalMap<Tag>();
    for (let i = 0; i < 100; i++) map.assign(i * 16, i * 16 + 8, { version: i, sum: 0 });
    const tag = { version: 100, sum: 1 };
    map.update(4, 1600, () => tag);

    expect(map.size).toBe(2);
    expect(map.find(700, 701, 0)).toEqual({ base: 4, end: 1600, value: tag });
  });

  test('what is dropped or replaced leaves no interval behind', () => {
    const map = new IntervalMap<Tag>();
    for (let i = 0; i < 1000; i++) map.assign(i * 7, i * 7 + 14, { version: i, sum: 0 });

    expect(map.size).toBe(1000);
    map.assign(0, 3500, { version: 1000, sum: 0 });
    expect(map.size).toBe(501);
    map.dropThrough(999);
    expect(map.size).toBe(1);
    map.dropThrough(1000);
    expect(map.size).toBe(0);
  });

  test.each([
    ['ascending', (i: number) => i],
    ['descending', (i: number) => -i],
    ['scattered', (i: number) => Math.imul(i, 0x9e3779b1)],
  ])('a hundred times the intervals cost %s assignments and searches a few steps more', (_order, place) => {
    const stepsOf = (size: number): number => {
      const map = new IntervalMap<Tag>();
      for (let i = 0; i < size; i++) map.assign(place(i) * 16, place(i) * 16 + 8, { version: i, sum: 0 });
      const before = map.steps;
      for (let i = 0; i < size; i += size / 500) {
        map.find(place(i) * 16, place(i) * 16 + 1, size - 1);
        map.find(place(i) * 16, place(i) * 16 + 1, -1);
        map.assign(place(i) * 16 - 4, place(i) * 16 + 4, { version: size + i, sum: 0 });
      }
      return (map.steps - before) / 500;
    };
    const [small, large] = [stepsOf(1000), stepsOf(100_000)];

    expect(small).toBeLessThan(15 * Math.log2(1000));
    expect(large).toBeLessThan(15 * Math.log2(100_000));
  });

  test('a search does not look at what is too old for it: across everything, for one recent interval', () => {
    const map = new IntervalMap<Tag>();
    for (let i = 0; i < 100_000; i++) map.assign(i * 16, i * 16 + 8, { version: i, sum: 0 });
    const before = map.steps;

    expect(map.find(0, 2 ** 46, 99_999)).toBeNull();
    expect(map.steps).toBe(before);
    map.assign(777 * 16, 777 * 16 + 8, { version: 100_000, sum: 0 });
    expect(map.find(0, 2 ** 46, 99_999)).toMatchObject({ base: 777 * 16 });
    expect(map.steps - before).toBeLessThan(6 * Math.log2(100_000));
  });

  test('dropping costs what is dropped: of a hundred thousand intervals, ten leave at the price of ten', () => {
    const map = new IntervalMap<Tag>();
    for (let i = 0; i < 100_000; i++) map.assign(i * 16, i * 16 + 8, { version: i, sum: 0 });
    const before = map.steps;
    map.dropThrough(-1);
    expect(map.steps).toBe(before);
    map.dropThrough(9);

    expect(map.size).toBe(99_990);
    expect(map.steps - before).toBeLessThan(10 * 3 * Math.log2(100_000));
  });
});
