/** Floats as bits, rounded once: to nearest, ties to even. */

import type { FloatLiteral } from './expression.ts';
import { SourceError, type Span } from './source.ts';
import { showValue, type Value } from './value.ts';

export type FloatType = 'fs' | 'fd';

/** The bits of a literal; throws where it rounds to infinity. */
export function literalBits(literal: FloatLiteral, type: FloatType): bigint {
  const text = literal.negative ? `-${literal.text}` : literal.text;
  const double = Number(text);
  const float =
    type === 'fd' ? double : toSingle(double, () => compareLiteral(literal.text, Math.abs(double)));
  return bitsOf(float, type, literal, text);
}

/** The bits of an integer's value; throws where it rounds to infinity. */
export function integerBits(value: Value, type: FloatType, at: Span): bigint {
  const double = Number(value);
  const float = type === 'fd' ? double : toSingle(double, () => compare(magnitude(value), magnitude(double)));
  return bitsOf(float, type, at, showValue(value));
}

const VIEW = new DataView(new ArrayBuffer(8));

function bitsOf(float: number, type: FloatType, at: Span, text: string): bigint {
  if (!Number.isFinite(float)) {
    throw new SourceError('DE0312', at, `\`${text}\` is too large for \`:${type}\``);
  }
  if (type === 'fd') {
    VIEW.setFloat64(0, float);
    return VIEW.getBigUint64(0);
  }
  VIEW.setFloat32(0, float);
  return BigInt(VIEW.getUint32(0));
}

/**
 * The single nearest to a number of which `double` is the nearest double. Where that double lies exactly between two
 * singles, `exact` tells on which side of it the number's magnitude is (-1, 0, 1): rounding twice would go to the even
 * single, whichever is nearer.
 */
function toSingle(double: number, exact: () => number): number {
  const single = Math.fround(double);
  if (single === double || !Number.isFinite(single)) return single;
  const other = double > single ? nextUp(single) : -nextUp(-single);
  if (Math.abs(double - single) !== Math.abs(other - double)) return single;
  const side = exact();
  if (side === 0) return single;
  const outward = Math.abs(other) > Math.abs(single);
  return outward === side > 0 ? other : single;
}

/** The next single toward positive infinity. */
function nextUp(single: number): number {
  VIEW.setFloat32(0, single + 0);
  const bits = VIEW.getInt32(0);
  VIEW.setInt32(0, bits >= 0 ? bits + 1 : bits - 1);
  return VIEW.getFloat32(0);
}

/** Compares a literal without sign to a double, exactly: -1, 0 or 1. */
function compareLiteral(text: string, double: number): number {
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const power = Number(exponent) - fraction.length;
  const numerator = BigInt(whole + fraction) * 10n ** BigInt(Math.max(power, 0));
  const denominator = 10n ** BigInt(Math.max(-power, 0));
  const [mantissa, scale] = asFraction(double);
  return compare(numerator * scale, mantissa * denominator);
}

/** A finite double of at least 0 as a fraction of integers. */
function asFraction(double: number): readonly [bigint, bigint] {
  let numerator = double;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return [BigInt(numerator), denominator];
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function magnitude(value: Value): bigint {
  const integer = BigInt(value);
  return integer < 0n ? -integer : integer;
}
