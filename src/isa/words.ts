/** Bytes of memory as the values of TypeScript. */

import { VALUE_TYPES, type ValueType } from './value-type.ts';

/** The values that lie one after another in `bytes`, little endian. */
export function wordsIn<T extends ValueType>(bytes: Uint8Array, type: T): readonly WordOf<T>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = VALUE_TYPES[type].bytes;
  return Array.from({ length: bytes.length / size }, (_, i) => READERS[type](view, i * size) as WordOf<T>);
}

/** What a value of a type is in TypeScript. */
export type WordOf<T extends ValueType> = T extends 'fs' | 'fd' ? number : bigint;

const READERS: { readonly [T in ValueType]: (view: DataView, offset: number) => WordOf<T> } = {
  b: (view, offset) => BigInt(view.getInt8(offset)),
  w: (view, offset) => BigInt(view.getInt16(offset, true)),
  d: (view, offset) => BigInt(view.getInt32(offset, true)),
  q: (view, offset) => view.getBigInt64(offset, true),
  ub: (view, offset) => BigInt(view.getUint8(offset)),
  uw: (view, offset) => BigInt(view.getUint16(offset, true)),
  ud: (view, offset) => BigInt(view.getUint32(offset, true)),
  uq: (view, offset) => view.getBigUint64(offset, true),
  fs: (view, offset) => view.getFloat32(offset, true),
  fd: (view, offset) => view.getFloat64(offset, true),
};
