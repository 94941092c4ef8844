/** Instructions as they are written. */

import type { Instruction, Slot } from './instructions.ts';
import { rowOf } from './instructions.ts';
import type { Layout } from './layout.ts';
import type { Operand } from './operands.ts';
import type { Profile } from './program.ts';
import { VALUE_TYPES, type ValueType } from './value-type.ts';

/** The name to show for an address, if it has one. */
export type NameOf = (address: number) => string | undefined;

/** `add $1:d, (r5):d, total:d`. The assembler makes the same instruction of it if `isWritable`. */
export function instructionText(instruction: Instruction, layout: Layout, nameOf: NameOf): string {
  const { code, mnemonic, option, type, to } = instruction;
  const slots: readonly Slot[] = rowOf(code)!.slots;
  const head = option === '' ? mnemonic : `${mnemonic}:${option}`;
  const operands = instruction.operands.map((operand, i) => {
    const text = operandText(operand, type, layout, nameOf);
    switch (slots[i]) {
      case 'D':
        return `${text}:${type}`;
      case 'M':
        return `${text}:${to}`;
      default:
        return text;
    }
  });
  return [head, operands.join(', ')].join(' ').trimEnd();
}

/**
 * Whether source can say this: no float that is NaN or infinite, no address inside a register word, nothing beyond the
 * profile.
 */
export function isWritable(instruction: Instruction, layout: Layout, profile: Profile): boolean {
  if (profile === 'base' && isExtended(instruction)) return false;
  const operands: readonly Operand[] = instruction.operands;
  return operands.every((operand) => isWritableOperand(operand, instruction.type, layout));
}

/** Whether the instruction is beyond the paper's twelve: by its row, by a float type, or by ending a watcher. */
export function isExtended({ code, option, type, to }: Instruction): boolean {
  return (
    rowOf(code)!.profile === 'extended' || isFloat(type) || isFloat(to) || option === 'cd' || option === 'ad'
  );
}

/** An integer: small ones in decimal. */
export function numberText(value: number | bigint): string {
  if (value > -1000 && value < 1000) return String(value);
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

function operandText(operand: Operand, type: ValueType, layout: Layout, nameOf: NameOf): string {
  const place = (address: number): string => nameOf(address) ?? numberText(address);
  switch (operand.mode) {
    case 'immediate':
      return `$${immediateText(operand.bits, type, layout, nameOf)}`;
    case 'direct':
      return place(operand.address);
    case 'indirect':
      return `(${place(operand.pointer)})`;
    case 'displacement':
      return `${operand.displacement}(${place(operand.pointer)})`;
  }
}

function isWritableOperand(operand: Operand, type: ValueType, layout: Layout): boolean {
  switch (operand.mode) {
    case 'immediate':
      return !isFloat(type) || Number.isFinite(floatOf(type, operand.bits));
    case 'direct':
      return !isInsideRegister(operand.address, layout);
    case 'indirect':
    case 'displacement':
      return !isInsideRegister(operand.pointer, layout);
  }
}

/** A 64-bit number that is a named address of the shared region is most likely meant as one. */
function immediateText(bits: bigint, type: ValueType, layout: Layout, nameOf: NameOf): string {
  if (isFloat(type)) return floatText(floatOf(type, bits));
  const row = VALUE_TYPES[type];
  const value = row.family === 'signed' ? BigInt.asIntN(row.bits, bits) : bits;
  const name = row.bits === 64 && value >= layout.regionBoundary ? nameOf(Number(value)) : undefined;
  return name ?? numberText(value);
}

/** `digits.digits[e±n]`, with the fewest digits that mean this very number. */
function floatText(value: number): string {
  const [digits = '', exponent] = (Object.is(value, -0) ? '-0' : String(value)).split('e');
  const pointed = digits.includes('.') || !Number.isFinite(value) ? digits : `${digits}.0`;
  return exponent === undefined ? pointed : `${pointed}e${exponent}`;
}

function floatOf(type: ValueType, bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return type === 'fs' ? view.getFloat32(4) : view.getFloat64(0);
}

function isFloat(type: ValueType): boolean {
  return VALUE_TYPES[type].family === 'float';
}

function isInsideRegister(address: number, { registers, registersEnd }: Layout): boolean {
  return address > registers && address < registersEnd && (address - registers) % 8 !== 0;
}
