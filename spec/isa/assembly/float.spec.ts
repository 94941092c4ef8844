import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integerBits, literalBits } from '../../../src/isa/assembly/float.ts';

const NOWHERE = { start: 0, end: 1 };

describe('floats are rounded once, to nearest even', () => {
  test('every finite double is read back from its digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        expect(literalBits(literal(double), 'fd')).toBe(doubleBits(double));
      }),
    );
  });

  test('every finite single is read back from its digits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (single) => {
        expect(literalBits(literal(single), 'fs')).toBe(singleBits(single));
      }),
    );
  });

  // 1 + 2^-24 lies between the singles 1 and 1 + 2^-23; a double cannot tell it from its next neighbours here.
  const middle = '1.000000059604644775390625';

  test.each([
    [middle, 0x3f800000n],
    [`${middle}0000000000000000000001`, 0x3f800001n],
    [`${middle.slice(0, -1)}4999999999999999999999`, 0x3f800000n],
    ['1.00000017881393432617187500000', 0x3f800002n],
    ['1.00000017881393432617187499999', 0x3f800001n],
  ])('%s as a single', (text, bits) => {
    expect(literalBits(written(text), 'fs')).toBe(bits);
    expect(literalBits({ ...written(text), negative: true }, 'fs')).toBe(bits | 0x80000000n);
  });

  test('an integer in a float place is that value', () => {
    expect(integerBits(3, 'fd', NOWHERE)).toBe(doubleBits(3));
    expect(integerBits(-3, 'fs', NOWHERE)).toBe(singleBits(-3));
    expect(integerBits(2n ** 64n - 1n, 'fd', NOWHERE)).toBe(doubleBits(2 ** 64));
    expect(integerBits(2n ** 60n + 2n ** 36n, 'fs', NOWHERE)).toBe(singleBits(2 ** 60));
    expect(integerBits(2n ** 60n + 2n ** 36n + 1n, 'fs', NOWHERE)).toBe(singleBits(2 ** 60 + 2 ** 37));
    expect(integerBits(-(2n ** 60n + 2n ** 36n + 1n), 'fs', NOWHERE)).toBe(singleBits(-(2 ** 60 + 2 ** 37)));
  });

  test('minus zero keeps its sign', () => {
    expect(literalBits({ ...written('0.0'), negative: true }, 'fd')).toBe(1n << 63n);
    expect(literalBits({ ...written('0.0'), negative: true }, 'fs')).toBe(1n << 31n);
  });

  test('a number so small that it rounds to zero is zero', () => {
    expect(literalBits(written('1.0e-999999999'), 'fd')).toBe(0n);
    expect(literalBits(written('1.0e-60'), 'fs')).toBe(0n);
  });
});

function literal(value: number) {
  return { ...written(digits(Math.abs(value))), negative: value < 0 || Object.is(value, -0) };
}

function written(text: string) {
  return { kind: 'float', negative: false, text, ...NOWHERE } as const;
}

/** A number as `digits.digits[e±n]`. */
function digits(value: number): string {
  const [mantissa = '', exponent = ''] = value.toString().split('e');
  const point = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === '' ? point : `${point}e${exponent}`;
}

function doubleBits(value: number): bigint {
  return new BigUint64Array(new Float64Array([value]).buffer)[0]!;
}

function singleBits(value: number): bigint {
  return BigInt(new Uint32Array(new Float32Array([value]).buffer)[0]!);
}
