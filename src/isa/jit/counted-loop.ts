/**
 * Loops of one block that count: some word moves by a fixed step each time, and the branch back compares it with
 * something that stays. Of such a loop several iterations can be run in one go: whether all of them will be run, and
 * where their accesses lie, is known before the first.
 */

import type { Comparison } from '../arithmetic.ts';
import type { Instruction } from '../instructions.ts';
import type { MemoryOperand, Operand } from '../operands.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import { accessesOf, isWide, keyOf, offsetOf, type PlacedAccess, stepOf } from './accesses.ts';
import type { Block, Placed } from './graph.ts';
import type { Access } from './linear-port.ts';
import { writtenAccess } from './liveness.ts';
import type { Word, WordAt } from './words.ts';

/** What `counter` is compared with each time: a word that stays, or a number. */
export type Bound = { readonly word: number } | { readonly value: bigint };

/** The loop goes on as long as `counter C bound` holds; for `ne` in steps of either sign, else towards the bound. */
export interface CountedLoop {
  readonly counter: number;
  readonly comparison: Exclude<Comparison, 'e'>;
  readonly signed: boolean;
  readonly bound: Bound;
  /** What the counter moves by in an iteration; never 0. */
  readonly step: number;
  /** Accesses by pointers that stay or move by steps; what others access is compared with its segment each time. */
  readonly groups: readonly Group[];
  /** Those others: each has to be compared where it is made. */
  readonly loose: readonly PlacedAccess[];
  /** Iterations that are run in one go. */
  readonly times: number;
  /** Whether an instruction may have to leave in the middle, as one that accesses what is in no group. */
  readonly mayLeave: boolean;
  /** Private words that are written. */
  readonly touched: readonly number[];
}

/** Accesses by one operand's address: where they lie during all iterations, from the lowest to beyond the highest byte. */
export interface Group {
  readonly access: Access;
  readonly operand: MemoryOperand;
  readonly from: number;
  readonly to: number;
}

/** Instructions that the iterations of one go have together, about. */
const TOGETHER = 48;
const MOST_TIMES = 16;
/** Bytes that a group may stretch over: a step of megabytes has nothing to gain. */
const WIDEST = 2 ** 16;

/** Null if the block, which branches back to itself, is no such loop. `again`: it does so if the condition holds. */
export function countedLoop(
  block: Block,
  again: boolean,
  words: readonly Word[],
  wordAt: WordAt,
): CountedLoop | null {
  const body = block.instructions.slice(0, -1);
  const branch = block.instructions.at(-1)!.instruction;
  const steps = stepsOf(body, wordAt);
  if (steps === null) return null;
  const test = testOf(branch, again, wordAt, steps);
  if (test === null) return null;
  const times =
    2 ** Math.floor(Math.log2(Math.max(1, Math.min(MOST_TIMES, TOGETHER / block.instructions.length))));
  const groups = groupsOf(body, times, wordAt, steps);
  if (times === 1 && groups.length === 0) return null;
  const touched = new Set<number>();
  for (const { instruction } of body) {
    const word = wordAt.get(writtenAccess(instruction)?.address ?? -1);
    if (word !== undefined && words[word]!.register === null) touched.add(word);
  }
  const grouped = new Set(groups.map(({ access, operand }) => keyOf(access, operand)));
  const loose = body.flatMap(({ instruction }) =>
    accessesOf(instruction, wordAt).filter(({ access, operand }) => !grouped.has(keyOf(access, operand))),
  );
  const leaves = loose.length > 0 || body.some(mayLeave);
  return { ...test, groups, loose, times, mayLeave: leaves, touched: [...touched] };
}

/** Of each word that is written what it moves by in an iteration, null where it does otherwise; null for a loop that is not to be run so. */
function stepsOf(body: readonly Placed[], wordAt: WordAt): ReadonlyMap<number, number | null> | null {
  const steps = new Map<number, number | null>();
  for (const { instruction } of body) {
    if (instruction.mnemonic === 'newr') return null;
    const written = writtenAccess(instruction);
    const word = written === null ? undefined : wordAt.get(written.address);
    if (word === undefined) continue;
    const before = steps.get(word);
    const moved = stepOf(instruction, wordAt);
    steps.set(word, before === null || moved === null ? null : (before ?? 0) + moved.step);
  }
  return steps;
}

