/**
 * Instructions as bytes. Each instruction has exactly one encoding, so equal code has equal bytes:
 *
 *     byte 0   instruction code
 *     byte 1   option, its place in the row's list
 *     byte 2   types: the sources' in the low nibble, the destination's in the high one
 *     then for each operand a mode byte and
 *       0 immediate     the value, little endian, in as many bytes as its type has
 *       1 direct        the address in 6 bytes
 *       2 indirect      the pointer's address in 6 bytes
 *       3 displacement  the signed displacement in 4 bytes, the pointer's address in 6
 */

import { invariant } from '../invariant.ts';
import { type Instruction, type InstructionRow, rowOf } from './instructions.ts';
import { ADDRESS_LIMIT } from './layout.ts';
import type { Operand } from './operands.ts';
import type { Decoded } from './port.ts';
import { VALUE_TYPE_NAMES, VALUE_TYPES, type ValueType } from './value-type.ts';

/** No instruction is longer: `newr` with four displacement operands. */
export const MAX_INSTRUCTION_BYTES = 47;

const HEAD_BYTES = 3;
const ADDRESS_BYTES = 6;
const DISPLACEMENT_BYTES = 4;

/** The bytes of an instruction. */
export function encode(instruction: Instruction): Uint8Array {
  const row = rowOf(instruction.code);
  invariant(row !== undefined, 'an instruction has a row');
  const option = (row.options as readonly string[]).indexOf(instruction.option);
  invariant(option >= 0, "an instruction's option is one of its row's");
  const { type, to } = instruction;
  invariant(mayType(row, instruction.option, type, to), "an instruction's types are ones that its row takes");
  const bytes = new Uint8Array(encodedLength(instruction));
  bytes[0] = row.code;
  bytes[1] = option;
  bytes[2] = VALUE_TYPES[type].code | (VALUE_TYPES[to].code << 4);
  let at = HEAD_BYTES;
  for (const operand of instruction.operands) at = writeOperand(bytes, at, operand, type);
  return bytes;
}

/** How many bytes `encode` makes. */
export function encodedLength(instruction: Instruction): number {
  let length = HEAD_BYTES;
  for (const operand of instruction.operands) length += 1 + payloadBytes(operand.mode, instruction.type);
  return length;
}

/** The instruction that starts at `offset`; null where the bytes are none or end too soon. Never throws. */
export function decode(bytes: Uint8Array, offset: number): Decoded | null {
  const row = rowOf(bytes[offset] ?? 0);
  if (row === undefined) return null;
  const option = row.options[bytes[offset + 1] ?? 0xff];
  const types = bytes[offset + 2] ?? 0xff;
  const type = VALUE_TYPE_NAMES[types & 0xf];
  const to = VALUE_TYPE_NAMES[types >>> 4];
  if (option === undefined || type === undefined || to === undefined) return null;
  if (!mayType(row, option, type, to)) return null;
  const operands: Operand[] = [];
  let at = offset + HEAD_BYTES;
  for (const slot of row.slots) {
    const mode = MODES[bytes[at] ?? 0xff];
    if (mode === undefined || (mode === 'immediate' && slot !== 'D')) return null;
    const end = at + 1 + payloadBytes(mode, type);
    if (end > bytes.length) return null;
    const operand = readOperand(bytes, at + 1, mode, type);
    if (operand === null) return null;
    operands.push(operand);
    at = end;
  }
  // The checks above are the row's own; TypeScript cannot follow them through the table.
  const instruction = { code: row.code, mnemonic: row.mnemonic, option, type, to, operands };
  return { instruction: instruction as unknown as Instruction, length: at - offset };
}

/** Whether the row takes these types: no floats where it is for integers, two types on `mov` only, no float with `:z`. */
function mayType(row: InstructionRow, option: string, type: ValueType, to: ValueType): boolean {
  const float = VALUE_TYPES[type].family === 'float' || VALUE_TYPES[to].family === 'float';
  if (row.mnemonic === 'mov') return !(float && option === 'z');
  if (type !== to) return false;
  switch (row.typing) {
    case 'any':
      return true;
    case 'integer':
      return !float;
    case 'none':
      return type === 'q';
  }
}

/** The modes in the order of their numbers. */
const MODES = ['immediate', 'direct', 'indirect', 'displacement'] as const satisfies Operand['mode'][];

function payloadBytes(mode: Operand['mode'], type: ValueType): number {
  switch (mode) {
    case 'immediate':
      return VALUE_TYPES[type].bytes;
    case 'direct':
    case 'indirect':
      return ADDRESS_BYTES;
    case 'displacement':
      return DISPLACEMENT_BYTES + ADDRESS_BYTES;
  }
}

/** Writes mode and payload at `at`; returns where the next operand goes. */
function writeOperand(bytes: Uint8Array, at: number, operand: Operand, type: ValueType): number {
  const start = at + 1;
  const length = payloadBytes(operand.mode, type);
  bytes[at] = MODES.indexOf(operand.mode);
  switch (operand.mode) {
    case 'immediate': {
      const { bits } = operand;
      invariant(bits === BigInt.asUintN(length * 8, bits), 'an immediate is the unsigned bits of its type');
      for (let i = 0; i < length; i += 1) bytes[start + i] = Number((bits >> BigInt(8 * i)) & 0xffn);
      break;
    }
    case 'direct':
      writeAddress(bytes, start, operand.address);
      break;
    case 'indirect':
      writeAddress(bytes, start, operand.pointer);
      break;
    case 'displacement': {
      const { displacement } = operand;
      invariant(displacement === (displacement | 0), 'a displacement is a signed 32-bit number');
      for (let i = 0; i < DISPLACEMENT_BYTES; i += 1) bytes[start + i] = displacement >>> (8 * i);
      writeAddress(bytes, start + DISPLACEMENT_BYTES, operand.pointer);
      break;
    }
  }
  return start + length;
}

/** Reads the payload at `at`, which is known to be all there; null where it holds an address beyond 2^46. */
function readOperand(bytes: Uint8Array, at: number, mode: Operand['mode'], type: ValueType): Operand | null {
  switch (mode) {
    case 'immediate': {
      let bits = 0n;
      for (let i = VALUE_TYPES[type].bytes - 1; i >= 0; i -= 1) bits = (bits << 8n) | BigInt(bytes[at + i]!);
      return { mode, bits };
    }
    case 'direct': {
      const address = readAddress(bytes, at);
      return address < ADDRESS_LIMIT ? { mode, address } : null;
    }
    case 'indirect': {
      const pointer = readAddress(bytes, at);
      return pointer < ADDRESS_LIMIT ? { mode, pointer } : null;
    }
    case 'displacement': {
      const pointer = readAddress(bytes, at + DISPLACEMENT_BYTES);
      return pointer < ADDRESS_LIMIT ? { mode, pointer, displacement: readInt32(bytes, at) } : null;
    }
  }
}

function writeAddress(bytes: Uint8Array, at: number, address: number): void {
  invariant(
    Number.isSafeInteger(address) && address >= 0 && address < ADDRESS_LIMIT,
    'an address lies below 2^46',
  );
  const high = Math.floor(address / 2 ** 32);
  for (let i = 0; i < 4; i += 1) bytes[at + i] = address >>> (8 * i);
  bytes[at + 4] = high;
  bytes[at + 5] = high >>> 8;
}

function readAddress(bytes: Uint8Array, at: number): number {
  const low = readInt32(bytes, at) >>> 0;
  return low + (bytes[at + 4]! | (bytes[at + 5]! << 8)) * 2 ** 32;
}

function readInt32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
