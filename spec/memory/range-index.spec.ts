import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import { RangeIndex } from '../../src/memory/range-index.ts';
import type { Range } from '../../src/memory/ranges.ts';
import { anyRanges, bytesOf } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

type Step = {
  readonly type: 'insert' | 'delete' | 'touch';
  readonly key: number;
  readonly ranges: readonly Range[];
};

const anyStep: fc.Arbitrary<Step> = fc.record<Step>({
  type: fc.constantFrom('insert', 'insert', 'delete', 'touch'),
  key: fc.nat(9),
  // Few distinct ranges at times: equal ranges of different keys are usual.
  ranges: fc.oneof(anyRanges, fc.constant<Range[]>([{ base: 8, length: 8 }])),
});

describe('rule 20: which watchers a commit touches', () => {
  test('the index answers as a scan of all keys does, whatever was inserted and deleted', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const index = new RangeIndex<number>();
        const model = new Map<number, Set<number>>();
        for (const { type, key, ranges } of steps) {
          if (type === 'delete') expect(index.delete(key)).toBe(model.delete(key));
          else if (type === 'insert' && !model.has(key)) {
            index.insert(key, ranges);
            model.set(key, bytesOf(ranges));
          }
          const written = bytesOf(ranges);
          const hits = [...model].filter(([, bytes]) => [...bytes].some((byte) => written.has(byte)));

          expect(index.touched(ranges)).toEqual(new Set(hits.map(([hit]) => hit)));
          expect(index.size).toBe(model.size);
          expect(index.has(key)).toBe(model.has(key));
        }
      }),
      runs(500),
    );
  });

  test('a watcher whose ranges are all empty is never touched, and can be deleted', () => {
    const index = new RangeIndex<string>();
    index.insert('for ever', [{ base: 4, length: 0 }]);

    expect(index.touched([{ base: 0, length: 100 }])).toEqual(new Set());
    expect(index.size).toBe(1);
    expect(index.delete('for ever')).toBe(true);
    expect(index.delete('for ever')).toBe(false);
  });

  test('a key is indexed once', () => {
    const index = new RangeIndex<number>();
    index.insert(1, []);

    expect(() => index.insert(1, [])).toThrow(InvariantError);
  });

  test('a search costs O(log n + hits), with or without a range that spans everything', () => {
    const searchSteps = (size: number, hits: number): number => {
      const index = new RangeIndex<number>();
      index.insert(-1, [{ base: 0, length: 2 ** 45 }]);
      for (let i = 0; i < size; i++) index.insert(i, [{ base: (i - (i % hits)) * 64, length: 64 }]);
      const before = index.steps;
      for (let i = 0; i < size; i += size / 100) {
        expect(index.touched([{ base: (i - (i % hits)) * 64 + 8, length: 8 }]).size).toBe(hits + 1);
      }
      return (index.steps - before) / 100;
    };

    expect(searchSteps(1000, 1)).toBeLessThan(5 * Math.log2(1000));
    expect(searchSteps(100_000, 1)).toBeLessThan(5 * Math.log2(100_000));
    expect(searchSteps(100_000, 1000)).toBeLessThan(5 * Math.log2(100_000) + 2 * 1000);
  });

  test('inserting and deleting cost O(log n), also among equal ranges', () => {
    const index = new RangeIndex<number>();
    for (let i = 0; i < 100_000; i++) index.insert(i, [{ base: 1024, length: 8 }]);
    const before = index.steps;
    for (let i = 0; i < 1000; i++) index.delete(i * 100);
    for (let i = 0; i < 1000; i++) index.insert(i * 100, [{ base: 1024, length: 8 }]);

    expect((index.steps - before) / 2000).toBeLessThan(5 * Math.log2(100_000));
  });

  test('a long range that was deleted no longer slows searches down', () => {
    const index = new RangeIndex<number>();
    for (let i = 0; i < 10_000; i++) index.insert(i, [{ base: i * 64, length: i % 2 === 0 ? 64 : 2 ** 45 }]);
    for (let i = 1; i < 10_000; i += 2) index.delete(i);
    const before = index.steps;
    for (let i = 0; i < 10_000; i += 100) index.touched([{ base: i * 64, length: 8 }]);

    expect((index.steps - before) / 100).toBeLessThan(5 * Math.log2(10_000));
  });

  test('a hundred thousand watchers that come and go leave the index as shallow as it was', () => {
    const index = new RangeIndex<number>();
    for (let i = 0; i < 1000; i++) index.insert(i, [{ base: i * 64, length: 64 }]);
    for (let i = 1000; i < 101_000; i++) {
      index.delete(i - 1000);
      index.insert(i, [{ base: i * 64, length: 64 }]);
    }

    const before = index.steps;
    for (let i = 100_000; i < 101_000; i++) index.touched([{ base: i * 64, length: 8 }]);
    expect((index.steps - before) / 1000).toBeLessThan(5 * Math.log2(1000));
  });

  test('a tree from which nine of ten ranges were deleted is a tree of the tenth', () => {
    const index = new RangeIndex<number>();
    for (let i = 0; i < 50_000; i++) index.insert(i, [{ base: i * 64, length: 64 }]);
    for (let i = 0; i < 50_000; i++) if (i % 10 !== 0) index.delete(i);
    const before = index.steps;
    for (let i = 0; i < 50_000; i += 50) index.touched([{ base: i * 64, length: 8 }]);

    expect((index.steps - before) / 1000).toBeLessThan(3 * Math.log2(5000));
  });
});
