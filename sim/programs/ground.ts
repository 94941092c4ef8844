/** Where each plan's memory lies, and what it declares. */

import { type Layout, layoutOf, SYSTEM_RANGE } from '../../src/isa/layout.ts';
import type { DirectOperand } from '../../src/isa/operands.ts';
import { VALUE_TYPES } from '../../src/isa/value-type.ts';
import type { Extent } from '../model/extent.ts';
import { type Arenas, arenasOf, HOT_BYTES, STATUS_RECORDS } from './arenas.ts';
import { at } from './build.ts';
import type { Target } from './code.ts';
import type { Hot, Integer, Plan, ProgramPlan, Watched } from './plan.ts';

export interface Declared extends Extent {
  readonly merge: number;
}

/** Half of what `straddle` accesses lies in the heap. */
export const STRADDLED = 4;

/** Room for a plan's control blocks. */
const BLOCK_BYTES = 512;

/** Of `mov $1, r0`: code, option, types, mode. */
const CONSTANT_OFFSET = 4;

export class Ground {
  readonly arenas: Arenas;
  readonly layout: Layout;
  readonly #program: ProgramPlan;
  readonly #declaresReads: boolean;

  constructor(program: ProgramPlan, lazyReads: boolean) {
    this.#program = program;
    this.#declaresReads = !program.undeclaredReads || !(program.assembledHot || lazyReads);
    this.arenas = arenasOf(program.smallBoundary);
    this.layout = layoutOf(this.arenas.regionBoundary);
  }

  get plans(): readonly Plan[] {
    return this.#program.plans;
  }

  /** The watch of a plan; the entry runner is no watcher. */
  watchOf(index: number): Plan['watch'] {
    return index === 0 ? null : this.plans[index]!.watch;
  }

  register(n: number): DirectOperand {
    return at(this.layout.registers + 8 * n);
  }

  hotAddress({ offset, type }: Hot): number {
    return this.arenas.hot + Math.min(offset, HOT_BYTES - VALUE_TYPES[type].bytes);
  }

  mergeWord(word: number): number {
    return this.arenas.merge + word * 8;
  }

  cell(index: number): DirectOperand {
    return at(this.arenas.cells + index * 8);
  }

  stackOf(index: number): Extent {
    const { offset, length } = this.plans[index]!.stack;
    return { base: this.arenas.stacks + offset, length };
  }

  /** Where in the stack an access of this type lies; null if there is no room. */
  stackPlace(index: number, offset: number, type: Integer): number | null {
    const { base, length } = this.stackOf(index);
    const { bytes } = VALUE_TYPES[type];
    return length < bytes ? null : base + (offset % (length - bytes + 1));
  }

  /** Where an access lies half in the hot arena and half in the plan's stack; null if they do not touch. */
  straddle(index: number): number | null {
    const { base, length } = this.stackOf(index);
    return base === this.arenas.stacks && length >= 8 - STRADDLED ? base - STRADDLED : null;
  }

  /** A watcher that counts its lives in the stack that it hands over. */
  countsInStack(index: number): boolean {
    const watch = this.watchOf(index);
    return watch !== null && !watch.persistent && watch.counts === 'stack' && this.stackOf(index).length >= 8;
  }

  /** Persistent watchers have none: their activations' records could fire each other for ever. */
  statusOf(index: number): number | null {
    const { status, watch } = this.plans[index]!;
    if (index === 0 || status === null || watch?.persistent) return null;
    // Records in their own arena, and one that lies over the hot bytes.
    return status < STATUS_RECORDS ? this.arenas.status + 64 * status : this.arenas.hot;
  }

  watched(range: Watched): Extent {
    const { hot, status } = this.arenas;
    switch (range.on) {
      case 'hot':
        return { base: hot + range.offset, length: Math.min(range.length, HOT_BYTES - range.offset) };
      case 'status':
        return { base: status + 64 * range.record, length: 64 };
      case 'merge':
        return { base: this.mergeWord(range.word), length: 8 };
      case 'signal':
        return { base: SYSTEM_RANGE.base + 8 * range.word, length: 8 };
      case 'nothing':
        return { base: 0, length: 0 };
    }
  }

  /** What the plan's operations touch, and its extra ranges. */
  heapOf(index: number, target: Target): Declared[] {
    const { hot, stacks, merge } = this.arenas;
    const plan = this.plans[index]!;
    const plain: Extent[] = plan.extra.map(({ offset, length }) => ({
      base: hot + offset,
      length: Math.min(length, HOT_BYTES - offset),
    }));
    const words = new Set<number>();
    for (const op of plan.ops) {
      const reads = op.kind === 'take' || op.kind === 'skip-if';
      if ('hot' in op && (this.#declaresReads || !reads))
        plain.push({ base: this.hotAddress(op.hot), length: VALUE_TYPES[op.hot.type].bytes });
      if (op.kind === 'contribute' || op.kind === 'merge-take') words.add(op.word);
      if (op.kind === 'fault' && op.cause === 'bad-merge-store') words.add(0);
      if (op.kind === 'patch') plain.push({ base: this.constantOf(op.plan, target), length: 1 });
      if (op.kind === 'straddle') plain.push({ base: stacks - STRADDLED, length: STRADDLED });
    }
    if (this.watchOf(index) !== null) plain.push({ base: this.cell(index).address, length: 8 });
    const merges = [...words].map((word) => ({
      base: merge + word * 8,
      length: 8,
      merge: this.#mergeTypeOf(index, word),
    }));
    return [...plain.map((range) => ({ ...range, merge: 0 })), ...merges];
  }

  /** The byte of a plan's first instruction that holds its constant. */
  constantOf(plan: number, target: Target): number {
    return target(`constant${plan % this.plans.length}`) + CONSTANT_OFFSET;
  }

  /** The word that points to a control block, of a plan or of those behind them. */
  blockPointer(index: number, block: number): number {
    return this.arenas.data + index * BLOCK_BYTES + block * 8;
  }

  /** Every fifth plan disagrees with the others about a word's type; the entry's heap is plain. */
  #mergeTypeOf(index: number, word: number): number {
    const type = this.#program.merges[word]!;
    return index === 0 ? 0 : index % 5 === 4 ? (type + 1) % 7 : type;
  }
}
