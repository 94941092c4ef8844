/**
 * Which words a function must have in its locals, and which of them memory does not know yet.
 *
 * Whoever leaves in the middle writes back what is dirty there, so a dirty word's local must be right wherever that may
 * happen, though no instruction reads it.
 */

import type { Instruction } from '../instructions.ts';
import { VALUE_TYPES } from '../value-type.ts';
import type { Flow } from './flow.ts';
import { type Block, followers, type Graph, type Placed } from './graph.ts';
import { namedAccesses, slotsOf, type Word, type WordAt } from './words.ts';

export interface Liveness {
  /** For each block, the words whose locals are read before they are set. */
  readonly before: readonly ReadonlySet<number>[];
  /** Words that memory does not know yet, before `index` of a block's instructions, or after all of them. */
  dirtyAt(block: number, index: number): readonly number[];
}

export function livenessOf(graph: Graph, flow: Flow, words: readonly Word[], wordAt: WordAt): Liveness {
  const dirty = dirtyWords(graph, flow, wordAt);
  const tables = graph.blocks.map((): (readonly number[])[] => []);
  const dirtyAt = (block: number, index: number): readonly number[] => {
    if (tables[block]!.length === 0)
      tables[block]!.push(...dirtyThrough(graph.blocks[block]!, dirty[block]!, wordAt));
    return tables[block]![index]!;
  };
  const facts = graph.blocks.map((block, i) => factsOf(block, dirty[i]!, wordAt, words));
  const before: Set<number>[] = facts.map(({ reads }) => new Set(reads));
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of flow.order.toReversed()) {
      // After a call, words are filled anew.
      if (graph.blocks[block]!.end.kind === 'call') continue;
      for (const next of followers(graph.blocks[block]!))
        for (const word of before[next]!)
          if (!facts[block]!.sets.has(word) && !before[block]!.has(word)) {
            before[block]!.add(word);
            changed = true;
          }
    }
  }
  return { before, dirtyAt };
}

/** What is dirty at the start of each block, by some way there. */
function dirtyWords(graph: Graph, flow: Flow, wordAt: WordAt): Set<number>[] {
  const dirty = graph.blocks.map(() => new Set<number>());
  for (let changed = true; changed; ) {
    changed = false;
    for (const index of flow.order) {
      const block = graph.blocks[index]!;
      const after = new Set(dirty[index]!);
      for (const placed of block.instructions) dirtied(after, placed, wordAt);
      // A call leaves nothing dirty.
      if (block.end.kind === 'call') continue;
      for (const next of followers(block))
        for (const word of after)
          if (!dirty[next]!.has(word)) {
            dirty[next]!.add(word);
            changed = true;
          }
    }
  }
  return dirty;
}

/** What is dirty before each instruction of a block, and after the last; the same list where nothing changes. */
function dirtyThrough(block: Block, before: ReadonlySet<number>, wordAt: WordAt): (readonly number[])[] {
  const dirty = new Set(before);
  let list = [...dirty].sort((a, b) => a - b);
  const through: (readonly number[])[] = [list];
  for (const placed of block.instructions) {
    const { size } = dirty;
    dirtied(dirty, placed, wordAt);
    if (dirty.size !== size) list = [...dirty].sort((a, b) => a - b);
    through.push(list);
  }
  return through;
}

function dirtied(dirty: Set<number>, { instruction }: Placed, wordAt: WordAt): void {
  // Everything is written back for a `newr`.
  if (instruction.mnemonic === 'newr') dirty.clear();
  const word = wordAt.get(writtenAccess(instruction)?.address ?? -1);
  if (word !== undefined) dirty.add(word);
}

interface Facts {
  /** Read before they are set as a whole. */
  readonly reads: Set<number>;
  /** Set as a whole. */
  readonly sets: Set<number>;
}

function factsOf(
  block: Block,
  dirtyBefore: ReadonlySet<number>,
  wordAt: WordAt,
  words: readonly Word[],
): Facts {
  const facts: Facts = { reads: new Set(), sets: new Set() };
  const dirty = new Set(dirtyBefore);
  const read = (word: number) => {
    if (!facts.sets.has(word)) facts.reads.add(word);
  };
  for (const placed of block.instructions) {
    const { instruction } = placed;
    if (mayLeave(instruction, wordAt, words)) dirty.forEach(read);
    for (const { address } of namedAccesses(instruction)) {
      const word = wordAt.get(address);
      if (word !== undefined && !isOnlyWritten(instruction, address)) read(word);
    }
    dirtied(dirty, placed, wordAt);
    const target = writtenAccess(instruction);
    const word = wordAt.get(target?.address ?? -1);
    if (word === undefined) continue;
    if (target!.size < words[word]!.bytes) read(word);
    else facts.sets.add(word);
  }
  // However the block ends, control may leave there.
  dirty.forEach(read);
  return facts;
}

/** Whether translated code may leave at an instruction that is not the last of its block. */
function mayLeave(instruction: Instruction, wordAt: WordAt, words: readonly Word[]): boolean {
  if (instruction.mnemonic === 'newr' || instruction.mnemonic === 'div' || instruction.mnemonic === 'rem')
    return true;
  const isFloat = (type: Instruction['type']) => VALUE_TYPES[type].family === 'float';
  if (isFloat(instruction.type) && !isFloat(instruction.to)) return true;
  const written = wordAt.get(writtenAccess(instruction)?.address ?? -1);
  if (written !== undefined && words[written]!.register === null) return true;
  return instruction.operands.some(
    (operand) => operand.mode !== 'immediate' && !(operand.mode === 'direct' && wordAt.has(operand.address)),
  );
}

/** The word that an instruction names as what it writes. */
export function writtenAccess(instruction: Instruction): { address: number; size: number } | null {
  if (instruction.mnemonic === 'newr') return null;
  const slot = slotsOf(instruction).findIndex((one) => one === 'M' || one === 'W');
  const operand = instruction.operands[slot];
  if (operand === undefined || operand.mode !== 'direct') return null;
  const size = slotsOf(instruction)[slot] === 'W' ? 8 : VALUE_TYPES[instruction.to].bytes;
  return { address: operand.address, size };
}

/** Whether the only operand that names the address is the one that is written. */
function isOnlyWritten(instruction: Instruction, address: number): boolean {
  const slots = slotsOf(instruction);
  return instruction.operands.every((operand, i) => {
    if (operand.mode === 'immediate') return true;
    if (operand.mode !== 'direct') return operand.pointer !== address;
    return operand.address !== address || slots[i] === 'M' || slots[i] === 'W' || slots[i] === 'T';
  });
}
