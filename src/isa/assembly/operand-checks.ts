/** Whether a written operand may stand in a slot of an instruction. */

import type { InstructionRow, Slot } from '../instructions.ts';
import type { Profile } from '../program.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import type { OperandSyntax } from './operand-syntax.ts';
import { SourceError } from './source.ts';
import { usage } from './usage.ts';

/** Refuses an immediate where memory is needed, and a type where there can be none or only 64 bits. */
export function checkSlot(row: InstructionRow, slot: Slot, operand: OperandSyntax): void {
  if (slot === 'D') return;
  if (operand.mode === 'immediate') {
    if (slot === 'T') {
      throw new SourceError(
        'DE0216',
        operand,
        'a branch target is an address, not an immediate',
        'write it without `$`',
      );
    }
    throw new SourceError(
      'DE0206',
      operand,
      'an immediate cannot stand here: this operand is memory',
      usage([row]),
    );
  }
  if (operand.type === null) return;
  if (slot === 'T') {
    throw new SourceError(
      'DE0210',
      operand.type,
      'a branch target carries no type',
      `remove \`:${operand.type.name}\``,
    );
  }
  if (slot === 'W' && operand.type.name !== 'q' && operand.type.name !== 'uq') {
    throw new SourceError(
      'DE0211',
      operand.type,
      `this operand of \`${row.mnemonic}\` is a 64-bit word`,
      'write it with `:q`, `:uq` or without a type',
    );
  }
}

/** Refuses a float where the instruction or the profile has none. */
export function checkType(
  row: InstructionRow,
  option: string,
  written: NonNullable<OperandSyntax['type']>,
  profile: Profile,
): void {
  if (VALUE_TYPES[written.name].family !== 'float') return;
  if (profile === 'base') {
    throw new SourceError(
      'DE0213',
      written,
      `type \`${written.name}\` is not in the base profile`,
      'assemble with --profile extended',
    );
  }
  if (row.typing === 'integer') {
    throw new SourceError(
      'DE0209',
      written,
      `\`${row.mnemonic}\` takes integers only`,
      'floats are for mov, add, sub, mul, div and br',
    );
  }
  if (row.mnemonic === 'mov' && option === 'z') {
    throw new SourceError(
      'DE0212',
      written,
      '`:z` extends integers, this is a float',
      'write mov without `:z`',
    );
  }
}

/** Refuses a float literal where the sources are integers. */
export function checkLiteral(operand: OperandSyntax, type: ValueType): void {
  if (operand.mode !== 'immediate' || operand.value.kind !== 'float') return;
  if (VALUE_TYPES[type].family === 'float') return;
  throw new SourceError(
    'DE0310',
    operand,
    `a float literal needs a float type, this is \`:${type}\``,
    'add `:fd` or `:fs`',
  );
}
