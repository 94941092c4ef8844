/** What the translator emits for what, as data. Tests plant bugs by passing another copy. */

import type { Comparison, Operation } from '../arithmetic.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import { OP, type Opcode } from './wasm.ts';

/** Opcodes by the kind of number that they work on. */
export interface ByNumber {
  readonly signed: Opcode;
  readonly unsigned: Opcode;
  readonly fs: Opcode;
  readonly fd: Opcode;
}

export interface Rules {
  /** Operations on two values of a type, integers extended to 64 bits. Integers only where a float has none. */
  readonly operations: Readonly<Record<Operation, ByNumber>>;
  readonly comparisons: Readonly<Record<Comparison, ByNumber>>;
  /** Whether a value of the type is sign-extended to 64 bits, or zero-extended. */
  readonly signExtended: (type: ValueType) => boolean;
  /** What a shift count is masked with. */
  readonly shiftMask: (type: ValueType) => number;
  /** Whether computed floats are made canonical. */
  readonly canonicalNaN: boolean;
  /** Whether the quotient MIN / −1 is looked for. */
  readonly divideOverflow: boolean;
  /** The written map's bits of an access. */
  readonly writtenMask: (size: number) => number;
  /** How much less than a segment's length a site may start in: an access of the greatest size lies within, too. */
  readonly segmentTail: number;
  /** Whether a word is written back where translated code is left. */
  readonly flushed: (address: number) => boolean;
  /** What is charged for so many instructions. */
  readonly charge: (instructions: number) => number;
  /** Whether a return to another place than the caller expects is noticed. */
  readonly comparesReturns: boolean;
  /** Whether segments in locals are forgotten when the port's generation counts up. */
  readonly heedsGeneration: boolean;
  /** Whether a tracked block is marked as executed. */
  readonly tracks: boolean;
  /** Whether the code of a unit is guarded against stores. */
  readonly guardsCode: boolean;
  /** Whether a pointer into private memory is compared with the words in locals. */
  readonly seesAliases: boolean;
  /** Iterations that a check of an unrolled loop is short of. */
  readonly uncheckedIterations: number;
}

const integer = (signed: Opcode, unsigned = signed) => ({ signed, unsigned });
const NO_FLOAT = { fs: OP.unreachable, fd: OP.unreachable } as const;

export const RULES: Rules = {
  operations: {
    add: { ...integer(OP.i64_add), fs: OP.f32_add, fd: OP.f64_add },
    sub: { ...integer(OP.i64_sub), fs: OP.f32_sub, fd: OP.f64_sub },
    mul: { ...integer(OP.i64_mul), fs: OP.f32_mul, fd: OP.f64_mul },
    div: { ...integer(OP.i64_div_s, OP.i64_div_u), fs: OP.f32_div, fd: OP.f64_div },
    rem: { ...integer(OP.i64_rem_s, OP.i64_rem_u), ...NO_FLOAT },
    and: { ...integer(OP.i64_and), ...NO_FLOAT },
    or: { ...integer(OP.i64_or), ...NO_FLOAT },
    xor: { ...integer(OP.i64_xor), ...NO_FLOAT },
    shl: { ...integer(OP.i64_shl), ...NO_FLOAT },
    shr: { ...integer(OP.i64_shr_s, OP.i64_shr_u), ...NO_FLOAT },
  },
  comparisons: {
    l: { ...integer(OP.i64_lt_s, OP.i64_lt_u), fs: OP.f32_lt, fd: OP.f64_lt },
    le: { ...integer(OP.i64_le_s, OP.i64_le_u), fs: OP.f32_le, fd: OP.f64_le },
    g: { ...integer(OP.i64_gt_s, OP.i64_gt_u), fs: OP.f32_gt, fd: OP.f64_gt },
    ge: { ...integer(OP.i64_ge_s, OP.i64_ge_u), fs: OP.f32_ge, fd: OP.f64_ge },
    e: { ...integer(OP.i64_eq), fs: OP.f32_eq, fd: OP.f64_eq },
    ne: { ...integer(OP.i64_ne), fs: OP.f32_ne, fd: OP.f64_ne },
  },
  signExtended: (type) => VALUE_TYPES[type].family === 'signed',
  shiftMask: (type) => VALUE_TYPES[type].bits - 1,
  canonicalNaN: true,
  divideOverflow: true,
  writtenMask: (size) => 2 ** size - 1,
  segmentTail: 7,
  flushed: () => true,
  charge: (instructions) => instructions,
  comparesReturns: true,
  heedsGeneration: true,
  tracks: true,
  guardsCode: true,
  seesAliases: true,
  uncheckedIterations: 0,
};
