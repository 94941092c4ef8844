/**
 * What the operations compute, exactly and on any host alike. Values go in and out as the unsigned bits of their type.
 * Integers wrap modulo 2^n; floats are IEEE 754, and every NaN that is computed is the canonical one.
 */

import { invariant } from '../invariant.ts';
import { FaultTrap } from './port.ts';
import { VALUE_TYPES, type ValueType } from './value-type.ts';

export type Operation = 'add' | 'sub' | 'mul' | 'div' | 'rem' | 'and' | 'or' | 'xor' | 'shl' | 'shr';
export type Comparison = 'l' | 'le' | 'g' | 'ge' | 'e' | 'ne';

/** `left op right`, both of `type`. Throws a `FaultTrap`: `divide-by-zero`, `divide-overflow`. */
export function calculate(operation: Operation, type: ValueType, left: bigint, right: bigint): bigint {
  const { bits, family } = VALUE_TYPES[type];
  if (family === 'float') {
    const meaning = FLOAT[operation];
    invariant(meaning !== undefined, 'a float operation is add, sub, mul or div');
    return bitsOfFloat(type, meaning(floatOf(type, left), floatOf(type, right)));
  }
  const result = INTEGER[operation](integerOf(type, left), integerOf(type, right), type);
  return bits === 64 ? BigInt.asUintN(64, result) : BigInt.asUintN(bits, result);
}

/** Whether `left C right`, both of `type`; with a NaN only `ne` holds. */
export function compare(comparison: Comparison, type: ValueType, left: bigint, right: bigint): boolean {
  return VALUE_TYPES[type].family === 'float'
    ? COMPARE[comparison](floatOf(type, left), floatOf(type, right))
    : COMPARE[comparison](integerOf(type, left), integerOf(type, right));
}

/** Whether the value is zero: −0.0 is, NaN is not. */
export function isZero(type: ValueType, value: bigint): boolean {
  return VALUE_TYPES[type].family === 'float' ? floatOf(type, value) === 0 : value === 0n;
}

/**
 * What `mov` makes of a value of type `from` as one of type `to`. Throws a `FaultTrap`, `float-to-integer`, for a NaN
 * or a float whose integer part `to` does not have.
 */
export function convert(from: ValueType, to: ValueType, zeroExtend: boolean, value: bigint): bigint {
  // Also for floats, whose NaNs thus keep their payload.
  if (from === to) return value;
  const { bits, family } = VALUE_TYPES[to];
  if (VALUE_TYPES[from].family === 'float') {
    const source = floatOf(from, value);
    return family === 'float' ? bitsOfFloat(to, source) : BigInt.asUintN(bits, truncated(to, source));
  }
  if (zeroExtend) return BigInt.asUintN(bits, value);
  const source = integerOf(from, value);
  if (to === 'fs') return bitsOfFloat(to, nearestSingle(source));
  return to === 'fd' ? bitsOfFloat(to, Number(source)) : BigInt.asUintN(bits, source);
}

type IntegerMeaning = (left: bigint, right: bigint, type: ValueType) => bigint;

const INTEGER: Readonly<Record<Operation, IntegerMeaning>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  div: (left, right, type) => {
    mustDivide(left, right, type);
    return left / right;
  },
  rem: (left, right, type) => {
    mustDivide(left, right, type);
    return left % right;
  },
  and: (left, right) => left & right,
  or: (left, right) => left | right,
  xor: (left, right) => left ^ right,
  shl: (left, right, type) => left << shiftCount(right, type),
  shr: (left, right, type) => left >> shiftCount(right, type),
};

const FLOAT: Readonly<Partial<Record<Operation, (left: number, right: number) => number>>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  div: (left, right) => left / right,
};

type Ordered = number | bigint;

const COMPARE: Readonly<Record<Comparison, (left: Ordered, right: Ordered) => boolean>> = {
  l: (left, right) => left < right,
  le: (left, right) => left <= right,
  g: (left, right) => left > right,
  ge: (left, right) => left >= right,
  e: (left, right) => left === right,
  ne: (left, right) => left !== right,
};

/** MIN / −1 does not fit the type; `rem` faults there too, though its remainder would be 0. */
function mustDivide(left: bigint, right: bigint, type: ValueType): void {
  if (right === 0n) throw new FaultTrap('divide-by-zero', null);
  if (right === -1n && left === -(1n << BigInt(VALUE_TYPES[type].bits - 1)))
    throw new FaultTrap('divide-overflow', null);
}

/** The count modulo the width, which is a power of two. */
function shiftCount(count: bigint, type: ValueType): bigint {
  return count & BigInt(VALUE_TYPES[type].bits - 1);
}

function integerOf(type: ValueType, value: bigint): bigint {
  const { bits, family } = VALUE_TYPES[type];
  if (family !== 'signed') return value;
  // A constant width is what V8 compiles; with a variable one each call would leave compiled code.
  return bits === 64 ? BigInt.asIntN(64, value) : BigInt.asIntN(bits, value);
}

const SCRATCH = new DataView(new ArrayBuffer(8));

function floatOf(type: ValueType, value: bigint): number {
  SCRATCH.setBigUint64(0, value);
  return type === 'fs' ? SCRATCH.getFloat32(4) : SCRATCH.getFloat64(0);
}

/**
 * Rounds to the type. A sum, difference, product or quotient of singles computed in double and rounded again is the
 * correctly rounded one, since a double has more than twice a single's digits.
 */
function bitsOfFloat(type: ValueType, value: number): bigint {
  // A host may put any payload into a NaN that it stores.
  if (Number.isNaN(value)) return type === 'fs' ? 0x7fc0_0000n : 0x7ff8_0000_0000_0000n;
  if (type === 'fs') {
    SCRATCH.setFloat32(0, value);
    return BigInt(SCRATCH.getUint32(0));
  }
  SCRATCH.setFloat64(0, value);
  return SCRATCH.getBigUint64(0);
}

function truncated(to: ValueType, value: number): bigint {
  if (!Number.isFinite(value)) throw new FaultTrap('float-to-integer', null);
  const { bits, family } = VALUE_TYPES[to];
  const whole = BigInt(Math.trunc(value));
  const fits = family === 'signed' ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole);
  if (whole !== fits) throw new FaultTrap('float-to-integer', null);
  return whole;
}

/**
 * The single nearest to an integer of up to 64 bits. By way of the nearest double it would be rounded twice, and
 * 2^62 + 2^38 + 1 would come out as a tie. So the bits that a double cannot hold are first folded into one sticky bit.
 */
function nearestSingle(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 2n ** 53n) return Number(value);
  const sticky = (magnitude & 0x7ffn) === 0n ? 0n : 1n;
  const single = Math.fround(Number((magnitude >> 11n) | sticky)) * 2 ** 11;
  return value < 0n ? -single : single;
}
