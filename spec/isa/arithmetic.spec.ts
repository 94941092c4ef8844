/** The oracles are the host's typed arrays (for wrapping and rounding) and exact rational comparison (for nearest). */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate, compare, convert, isZero, type Operation } from '../../src/isa/arithmetic.ts';
import type { FaultCause } from '../../src/isa/fault.ts';
import { FaultTrap } from '../../src/isa/port.ts';
import { VALUE_TYPES, type ValueType } from '../../src/isa/value-type.ts';
import { anyBits, integerTypes } from '../support/instructions.ts';
import { runs } from '../support/runs.ts';

type IntegerType = Exclude<ValueType, 'fs' | 'fd'>;
type FloatType = 'fs' | 'fd';

const VIEW = new DataView(new ArrayBuffer(8));

/** What the host reads where `bits` were stored: its own idea of every type. */
const READ: Record<ValueType, () => number | bigint> = {
  b: () => VIEW.getInt8(0),
  w: () => VIEW.getInt16(0, true),
  d: () => VIEW.getInt32(0, true),
  q: () => VIEW.getBigInt64(0, true),
  ub: () => VIEW.getUint8(0),
  uw: () => VIEW.getUint16(0, true),
  ud: () => VIEW.getUint32(0, true),
  uq: () => VIEW.getBigUint64(0, true),
  fs: () => VIEW.getFloat32(0, true),
  fd: () => VIEW.getFloat64(0, true),
};

function integer(type: ValueType, bits: bigint): bigint {
  VIEW.setBigUint64(0, bits, true);
  return BigInt(READ[type]());
}

function float(type: FloatType, bits: bigint): number {
  VIEW.setBigUint64(0, bits, true);
  return Number(READ[type]());
}

function bitsOf(type: FloatType, value: number): bigint {
  VIEW.setBigUint64(0, 0n, true);
  if (type === 'fs') VIEW.setFloat32(0, value, true);
  else VIEW.setFloat64(0, value, true);
  return VIEW.getBigUint64(0, true);
}

function modulo(value: bigint, bits: number): bigint {
  const size = 1n << BigInt(bits);
  return ((value % size) + size) % size;
}

const CANONICAL = { fs: 0x7fc0_0000n, fd: 0x7ff8_0000_0000_0000n };

/** Bits of a type, with its edges drawn often. */
function edgy(type: ValueType): fc.Arbitrary<bigint> {
  const { bits } = VALUE_TYPES[type];
  const top = 1n << BigInt(bits - 1);
  const edges = [0n, 1n, 2n, top - 1n, top, top + 1n, 2n * top - 1n];
  const floats =
    type === 'fs' || type === 'fd'
      ? [0, -0, 1, -1, Infinity, -Infinity, NaN, 0.5, 2 ** 63, -(2 ** 63), 1e-45].map((f) => bitsOf(type, f))
      : [];
  return fc.oneof({ weight: 2, arbitrary: anyBits(type) }, fc.constantFrom(...edges, ...floats));
}

const integerCase = fc
  .constantFrom(...(integerTypes as IntegerType[]))
  .chain((type) => fc.tuple(fc.constant(type), edgy(type), edgy(type)));
const floatCase = fc
  .constantFrom<FloatType>('fs', 'fd')
  .chain((type) => fc.tuple(fc.constant(type), edgy(type), edgy(type)));

function outcome(compute: () => bigint): bigint | FaultCause {
  try {
    return compute();
  } catch (trap) {
    if (trap instanceof FaultTrap) return trap.cause;
    throw trap;
  }
}

