import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import { isMergeType, MERGE_TYPES, type MergeType, merge } from '../../src/memory/merge.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const anyWord = fc.oneof(fc.bigInt({ min: MIN, max: MAX }), fc.constantFrom(MIN, -1n, 0n, 1n, MAX));
const anyMerge = fc.constantFrom<MergeType>(1, 2, 3, 4, 5, 6);

/** Bit by bit, low to high: how hardware would do it. */
const BITS = {
  and: (a: number, b: number) => a & b,
  or: (a: number, b: number) => a | b,
  xor: (a: number, b: number) => a ^ b,
};

describe('rule 6: merge types `sum min max and or xor` on signed 64-bit words', () => {
  test('the numbers of the types are those of the control block: 0 none … 6 xor', () => {
    expect(MERGE_TYPES).toEqual(['none', 'sum', 'min', 'max', 'and', 'or', 'xor']);
    expect([-1, 0, 6, 7, 1.5].map(isMergeType)).toEqual([false, true, true, false, false]);
  });

  test('a plain write takes the place of what was there', () => {
    expect(merge(0, 5n, 7n)).toBe(7n);
  });

  test('a sum wraps in two’s complement', () => {
    expect(merge(1, MAX, 1n)).toBe(MIN);
    expect(merge(1, MIN, -1n)).toBe(MAX);
    fc.assert(
      fc.property(anyWord, anyWord, (old, operand) => {
        const sum = new BigInt64Array([old, operand, 0n]);
        sum[2] = sum[0]! + sum[1]!;

        expect(merge(1, old, operand)).toBe(sum[2]);
      }),
    );
  });

  test('min and max compare as signed numbers', () => {
    fc.assert(
      fc.property(anyWord, anyWord, (old, operand) => {
        const [least, most] = [old, operand].sort((a, b) => Number(a > b) - Number(a < b));

        expect([merge(2, old, operand), merge(3, old, operand)]).toEqual([least, most]);
      }),
    );
  });

  test('and, or and xor go bit by bit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<'and' | 'or' | 'xor'>('and', 'or', 'xor'),
        anyWord,
        anyWord,
        (name, a, b) => {
          let bits = 0n;
          for (let i = 0n; i < 64n; i++) {
            bits |= BigInt(BITS[name](Number((a >> i) & 1n), Number((b >> i) & 1n))) << i;
          }
          const type = MERGE_TYPES.indexOf(name) as MergeType;

          expect(merge(type, a, b)).toBe(BigInt.asIntN(64, bits));
        },
      ),
    );
  });

  test('the order of contributions of one type does not matter', () => {
    fc.assert(
      fc.property(anyMerge, anyWord, anyWord, anyWord, (type, old, a, b) => {
        expect(merge(type, merge(type, old, a), b)).toBe(merge(type, merge(type, old, b), a));
      }),
    );
  });

  test('an unsigned word is our own mistake', () => {
    expect(() => merge(2, 2n ** 63n, 0n)).toThrow(InvariantError);
  });
});
