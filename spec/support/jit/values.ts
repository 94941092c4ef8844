/** Values that operations are likely to get wrong, as the unsigned bits of their type. */

import { VALUE_TYPE_NAMES, VALUE_TYPES, type ValueType } from '../../../src/isa/value-type.ts';
import type { Random } from './random.ts';

export const INTEGER_TYPES = VALUE_TYPE_NAMES.filter((type) => VALUE_TYPES[type].family !== 'float');
export const FLOAT_TYPES = VALUE_TYPE_NAMES.filter((type) => VALUE_TYPES[type].family === 'float');

export function anyIntegerType(random: Random): ValueType {
  return random.chance(40) ? 'q' : random.pick(INTEGER_TYPES);
}

export function isFloat(type: ValueType): boolean {
  return VALUE_TYPES[type].family === 'float';
}

export function sizeOf(type: ValueType): number {
  return VALUE_TYPES[type].bytes;
}

/** Any value of the type: small ones, edges, any bits. */
export function anyValue(random: Random, type: ValueType): bigint {
  if (isFloat(type)) return bitsOfFloat(type, random.chance(80) ? random.pick(FLOATS) : wildFloat(random));
  const { bits } = VALUE_TYPES[type];
  switch (random.below(4)) {
    case 0:
      return BigInt.asUintN(bits, BigInt(random.from(-3, 9)));
    case 1:
      return BigInt.asUintN(bits, EDGES[random.below(EDGES.length)]! + BigInt(random.from(-1, 1)));
    case 2:
      return (1n << BigInt(bits - 1)) - BigInt(random.below(2));
    default:
      return BigInt.asUintN(bits, random.word());
  }
}

/** A float with a whole part that every integer type holds. */
export function smallFloat(random: Random, type: ValueType): bigint {
  return bitsOfFloat(type, random.from(0, 400) / 4);
}

/** The bits of a number; of a NaN, with the payload that is given by others. */
export function bitsOfFloat(type: ValueType, value: number | bigint): bigint {
  if (typeof value === 'bigint') return BigInt.asUintN(VALUE_TYPES[type].bits, value);
  if (type === 'fs') VIEW.setFloat32(4, value);
  else VIEW.setFloat64(0, value);
  return type === 'fs' ? BigInt(VIEW.getUint32(4)) : VIEW.getBigUint64(0);
}

/** Any bits, or a NaN that is not the canonical one, of single or of double width. */
function wildFloat(random: Random): bigint {
  return random.pick([0xfff0_0000_0000_0001n, 0xffff_ffff_7f80_0001n, 0x7ff8_dead_ffc0_beefn, random.word()]);
}

const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.1,
  1.5,
  -2.5,
  3,
  1e-40,
  5e-324,
  1e30,
  3.5e38,
  2 ** 24 + 1,
  2 ** 53,
  2 ** 31,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  1.7e308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

const EDGES = [7n, 8n, 15n, 16n, 24n, 31n, 32n, 53n, 62n, 63n].map((shift) => 1n << shift);

const VIEW = new DataView(new ArrayBuffer(8));
