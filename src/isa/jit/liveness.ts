/** Which words a function must have in its locals where. */

import type { Instruction } from '../instructions.ts';
import { VALUE_TYPES } from '../value-type.ts';
import type { Flow } from './flow.ts';
import { type Block, followers, type Graph } from './graph.ts';
import { namedAccesses, slotsOf, type Word } from './words.ts';

export interface Liveness {
  /** Written somewhere: whoever leaves writes them back, so their locals must always be right. */
  readonly written: ReadonlySet<number>;
  /** For each block, the words whose locals are read before they are set. */
  readonly before: readonly ReadonlySet<number>[];
}

export function livenessOf(graph: Graph, flow: Flow, words: readonly Word[]): Liveness {
  const byAddress = new Map(words.map(({ address }, i) => [address, i]));
  const facts = graph.blocks.map((block) => factsOf(block, byAddress, words));
  const written = new Set(facts.flatMap((fact) => [...fact.written]));
  const before: Set<number>[] = facts.map(({ reads }) => new Set(reads));
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of flow.order.toReversed()) {
      // After a call all words are filled anew.
      if (graph.blocks[block]!.end.kind === 'call') continue;
      for (const next of followers(graph.blocks[block]!))
        for (const word of before[next]!)
          if (!facts[block]!.sets.has(word) && !before[block]!.has(word)) {
            before[block]!.add(word);
            changed = true;
          }
    }
  }
  return { written, before };
}

interface Facts {
  /** Read before they are set as a whole. */
  readonly reads: Set<number>;
  /** Set as a whole. */
  readonly sets: Set<number>;
  /** Set as a whole or in part. */
  readonly written: Set<number>;
}

function factsOf(block: Block, byAddress: ReadonlyMap<number, number>, words: readonly Word[]): Facts {
  const facts: Facts = { reads: new Set(), sets: new Set(), written: new Set() };
  for (const { instruction } of block.instructions) {
    const target = writtenAccess(instruction);
    for (const { address } of namedAccesses(instruction)) {
      const word = byAddress.get(address);
      if (word !== undefined && !facts.sets.has(word) && !isOnlyWritten(instruction, address))
        facts.reads.add(word);
    }
    const word = target === null ? undefined : byAddress.get(target.address);
    if (word === undefined) continue;
    facts.written.add(word);
    if (target!.size < words[word]!.bytes && !facts.sets.has(word)) facts.reads.add(word);
    else facts.sets.add(word);
  }
  return facts;
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