describe('integers', () => {
  const exact: [Operation, (a: bigint, b: bigint, bits: number) => bigint][] = [
    ['add', (a, b) => a + b],
    ['sub', (a, b) => a - b],
    ['mul', (a, b) => a * b],
    ['and', (a, b) => a & b],
    ['or', (a, b) => a | b],
    ['xor', (a, b) => a ^ b],
    ['shl', (a, b, bits) => a * 2n ** modulo(b, Math.log2(bits))],
    [
      'shr',
      (a, b, bits) => {
        const divisor = 2n ** modulo(b, Math.log2(bits));
        return (a - (((a % divisor) + divisor) % divisor)) / divisor;
      },
    ],
  ];

  test.each(exact)('%s wraps modulo 2^n', (operation, meaning) => {
    fc.assert(
      fc.property(integerCase, ([type, left, right]) => {
        const { bits } = VALUE_TYPES[type];
        const expected = modulo(meaning(integer(type, left), integer(type, right), bits), bits);
        expect(calculate(operation, type, left, right)).toBe(expected);
      }),
      runs(1_000),
    );
  });

  test('div truncates toward zero, rem has the sign of its left operand, and both fault in the same cases', () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(integerCase, ([type, left, right]) => {
        const { bits, family } = VALUE_TYPES[type];
        const [a, b] = [integer(type, left), integer(type, right)];
        const quotient = outcome(() => calculate('div', type, left, right));
        const remainder = outcome(() => calculate('rem', type, left, right));
        if (typeof quotient === 'string') {
          seen.add(quotient);
          expect(remainder).toBe(quotient);
          expect(quotient).toBe(b === 0n ? 'divide-by-zero' : 'divide-overflow');
          return;
        }
        expect(b).not.toBe(0n);
        if (family === 'signed') expect([a, b]).not.toEqual([-(2n ** BigInt(bits - 1)), -1n]);
        const q = integer(type, quotient);
        const r = integer(type, remainder as bigint);
        const magnitude = (x: bigint) => (x < 0n ? -x : x);
        expect(q * b + r).toBe(a);
        expect(magnitude(r) < magnitude(b)).toBe(true);
        expect(r === 0n || r < 0n === a < 0n).toBe(true);
      }),
      {
        ...runs(2_000),
        examples: [[['q', 2n ** 63n, 2n ** 64n - 1n]], [['ub', 1n, 0n]]],
      },
    );
    expect(seen).toEqual(new Set(['divide-by-zero', 'divide-overflow']));
  });

  test('comparisons are signed or unsigned by type', () => {
    fc.assert(
      fc.property(integerCase, ([type, left, right]) => {
        const [a, b] = [integer(type, left), integer(type, right)];
        expect(compare('l', type, left, right)).toBe(a < b);
        expect(compare('le', type, left, right)).toBe(a <= b);
        expect(compare('g', type, left, right)).toBe(a > b);
        expect(compare('ge', type, left, right)).toBe(a >= b);
        expect(compare('e', type, left, right)).toBe(a === b);
        expect(compare('ne', type, left, right)).toBe(a !== b);
        expect(isZero(type, left)).toBe(a === 0n);
      }),
      runs(1_000),
    );
  });
});

describe('floats', () => {
  const FLOAT_OPERATIONS: [Operation, (a: number, b: number) => number][] = [
    ['add', (a, b) => a + b],
    ['sub', (a, b) => a - b],
    ['mul', (a, b) => a * b],
    ['div', (a, b) => a / b],
  ];

  test.each(FLOAT_OPERATIONS)('%s is IEEE 754 with the canonical NaN', (operation, meaning) => {
    let nans = 0;
    fc.assert(
      fc.property(floatCase, ([type, left, right]) => {
        const expected = meaning(float(type, left), float(type, right));
        nans += Number(Number.isNaN(expected));
        expect(calculate(operation, type, left, right)).toBe(
          Number.isNaN(expected) ? CANONICAL[type] : bitsOf(type, expected),
        );
      }),
      runs(1_000),
    );
    expect(nans).toBeGreaterThan(0);
  });

  test('a single result is rounded once, to nearest even', () => {
    const one = bitsOf('fs', 1);
    expect(calculate('add', 'fs', one, bitsOf('fs', 2 ** -24))).toBe(one);
    expect(calculate('add', 'fs', one + 1n, bitsOf('fs', 2 ** -24))).toBe(one + 2n);
    expect(calculate('add', 'fs', one, bitsOf('fs', 2 ** -24 + 2 ** -40))).toBe(one + 1n);
  });

  test('x / 0 is infinity or NaN', () => {
    const of = (value: number) => bitsOf('fd', value);
    expect(calculate('div', 'fd', of(1), of(0))).toBe(of(Infinity));
    expect(calculate('div', 'fd', of(1), of(-0))).toBe(of(-Infinity));
    expect(calculate('div', 'fd', of(0), of(0))).toBe(CANONICAL.fd);
  });

  test('comparisons with NaN are false except ne; −0.0 is zero and NaN is not', () => {
    for (const type of ['fs', 'fd'] as const) {
      const [nan, one, minusZero] = [CANONICAL[type], bitsOf(type, 1), bitsOf(type, -0)];
      for (const [left, right] of [
        [nan, one],
        [one, nan],
        [nan, nan],
      ] as const) {
        for (const comparison of ['l', 'le', 'g', 'ge', 'e'] as const)
          expect(compare(comparison, type, left, right)).toBe(false);
        expect(compare('ne', type, left, right)).toBe(true);
      }
      expect(compare('e', type, minusZero, 0n)).toBe(true);
      expect(isZero(type, minusZero)).toBe(true);
      expect(isZero(type, nan)).toBe(false);
      expect(isZero(type, 1n)).toBe(false);
    }
  });
});

