/** What instructions access that is no word, which of it is likely to share a segment, and how far apart it lies. */

import type { Instruction } from '../instructions.ts';
import type { MemoryOperand, Operand } from '../operands.ts';
import type { ValueType } from '../value-type.ts';
import type { Access } from './linear-port.ts';
import { sizeOf, slotsOf, type WordAt } from './words.ts';

/** Fixed addresses so near each other are likely to lie in one range. */
const NEIGHBOURHOOD = 2 ** 16;
/** Bytes that a word may be moved by and still be followed: steps of megabytes share no segment. */
const FARTHEST = 2 ** 16;

/** What an instruction accesses that is no word. */
export interface PlacedAccess {
  readonly access: Access;
  readonly operand: MemoryOperand;
  readonly size: number;
}

/** The accesses of an instruction that are to no word: its operands, and before each the word that its pointer is, if it is none. */
export function accessesOf(instruction: Instruction, wordAt: WordAt): PlacedAccess[] {
  if (instruction.mnemonic === 'newr') return [];
  const slots = slotsOf(instruction);
  return instruction.operands.flatMap((operand: Operand, i: number): PlacedAccess[] => {
    if (operand.mode === 'immediate') return [];
    const slot = slots[i]!;
    const own: PlacedAccess = {
      access: slot === 'M' || slot === 'W' ? 'store' : 'load',
      operand,
      size: sizeOf(instruction, slot),
    };
    if (operand.mode === 'direct') return slot === 'T' || wordAt.has(operand.address) ? [] : [own];
    const pointer: PlacedAccess = {
      access: 'load',
      operand: { mode: 'direct', address: operand.pointer },
      size: 8,
    };
    const pointers = wordAt.has(operand.pointer) ? [] : [pointer];
    return slot === 'T' ? pointers : [...pointers, own];
  });
}

/** How far from its pointer's first place, or into its neighbourhood, an operand's address lies; null if that is not known. */
export function offsetOf(
  operand: MemoryOperand,
  wordAt: WordAt,
  moved: (word: number) => number | null,
): number | null {
  if (operand.mode === 'direct') return operand.address % NEIGHBOURHOOD;
  const word = wordAt.get(operand.pointer);
  const by = word === undefined ? null : moved(word);
  return by === null ? null : by + (operand.mode === 'displacement' ? operand.displacement : 0);
}

/** The first address of the neighbourhood that a fixed address lies in. */
export function neighbourhoodOf(address: number): number {
  return address - (address % NEIGHBOURHOOD);
}

/** Accesses with one key are likely to be to the same range: those by the same pointer, those near each other. */
export function keyOf(access: Access, operand: MemoryOperand): string {
  return operand.mode === 'direct'
    ? `${access} direct ${neighbourhoodOf(operand.address)}`
    : `${access} pointer ${operand.pointer}`;
}

/** What an instruction moves a word by, if that is all it does to it. */
export function stepOf(
  instruction: Instruction,
  wordAt: WordAt,
): { readonly word: number; readonly step: number } | null {
  if (instruction.mnemonic !== 'add' && instruction.mnemonic !== 'sub') return null;
  const [left, right, destination] = instruction.operands;
  if (!isWide(instruction.type) || destination.mode !== 'direct') return null;
  const word = wordAt.get(destination.address);
  if (word === undefined) return null;
  const same = (operand: Operand) => operand.mode === 'direct' && operand.address === destination.address;
  const value = (operand: Operand) => (operand.mode === 'immediate' ? BigInt.asIntN(64, operand.bits) : null);
  let by: bigint | null = null;
  if (same(left)) by = value(right);
  else if (same(right) && instruction.mnemonic === 'add') by = value(left);
  if (by === null || by < -BigInt(FARTHEST) || by > BigInt(FARTHEST)) return null;
  return { word, step: instruction.mnemonic === 'add' ? Number(by) : -Number(by) };
}

export function isWide(type: ValueType): boolean {
  return type === 'q' || type === 'uq';
}
