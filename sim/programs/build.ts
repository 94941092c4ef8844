/** Instructions written by hand: `build('br:l', imm(1), at(x), to)`. Types follow the options, `mov:z:d:q` as the assembler's. */

import { INSTRUCTIONS, type Instruction } from '../../src/isa/instructions.ts';
import type {
  DirectOperand,
  DisplacementOperand,
  ImmediateOperand,
  IndirectOperand,
  Operand,
} from '../../src/isa/operands.ts';
import { VALUE_TYPES, type ValueType } from '../../src/isa/value-type.ts';

/**
 * `head` is mnemonic, option if any, the sources' type if not `q`, and the destination's if it differs. Immediates are
 * cut to their type.
 */
export function build(head: string, ...operands: readonly Operand[]): Instruction {
  const [mnemonic, ...words] = head.split(':');
  const row = INSTRUCTIONS.find((r) => r.mnemonic === mnemonic && r.slots.length === operands.length);
  if (row === undefined) throw new Error(`no instruction ${head} with ${operands.length} operands`);
  const types = words.filter(isType);
  const [type = 'q', to = type] = types;
  const option = words.find((word) => !isType(word)) ?? '';
  return {
    code: row.code,
    mnemonic: row.mnemonic,
    option,
    type,
    to,
    operands: operands.map((operand) =>
      operand.mode === 'immediate'
        ? { ...operand, bits: BigInt.asUintN(VALUE_TYPES[type].bits, operand.bits) }
        : operand,
    ),
  } as unknown as Instruction;
}

/** `$value` */
export const imm = (value: bigint | number): ImmediateOperand => ({ mode: 'immediate', bits: BigInt(value) });

/** `address` */
export const at = (address: number): DirectOperand => ({ mode: 'direct', address });

/** `(pointer)` */
export const via = (pointer: number): IndirectOperand => ({ mode: 'indirect', pointer });

/** `displacement(pointer)` */
export const off = (displacement: number, pointer: number): DisplacementOperand => ({
  mode: 'displacement',
  pointer,
  displacement,
});

function isType(word: string): word is ValueType {
  return Object.hasOwn(VALUE_TYPES, word);
}
