import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, end, includes, intersect, overlap, type Range, unite } from '../../src/memory/ranges.ts';
import { anyRange, anyRanges, bytesOf } from '../support/memory.ts';

describe('ranges against sets of bytes', () => {
  test('united ranges hold the same bytes, sorted, with a gap between any two and none empty', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const united = unite(ranges);

        expect(bytesOf(united)).toEqual(bytesOf(ranges));
        for (const [i, range] of united.entries()) {
          expect(range.length).toBeGreaterThan(0);
          if (i > 0) expect(range.base).toBeGreaterThan(end(united[i - 1]!));
        }
      }),
    );
  });

  test('a list covers a range exactly if it holds each byte of it', () => {
    fc.assert(
      fc.property(anyRanges, anyRange, (ranges, { base, length }) => {
        const bytes = bytesOf(ranges);
        const each = [...bytesOf([{ base, length }])].every((byte) => bytes.has(byte));

        expect(covers(unite(ranges), base, length)).toBe(each);
        expect(includes(unite(ranges), base)).toBe(bytes.has(base));
      }),
    );
  });

  test('the intersection of two lists is united and holds the bytes of both', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (a, b) => {
        const common = intersect(unite(a), unite(b));
        const inB = bytesOf(b);

        expect(bytesOf(common)).toEqual(new Set([...bytesOf(a)].filter((byte) => inB.has(byte))));
        expect(unite(common)).toEqual(common);
      }),
    );
  });

  test('the overlap of two lists is the first range of their intersection', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (a, b) => {
        expect(overlap(unite(a), unite(b))).toEqual(intersect(unite(a), unite(b))[0] ?? null);
      }),
    );
  });

  test('a short list meets a long one wherever it does, at the top of the address space too', () => {
    const top = 2 ** 46;
    const long: Range[] = Array.from({ length: 1000 }, (_, i) => ({ base: top - 4000 + i * 4, length: 3 }));
    for (let offset = 0; offset < 4000; offset++) {
      const byte = { base: top - 4000 + offset, length: 1 };
      const hit = offset % 4 === 3 ? null : byte;

      expect(overlap([byte], long)).toEqual(hit);
      expect(overlap(long, [byte])).toEqual(hit);
    }
  });
});
