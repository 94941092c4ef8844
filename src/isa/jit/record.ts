/**
 * Accesses of one block by one pointer, as to the fields of a record or to what is pushed on a stack: one comparison
 * with a segment serves all of them, though the pointer may move by fixed steps in between.
 */

import type { MemoryOperand } from '../operands.ts';
import { accessesOf, keyOf, offsetOf, stepOf } from './accesses.ts';
import type { Block } from './graph.ts';
import type { Access } from './linear-port.ts';
import { writtenAccess } from './liveness.ts';
import type { WordAt } from './words.ts';

export interface Record {
  readonly access: Access;
  /** The first of its accesses. */
  readonly first: MemoryOperand;
  /** From the lowest to beyond the highest byte, counted from the pointer as it is at the first access. */
  readonly from: number;
  readonly to: number;
  /** Where each access lies, counted from `from`. */
  readonly offsets: ReadonlyMap<MemoryOperand, number>;
}

/** Bytes that a record may stretch over. */
const WIDEST = 4096;

/** Those of a block with two accesses or more. */
export function recordsIn(block: Block, wordAt: WordAt): Record[] {
  const open = new Map<string, Draft>();
  const records: Record[] = [];
  const close = (name: string) => {
    const draft = open.get(name);
    open.delete(name);
    if (draft !== undefined && draft.offsets.size > 1) records.push(finished(draft));
  };
  for (const { instruction } of block.instructions) {
    // It writes a word that may be a pointer, and may revoke any segment.
    if (instruction.mnemonic === 'newr') for (const name of [...open.keys()]) close(name);
    for (const { access, operand, size } of accessesOf(instruction, wordAt)) {
      const name = keyOf(access, operand);
      const offset = offsetOf(operand, wordAt, () => open.get(name)?.moved ?? 0);
      if (offset === null) continue;
      const draft = open.get(name);
      if (draft?.include(operand, offset, size) === true) continue;
      close(name);
      // Counted from the pointer as it is now.
      open.set(name, new Draft(access, operand, offsetOf(operand, wordAt, () => 0)!, size));
    }
    const written = writtenAccess(instruction);
    const word = written === null ? undefined : wordAt.get(written.address);
    if (word === undefined) continue;
    const step = stepOf(instruction, wordAt);
    for (const [name, draft] of [...open]) {
      const { first } = draft;
      if (first.mode === 'direct' || wordAt.get(first.pointer) !== word) continue;
      if (step === null) close(name);
      else draft.moved += step.step;
    }
  }
  for (const name of [...open.keys()]) close(name);
  return records;
}

class Draft {
  readonly access: Access;
  readonly first: MemoryOperand;
  readonly offsets = new Map<MemoryOperand, number>();
  from: number;
  to: number;
  /** How far the pointer has moved since the first access. */
  moved = 0;

  constructor(access: Access, first: MemoryOperand, offset: number, size: number) {
    this.access = access;
    this.first = first;
    this.from = offset;
    this.to = offset + size;
    this.offsets.set(first, offset);
  }

  /** False if the record would become too wide. */
  include(operand: MemoryOperand, offset: number, size: number): boolean {
    const from = Math.min(this.from, offset);
    const to = Math.max(this.to, offset + size);
    if (to - from > WIDEST) return false;
    this.from = from;
    this.to = to;
    this.offsets.set(operand, offset);
    return true;
  }
}

function finished({ access, first, from, to, offsets }: Draft): Record {
  const relative = [...offsets].map(([operand, offset]) => [operand, offset - from] as const);
  return { access, first, from, to, offsets: new Map(relative) };
}
