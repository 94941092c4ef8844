/** From an address to the control-flow graph of the code that can be reached from there without a computed jump. */

import type { Instruction } from '../instructions.ts';
import type { MemoryOperand } from '../operands.ts';
import type { Decoded } from '../port.ts';

/** An instruction at its place. */
export interface Placed {
  readonly pc: number;
  readonly instruction: Instruction;
  /** Address of the instruction behind it. */
  readonly next: number;
}

/** Where control goes: to a block of the graph, by its index, or out of it. */
export type Target =
  | { readonly kind: 'block'; readonly block: number }
  /** To an address that the graph does not hold. A branch there must first be allowed. */
  | { readonly kind: 'outside'; readonly pc: number; readonly branch: boolean };

/** How a block ends. Its last instruction is the one that decides, except for `goto` by running on. */
export type Terminator<T = Target> =
  | { readonly kind: 'goto'; readonly to: T }
  | { readonly kind: 'branch'; readonly to: T; readonly otherwise: T }
  /** `br` with a condition, to an address that is computed. */
  | { readonly kind: 'branch-computed'; readonly target: MemoryOperand; readonly otherwise: T }
  | { readonly kind: 'jump'; readonly target: MemoryOperand }
  /** `bl` to a fixed address. */
  | { readonly kind: 'call'; readonly callee: number; readonly back: T }
  | { readonly kind: 'call-computed'; readonly target: MemoryOperand }
  | { readonly kind: 'exit' };

export interface Block {
  readonly pc: number;
  readonly instructions: readonly Placed[];
  readonly end: Terminator;
}

/** Block 0 is the entry. */
export interface Graph {
  readonly blocks: readonly Block[];
}

/**
 * The graph from `entry` with at most `limit` instructions, those nearest to the entry first; null if there is no
 * instruction. `code` gives the instruction at an address, or null where none can be had.
 */
export function graphFrom(code: (pc: number) => Decoded | null, entry: number, limit: number): Graph | null {
  const placed = new Map<number, Placed>();
  const leaders = new Set([entry]);
  const queue = [entry];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (let pc = at; !placed.has(pc) && placed.size < limit; ) {
      const decoded = code(pc);
      if (decoded === null) break;
      const one: Placed = { pc, instruction: decoded.instruction, next: pc + decoded.length };
      placed.set(pc, one);
      const end = terminatorOf(one, (at) => at);
      // What lies straight on is the nearest.
      for (const target of end === null ? [] : targetsOf(end).toReversed()) {
        leaders.add(target);
        queue.push(target);
      }
      if (end !== null) break;
      pc = one.next;
    }
  }
  if (!placed.has(entry)) return null;
  const starts = [...leaders].filter((pc) => placed.has(pc));
  const indices = new Map(starts.map((pc, index) => [pc, index]));
  const target = (pc: number, branch: boolean): Target => {
    const block = indices.get(pc);
    return block === undefined ? { kind: 'outside', pc, branch } : { kind: 'block', block };
  };
  return { blocks: starts.map((pc) => blockFrom(pc, placed, leaders, target)) };
}

function blockFrom(
  start: number,
  placed: ReadonlyMap<number, Placed>,
  leaders: ReadonlySet<number>,
  target: (pc: number, branch: boolean) => Target,
): Block {
  const instructions: Placed[] = [];
  for (let pc = start; ; ) {
    const one = placed.get(pc);
    if (one === undefined || (pc !== start && leaders.has(pc)))
      return { pc: start, instructions, end: { kind: 'goto', to: target(pc, false) } };
    instructions.push(one);
    const end = terminatorOf(one, target);
    if (end !== null) return { pc: start, instructions, end };
    pc = one.next;
  }
}

/** Instructions of a test that is worth having twice. */
const SHORT_TEST = 8;

/**
 * The same graph, with loops that are entered at a test at their end turned so that they are one block: what `while` comes
 * to. The test then stands twice, before the loop and at its end. A block's instructions may so lie apart.
 */
export function rotated({ blocks }: Graph): Graph {
  return {
    blocks: blocks.map((block, index) => {
      if (block.end.kind !== 'goto' || block.end.to.kind !== 'block') return block;
      const test = blocks[block.end.to.block]!;
      if (test === block || test.instructions.length > SHORT_TEST || test.end.kind !== 'branch') return block;
      const comesBack = (target: Target) => target.kind === 'block' && target.block === index;
      if (!comesBack(test.end.to) && !comesBack(test.end.otherwise)) return block;
      return { pc: block.pc, instructions: [...block.instructions, ...test.instructions], end: test.end };
    }),
  };
}

/** Null for an instruction that control runs through. */
function terminatorOf<T>(
  { instruction, next }: Placed,
  target: (pc: number, branch: boolean) => T,
): Terminator<T> | null {
  if (instruction.mnemonic === 'exit') return { kind: 'exit' };
  if (instruction.mnemonic === 'bl') {
    const [callee] = instruction.operands;
    return callee.mode === 'direct'
      ? { kind: 'call', callee: callee.address, back: target(next, false) }
      : { kind: 'call-computed', target: callee };
  }
  if (instruction.mnemonic !== 'br') return null;
  const goal = instruction.operands.at(-1) as MemoryOperand;
  if (instruction.option === 'j')
    return goal.mode === 'direct'
      ? { kind: 'goto', to: target(goal.address, true) }
      : { kind: 'jump', target: goal };
  const otherwise = target(next, false);
  return goal.mode === 'direct'
    ? { kind: 'branch', to: target(goal.address, true), otherwise }
    : { kind: 'branch-computed', target: goal, otherwise };
}

/** The fixed places where control may go on, the one straight on last. */
function targetsOf<T>(end: Terminator<T>): readonly T[] {
  switch (end.kind) {
    case 'goto':
      return [end.to];
    case 'branch':
      return [end.to, end.otherwise];
    case 'branch-computed':
      return [end.otherwise];
    case 'call':
      return [end.back];
    case 'jump':
    case 'call-computed':
    case 'exit':
      return [];
  }
}

/** The blocks that control may go to from a block. */
export function followers({ end }: Block): number[] {
  return targetsOf(end).flatMap((target) => (target.kind === 'block' ? [target.block] : []));
}
