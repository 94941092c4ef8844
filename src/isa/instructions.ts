/**
 * The instruction set as data, one row an instruction. Assembler, codec, disassembler, interpreter and `docs/isa.md`
 * all read this table; the `Instruction` union and the operand tuples are derived from it, so that an immediate in
 * an M slot does not compile.
 */

import type { MemoryOperand, Operand } from './operands.ts';
import type { ValueType } from './value-type.ts';

/** `D`: a memory address or an immediate; `M`: a memory address; `T`: the effective address of a branch; `W`: a 64-bit word. */
export type Slot = 'D' | 'M' | 'T' | 'W';

/** Which types an instruction takes: any integer or float type, integers only, or none (64-bit words throughout). */
export type Typing = 'any' | 'integer' | 'none';

interface Row {
  /** First byte of the encoding, 1 … 255; 0 is no instruction, so that zeroed memory does not execute. */
  readonly code: number;
  readonly mnemonic: string;
  readonly slots: readonly Slot[];
  /** Admissible options, in the order of their encoding numbers; `''` is "none written". */
  readonly options: readonly string[];
  readonly typing: Typing;
  readonly profile: 'base' | 'extended';
  /** Table 1's sentence, or ours where the instruction is an extension. */
  readonly effect: string;
}

export const INSTRUCTIONS = [
  {
    code: 0x01,
    mnemonic: 'mov',
    slots: ['D', 'M'],
    options: ['', 'z'],
    typing: 'any',
    profile: 'base',
    effect: 'Move [D1] to M1.',
  },
  {
    code: 0x02,
    mnemonic: 'add',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'any',
    profile: 'base',
    effect: 'Add [D1] and [D2]; store the result in M1.',
  },
  {
    code: 0x03,
    mnemonic: 'sub',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'any',
    profile: 'base',
    effect: 'Subtract [D2] from [D1]; store the result in M1.',
  },
  {
    code: 0x04,
    mnemonic: 'mul',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'any',
    profile: 'base',
    effect: 'Multiply [D1] and [D2]; store the result in M1.',
  },
  {
    code: 0x05,
    mnemonic: 'div',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'any',
    profile: 'base',
    effect: 'Divide [D1] by [D2]; store the result in M1.',
  },
  {
    code: 0x06,
    mnemonic: 'and',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'integer',
    profile: 'base',
    effect: 'Store the bitwise AND of [D1] and [D2] in M1.',
  },
  {
    code: 0x07,
    mnemonic: 'or',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'integer',
    profile: 'base',
    effect: 'Store the bitwise inclusive OR of [D1] and [D2] in M1.',
  },
  {
    code: 0x08,
    mnemonic: 'xor',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'integer',
    profile: 'base',
    effect: 'Store the bitwise exclusive OR of [D1] and [D2] in M1.',
  },
  {
    code: 0x09,
    mnemonic: 'br',
    slots: ['D', 'D', 'T'],
    options: ['l', 'le', 'g', 'ge', 'e', 'ne'],
    typing: 'any',
    profile: 'base',
    effect: 'Compare [D1] and [D2]; jump to M1 depending on the comparing result.',
  },
  {
    code: 0x0a,
    mnemonic: 'br',
    slots: ['D', 'T'],
    options: ['z', 'nz'],
    typing: 'any',
    profile: 'base',
    effect: 'Jump to M1 if [D1] is (not) zero.',
  },
  {
    code: 0x0b,
    mnemonic: 'br',
    slots: ['T'],
    options: ['j'],
    typing: 'none',
    profile: 'base',
    effect: 'Jump to M1.',
  },
  {
    code: 0x0c,
    mnemonic: 'bl',
    slots: ['T', 'W'],
    options: [''],
    typing: 'none',
    profile: 'base',
    effect: 'Branch and link (procedure call): store the address of the next instruction in M2; go to M1.',
  },
  {
    code: 0x0d,
    mnemonic: 'newr',
    slots: ['W', 'W', 'W', 'W'],
    options: [''],
    typing: 'none',
    profile: 'base',
    effect: 'Create a new runner.',
  },
  {
    code: 0x0e,
    mnemonic: 'exit',
    slots: [],
    options: ['c', 'a', 'cd', 'ad'],
    typing: 'none',
    profile: 'base',
    effect: 'Exit and commit or abort.',
  },
  {
    code: 0x10,
    mnemonic: 'rem',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'integer',
    profile: 'extended',
    effect: 'Store the remainder of [D1] divided by [D2] in M1; its sign is that of [D1].',
  },
  {
    code: 0x11,
    mnemonic: 'shl',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'integer',
    profile: 'extended',
    effect: 'Shift [D1] left by [D2] modulo its width; store the result in M1.',
  },
  {
    code: 0x12,
    mnemonic: 'shr',
    slots: ['D', 'D', 'M'],
    options: [''],
    typing: 'integer',
    profile: 'extended',
    effect:
      'Shift [D1] right by [D2] modulo its width, arithmetically on signed types; store the result in M1.',
  },
] as const satisfies readonly Row[];

export type InstructionRow = (typeof INSTRUCTIONS)[number];
export type InstructionCode = InstructionRow['code'];

type OperandIn<S extends Slot> = S extends 'D' ? Operand : MemoryOperand;
type OperandsOf<Slots extends readonly Slot[]> = { readonly [I in keyof Slots]: OperandIn<Slots[I]> };

type InstructionOf<R extends InstructionRow> = R extends InstructionRow
  ? {
      readonly code: R['code'];
      readonly mnemonic: R['mnemonic'];
      readonly option: R['options'][number];
      /** Type of the sources, and of the destination unless the instruction is a `mov`; `q` where it has none. */
      readonly type: ValueType;
      /** Type of the destination; differs from `type` only on `mov`. */
      readonly to: ValueType;
      readonly operands: OperandsOf<R['slots']>;
    }
  : never;

/** A decoded instruction: plain data. */
export type Instruction = InstructionOf<InstructionRow>;

/** The row of an instruction code, or undefined where the byte is no instruction. */
export function rowOf(code: number): InstructionRow | undefined {
  return BY_CODE[code];
}

const BY_CODE: readonly (InstructionRow | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  INSTRUCTIONS.find((row) => row.code === code),
);