describe('conversion', () => {
  const types = fc.constantFrom(...(integerTypes as IntegerType[]));

  test('between integers: sign- or zero-extends by the source, always zero-extends with :z, truncates', () => {
    fc.assert(
      fc.property(integerCase, types, fc.boolean(), ([from, bits], to, zeroExtend) => {
        const value = zeroExtend ? bits : integer(from, bits);
        expect(convert(from, to, zeroExtend, bits)).toBe(modulo(value, VALUE_TYPES[to].bits));
      }),
      runs(2_000),
    );
  });

  test('between equal types it copies bits', () => {
    fc.assert(
      fc.property(floatCase, ([type, bits]) => {
        expect(convert(type, type, false, bits)).toBe(bits);
      }),
      runs(200),
    );
  });

  test('between floats it rounds to nearest even and makes every NaN canonical', () => {
    fc.assert(
      fc.property(edgy('fd'), edgy('fs'), (double, single) => {
        const narrow = Math.fround(float('fd', double));
        expect(convert('fd', 'fs', false, double)).toBe(
          Number.isNaN(narrow) ? CANONICAL.fs : bitsOf('fs', narrow),
        );
        const wide = float('fs', single);
        expect(convert('fs', 'fd', false, single)).toBe(
          Number.isNaN(wide) ? CANONICAL.fd : bitsOf('fd', wide),
        );
      }),
      runs(1_000),
    );
    expect(convert('fs', 'fd', false, 0xff80_0001n)).toBe(CANONICAL.fd);
  });

  test('from integers to floats it rounds once, to nearest even', () => {
    fc.assert(
      fc.property(integerCase, fc.constantFrom<FloatType>('fs', 'fd'), ([from, bits], to) => {
        const exact = integer(from, bits);
        const result = convert(from, to, false, bits);
        // Of the result and its two neighbours none is nearer, and of two as near the even one was taken.
        const distance = (candidate: bigint) => {
          const gap = BigInt(float(to, candidate)) - exact;
          return gap < 0n ? -gap : gap;
        };
        const magnitude = exact < 0n ? -exact : exact;
        if (magnitude < 2n ** 24n) return void expect(distance(result)).toBe(0n);
        for (const neighbour of [result - 1n, result + 1n]) {
          if (!Number.isInteger(float(to, neighbour))) continue;
          const further = distance(neighbour) - distance(result);
          expect(further > 0n || (further === 0n && result % 2n === 0n)).toBe(true);
        }
      }),
      runs(5_000),
    );
  });

  test.each([
    ['q', 2n ** 62n + 2n ** 38n + 1n, 2 ** 62 + 2 ** 39],
    ['q', -(2n ** 62n) - 2n ** 38n - 1n, -(2 ** 62) - 2 ** 39],
    ['q', 2n ** 62n + 2n ** 38n, 2 ** 62],
    ['uq', 2n ** 64n - 1n, 2 ** 64],
    ['uq', 2n ** 63n + 2n ** 39n + 2n ** 10n, 2 ** 63 + 2 ** 40],
  ] as const)('a 64-bit %s of %i to fs is not rounded twice', (from, value, expected) => {
    expect(convert(from, 'fs', false, BigInt.asUintN(64, value))).toBe(bitsOf('fs', expected));
  });

  test('from floats to integers it truncates; NaN or out of range is a fault', () => {
    const faults = { yes: 0, no: 0 };
    const scaled = fc
      .tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.integer({ min: 0, max: 66 }))
      .map(([f, power]) => f * 2 ** power);
    fc.assert(
      fc.property(
        fc.constantFrom<FloatType>('fs', 'fd'),
        fc.oneof(scaled, fc.constantFrom(NaN, Infinity, -Infinity, -0.9, 255.9, 256, -128.9, -129)),
        types,
        (from, drawn, to) => {
          const value = from === 'fs' ? Math.fround(drawn) : drawn;
          const { bits, family } = VALUE_TYPES[to];
          const low = family === 'signed' ? -(2 ** (bits - 1)) : 0;
          const high = family === 'signed' ? 2 ** (bits - 1) : 2 ** bits;
          const inRange = Math.trunc(value) >= low && Math.trunc(value) < high;
          faults[inRange ? 'no' : 'yes'] += 1;
          expect(outcome(() => convert(from, to, false, bitsOf(from, value)))).toBe(
            inRange ? modulo(BigInt(Math.trunc(value)), bits) : 'float-to-integer',
          );
        },
      ),
      runs(2_000),
    );
    expect(faults.yes).toBeGreaterThan(0);
    expect(faults.no).toBeGreaterThan(0);
  });
});
