/** Merge types of heap ranges (rule 6): how a contribution to an 8-byte word meets what is there. */

import { invariant } from '../invariant.ts';

/** The types by number, as the top byte of a heap range's length names them. */
export const MERGE_TYPES = ['none', 'sum', 'min', 'max', 'and', 'or', 'xor'] as const;

/** 0 is a plain range; the others are numbers of `MERGE_TYPES`. */
export type MergeType = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Bytes in a merge word; merge words are aligned to it. */
export const MERGE_WORD = 8;

/** Whether a number names a merge type or none. */
export function isMergeType(number: number): number is MergeType {
  return Number.isInteger(number) && number >= 0 && number < MERGE_TYPES.length;
}

const OPERATIONS: Readonly<Record<MergeType, (old: bigint, operand: bigint) => bigint>> = {
  0: (_old, operand) => operand,
  1: (old, operand) => BigInt.asIntN(64, old + operand),
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
  2: (old, operand) => (operand < old ? operand : old),
  // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
  3: (old, operand) => (operand > old ? operand : old),
  4: (old, operand) => old & operand,
  5: (old, operand) => old | operand,
  6: (old, operand) => old ^ operand,
};

/** What a commit makes of a word: `old op operand`, all three signed 64-bit; a sum wraps. */
export function merge(type: MergeType, old: bigint, operand: bigint): bigint {
  invariant(
    BigInt.asIntN(64, old) === old && BigInt.asIntN(64, operand) === operand,
    'the words of a merge are signed 64-bit',
  );
  return OPERATIONS[type](old, operand);
}
