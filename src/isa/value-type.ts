/** The types that an operand may carry: the contract's table as data. */

export type Family = 'signed' | 'unsigned' | 'float';

interface TypeRow {
  /** Number in the binary encoding, 0 … 15. */
  readonly code: number;
  readonly bits: 8 | 16 | 32 | 64;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly family: Family;
}

export const VALUE_TYPES = {
  b: { code: 0, bits: 8, bytes: 1, family: 'signed' },
  w: { code: 1, bits: 16, bytes: 2, family: 'signed' },
  d: { code: 2, bits: 32, bytes: 4, family: 'signed' },
  q: { code: 3, bits: 64, bytes: 8, family: 'signed' },
  ub: { code: 4, bits: 8, bytes: 1, family: 'unsigned' },
  uw: { code: 5, bits: 16, bytes: 2, family: 'unsigned' },
  ud: { code: 6, bits: 32, bytes: 4, family: 'unsigned' },
  uq: { code: 7, bits: 64, bytes: 8, family: 'unsigned' },
  fs: { code: 8, bits: 32, bytes: 4, family: 'float' },
  fd: { code: 9, bits: 64, bytes: 8, family: 'float' },
} as const satisfies Record<string, TypeRow>;

export type ValueType = keyof typeof VALUE_TYPES;

export const VALUE_TYPE_NAMES = Object.keys(VALUE_TYPES) as readonly ValueType[];

/** Sizes of a memory access in bytes. */
export type AccessSize = 1 | 2 | 4 | 8;
