/**
 * Unbounded integers: a number where it is a safe integer, else a bigint. Nearly every value of a program is small, and
 * bigints would be most of the cost of assembling it.
 */
export type Value = number | bigint;

/** Integers of more bits are refused: expressions are unbounded, memory is not. */
export const LARGEST_VALUE_BITS = 65_536;

const LIMIT = 1n << BigInt(LARGEST_VALUE_BITS);

/** Whether a value is one that the assembler is willing to hold. */
export function isHoldable(value: Value): boolean {
  return typeof value === 'number' || (value < LIMIT && value > -LIMIT);
}

/** The canonical form of an integer. */
export function canonical(integer: bigint): Value {
  return integer >= Number.MIN_SAFE_INTEGER && integer <= Number.MAX_SAFE_INTEGER ? Number(integer) : integer;
}

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return canonical(BigInt(a) + BigInt(b));
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return canonical(BigInt(a) - BigInt(b));
}

/** For messages: addresses and other large values in hexadecimal. */
export function showValue(value: Value): string {
  if (value >= -65_536 && value <= 65_536) return String(value);
  const digits = (value < 0 ? -value : value).toString(16);
  const shown = digits.length > 40 ? `${digits.slice(0, 16)}…${digits.slice(-4)}` : digits;
  return `${value < 0 ? '-' : ''}0x${shown}`;
}
