/**
 * The words that a function of translated code keeps in locals: register words, and words of private memory that its
 * instructions name and that nothing else in the function overlaps. A pointer never leads to a register word; one that
 * leads to a private word in a local is noticed by the slow path, which no segment spares it.
 */

import type { Instruction, Slot } from '../instructions.ts';
import { rowOf } from '../instructions.ts';
import type { Layout } from '../layout.ts';
import { type AccessSize, VALUE_TYPES } from '../value-type.ts';
import type { Graph } from './graph.ts';
import { TOUCHED_SHIFT } from './linear-layout.ts';

/** One word that lives in a local. */
export interface Word {
  readonly address: number;
  /** The bytes from `address` on that the local holds, zero-extended to 64 bits. */
  readonly bytes: AccessSize;
  /** Of a register word, 0 … 63. */
  readonly register: number | null;
}

/** Numbers of a function's words, by their addresses. */
export type WordAt = ReadonlyMap<number, number>;

/** An access to a fixed address that an instruction names. */
export interface NamedAccess {
  readonly address: number;
  readonly size: AccessSize;
}

/** So many private words a function; a frame of the host's stack has to hold them. */
const MOST_PRIVATE_WORDS = 64;

/** Bytes of private memory that count as touched together. */
export const TOUCHED = 2 ** TOUCHED_SHIFT;

/** The words of a function, registers first. */
export function wordsOf(graph: Graph, layout: Layout, promote: boolean): Word[] {
  const registers = new Set<number>();
  const named = new Map<number, { bytes: AccessSize; uses: number }>();
  for (const { instructions } of graph.blocks)
    for (const { instruction } of instructions)
      for (const { address, size } of namedAccesses(instruction)) {
        const register = registerAt(layout, address);
        if (register !== null) registers.add(register);
        else {
          const known = named.get(address) ?? { bytes: size, uses: 0 };
          named.set(address, { bytes: larger(known.bytes, size), uses: known.uses + 1 });
        }
      }
  const words: Word[] = [...registers]
    .sort((a, b) => a - b)
    .map((register) => ({ address: layout.registers + 8 * register, bytes: 8, register }));
  return promote ? [...words, ...privateWords(named, layout)] : words;
}

/** Number of the register word that starts at `address`, or null. */
export function registerAt(layout: Layout, address: number): number | null {
  const offset = address - layout.registers;
  return offset >= 0 && address < layout.registersEnd && offset % 8 === 0 ? offset / 8 : null;
}

/** What an instruction accesses at addresses that it names; `newr` is not executed on locals and has none. */
export function namedAccesses(instruction: Instruction): NamedAccess[] {
  const slots = slotsOf(instruction);
  if (instruction.mnemonic === 'newr') return [];
  return instruction.operands.flatMap((operand, i): NamedAccess[] => {
    if (operand.mode === 'immediate') return [];
    if (operand.mode !== 'direct') return [{ address: operand.pointer, size: 8 }];
    return slots[i] === 'T' ? [] : [{ address: operand.address, size: sizeOf(instruction, slots[i]!) }];
  });
}

export function slotsOf(instruction: Instruction): readonly Slot[] {
  return rowOf(instruction.code)!.slots;
}

/** Bytes of the operand in a slot. */
export function sizeOf(instruction: Instruction, slot: Slot): AccessSize {
  switch (slot) {
    case 'D':
      return VALUE_TYPES[instruction.type].bytes;
    case 'M':
      return VALUE_TYPES[instruction.to].bytes;
    case 'T':
    case 'W':
      return 8;
  }
}

function privateWords(
  named: ReadonlyMap<number, { readonly bytes: AccessSize; readonly uses: number }>,
  layout: Layout,
): Word[] {
  const sorted = [...named]
    .map(([address, said]) => ({ address, ...said }))
    .sort((a, b) => a.address - b.address);
  // An access has 8 bytes at the most, so only the 8 before may reach over the start of one.
  const alone = sorted.filter(({ address, bytes }, i) => {
    const overlapped = sorted
      .slice(Math.max(0, i - 8), i + 8)
      .some(
        (other) =>
          other.address !== address &&
          other.address < address + bytes &&
          other.address + other.bytes > address,
      );
    return !overlapped && isPlainPrivate(layout, address, bytes);
  });
  return alone
    .sort((a, b) => b.uses - a.uses || a.address - b.address)
    .slice(0, MOST_PRIVATE_WORDS)
    .sort((a, b) => a.address - b.address)
    .map(({ address, bytes }) => ({ address, bytes, register: null }));
}

/** Private memory that counts as touched by one look, and neither a port nor a register word. */
function isPlainPrivate(layout: Layout, address: number, bytes: number): boolean {
  const end = address + bytes;
  const { stdout, stderr } = layout.words;
  const meets = (base: number, length: number) => address < base + length && end > base;
  return (
    end <= layout.regionBoundary &&
    Math.floor(address / TOUCHED) === Math.floor((end - 1) / TOUCHED) &&
    !meets(layout.registers, layout.registersEnd - layout.registers) &&
    !meets(stdout, 8) &&
    !meets(stderr, 8)
  );
}

function larger(a: AccessSize, b: AccessSize): AccessSize {
  return a > b ? a : b;
}
