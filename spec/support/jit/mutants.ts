/** Bugs of a translator, planted by rules that say something else: each must be found by drawn programs as they are. */

import { RULES, type Rules } from '../../../src/isa/jit/rules.ts';
import { OP } from '../../../src/isa/jit/wasm.ts';
import type { DifferenceKind } from './difference.ts';

export interface Mutant {
  readonly sentence: string;
  readonly rules: Rules;
  /** The kinds of difference that it is to be found by, where not any will do. */
  readonly shows: readonly DifferenceKind[] | null;
}

const { operations, comparisons } = RULES;

const mutant = (
  sentence: string,
  said: Partial<Rules>,
  shows: readonly DifferenceKind[] | null = null,
): Mutant => ({ sentence, rules: { ...RULES, ...said }, shows });

export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'byte-not-extended': mutant('a signed byte is extended by zeros', {
    signExtended: (type) => type !== 'b' && RULES.signExtended(type),
  }),
  'half-word-not-extended': mutant('a signed half word is extended by zeros', {
    signExtended: (type) => type !== 'w' && RULES.signExtended(type),
  }),
  'shift-fills-zeros': mutant('a shift right of a signed value fills with zeros', {
    operations: { ...operations, shr: { ...operations.shr, signed: OP.i64_shr_u } },
  }),
  'shift-unmasked': mutant('the count of a narrow shift is taken modulo 64', { shiftMask: () => 63 }),
  'compares-signed': mutant('unsigned values are compared as signed ones', {
    comparisons: { ...comparisons, l: { ...comparisons.l, unsigned: OP.i64_lt_s } },
  }),
  'compares-floats-reversed': mutant('of floats, less or equal is not greater', {
    comparisons: { ...comparisons, ge: { ...comparisons.ge, fd: OP.f64_gt } },
  }),
  'divides-signed': mutant('unsigned values are divided as signed ones', {
    operations: { ...operations, div: { ...operations.div, unsigned: OP.i64_div_s } },
  }),
  'any-nan': mutant('a computed NaN keeps its sign and payload', { canonicalNaN: false }),
  'overflow-ignored': mutant('MIN / −1 is divided', { divideOverflow: false }),
  'written-bit-short': mutant(
    'the last byte of a wide store does not count as written',
    {
      writtenMask: (size) => (size === 8 ? 0x7f : RULES.writtenMask(size)),
    },
    ['memory'],
  ),
  'written-bit-over': mutant(
    'the byte behind a narrow store counts as written',
    {
      writtenMask: (size) => (size === 2 ? 7 : RULES.writtenMask(size)),
    },
    ['memory'],
  ),
  'segment-too-long': mutant('an access may leave its segment by a byte', { segmentTail: 6 }),
  'word-not-flushed': mutant('a register word is not written back where translated code is left', {
    flushed: (address) => address % 64 !== 8,
  }),
  'charged-twice': mutant(
    'an instruction of a long block counts twice',
    {
      charge: (instructions) => (instructions > 4 ? instructions + 1 : instructions),
    },
    ['executed', 'end'],
  ),
  'edge-uncharged': mutant(
    'a block of one instruction does not count',
    {
      charge: (instructions) => (instructions === 1 ? 0 : instructions),
    },
    ['executed', 'end'],
  ),
  'return-believed': mutant('a return goes to the caller, whatever the link says', {
    comparesReturns: false,
  }),
  'stale-segment': mutant('segments are used after they were revoked', { heedsGeneration: false }),
  'block-untracked': mutant('executed code does not count as read', { tracks: false }, ['reads']),
  'code-unguarded': mutant('a store into translated code goes unnoticed', { guardsCode: false }),
  'alias-unseen': mutant('a pointer reaches a private word beneath the local that it lives in', {
    seesAliases: false,
  }),
  'iteration-unchecked': mutant('an unrolled loop is not checked for its last iteration', {
    uncheckedIterations: 1,
  }),
};