type Test = Pick<CountedLoop, 'counter' | 'step' | 'comparison' | 'signed' | 'bound'>;

function testOf(
  branch: Instruction,
  again: boolean,
  wordAt: WordAt,
  steps: ReadonlyMap<number, number | null>,
): Test | null {
  const fixed = (operand: Operand): Bound | null => {
    if (operand.mode === 'immediate') return { value: operand.bits };
    const word = operand.mode === 'direct' ? wordAt.get(operand.address) : undefined;
    return word !== undefined && !steps.has(word) ? { word } : null;
  };
  const moving = (operand: Operand): number | null => {
    const word = operand.mode === 'direct' ? wordAt.get(operand.address) : undefined;
    return word !== undefined && (steps.get(word) ?? null) !== null && steps.get(word) !== 0 ? word : null;
  };
  const directed = (counter: number | null, comparison: Comparison, bound: Bound | null, type: ValueType) => {
    if (counter === null || bound === null || comparison === 'e') return null;
    const step = steps.get(counter)!;
    if (comparison !== 'ne' && step > 0 !== (comparison === 'l' || comparison === 'le')) return null;
    return { counter, step, comparison, bound, signed: VALUE_TYPES[type].family === 'signed' };
  };
  if (!isWide(branch.type)) return null;
  if (branch.code === 0x0a) {
    if ((branch.option === 'nz') !== again) return null;
    return directed(moving(branch.operands[0]), 'ne', { value: 0n }, branch.type);
  }
  if (branch.code !== 0x09) return null;
  const [left, right] = branch.operands;
  const comparison = again ? branch.option : OPPOSITE[branch.option];
  return (
    directed(moving(left), comparison, fixed(right), branch.type) ??
    directed(moving(right), MIRRORED[comparison], fixed(left), branch.type)
  );
}

const OPPOSITE = { l: 'ge', le: 'g', g: 'le', ge: 'l', e: 'ne', ne: 'e' } as const satisfies Record<
  Comparison,
  Comparison
>;
const MIRRORED = { l: 'g', le: 'ge', g: 'l', ge: 'le', e: 'e', ne: 'ne' } as const satisfies Record<
  Comparison,
  Comparison
>;

function groupsOf(
  body: readonly Placed[],
  times: number,
  wordAt: WordAt,
  steps: ReadonlyMap<number, number | null>,
): Group[] {
  const groups = new Map<string, { access: Access; operand: MemoryOperand; from: number; to: number }>();
  const moved = new Map<number, number>();
  for (let time = 0; time < times; time++) {
    for (const { instruction } of body) {
      for (const { access, operand, size } of accessesOf(instruction, wordAt)) {
        const by = (word: number) => (steps.get(word) === null ? null : (moved.get(word) ?? 0));
        const offset = offsetOf(operand, wordAt, by);
        if (offset === null) continue;
        const name = keyOf(access, operand);
        const group = groups.get(name) ?? { access, operand, from: offset, to: offset };
        group.from = Math.min(group.from, offset);
        group.to = Math.max(group.to, offset + size);
        groups.set(name, group);
      }
      const step = stepOf(instruction, wordAt);
      if (step !== null) moved.set(step.word, (moved.get(step.word) ?? 0) + step.step);
    }
  }
  return [...groups.values()].filter(({ from, to }) => to - from <= WIDEST);
}

function mayLeave({ instruction }: Placed): boolean {
  if (instruction.mnemonic === 'mov')
    return VALUE_TYPES[instruction.type].family === 'float' && VALUE_TYPES[instruction.to].family !== 'float';
  return (
    (instruction.mnemonic === 'div' || instruction.mnemonic === 'rem') &&
    VALUE_TYPES[instruction.type].family !== 'float'
  );
}
