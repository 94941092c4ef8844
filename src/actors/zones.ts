/**
 * Which rule applies to which byte of the shared region for one attempt: rules 16, 17 and 18.
 *
 * The order matters: a byte in the heap is heap even under a child's stack ("there the parent reads its heap"), and a
 * byte in a stack is stack even over assembled bytes ("SR content beneath a stack is never seen").
 */

import type { FaultCause } from '../isa/fault.ts';
import type { MergeType } from '../memory/merge.ts';
import { end, firstEndingAfter, includes, type Range } from '../memory/ranges.ts';
import type { ControlBlock, HeapRange } from './control-block.ts';
import type { Terrain } from './terrain.ts';

/** What an access meets: one kind of byte throughout, or several. */
export type Zone = 'heap' | 'stack' | 'readable' | 'outside' | 'mixed';

/** The longest range of bytes of one kind around a byte. */
export interface Piece extends Range {
  /** `watched`: readable because the runner watches it; else all may read it. */
  readonly zone: 'heap' | 'stack' | 'watched' | 'readable';
  readonly merge: MergeType;
  /** Whether any store that stays within it is allowed. */
  readonly writable: boolean;
}

export class ZoneMap {
  readonly #heap: readonly HeapRange[];
  readonly #watched: readonly Range[];
  readonly #terrain: Terrain;
  readonly #lazy: boolean;
  readonly #merges: boolean;
  /** Own stack and those of children. Sorted, disjoint. */
  readonly #stacks: { base: number; length: number }[] = [];

  constructor(control: ControlBlock, terrain: Terrain, lazy: boolean) {
    this.#heap = control.heap;
    this.#watched = control.watched;
    this.#terrain = terrain;
    this.#lazy = lazy;
    this.#merges = control.heap.some((range) => range.merge !== 0);
    if (control.stack.length > 0) this.addStack(control.stack);
  }

  /** A child's stack becomes memory of the parent: the snapshot is extended with it. */
  addStack(stack: Range): void {
    const stacks = this.#stacks;
    const first = firstEndingAfter(stacks, 0, stack.base - 1);
    let base = stack.base;
    let stop = end(stack);
    let last = first;
    for (; last < stacks.length && stacks[last]!.base <= stop; last++) {
      base = Math.min(base, stacks[last]!.base);
      stop = Math.max(stop, end(stacks[last]!));
    }
    if (last - first === 1) stacks[first] = { base, length: stop - base };
    else stacks.splice(first, last - first, { base, length: stop - base });
  }

  zoneOf(address: number, size: number): Zone {
    const heap = meets(this.#heap, address, size);
    if (heap !== 'none') return heap === 'all' ? 'heap' : this.#several(address, size);
    const stack = meets(this.#stacks, address, size);
    if (stack !== 'none') return stack === 'all' ? 'stack' : 'mixed';
    const readable = meets(this.#terrain.readable, address, size);
    if (readable === 'all') return 'readable';
    const watched = meets(this.#watched, address, size);
    if (watched === 'all') return 'readable';
    return readable === 'none' && watched === 'none' ? 'outside' : 'mixed';
  }

  /** What the byte at `address` is part of; null outside all ranges. */
  pieceAt(address: number): Piece | null {
    const heap = this.#heapRangeAt(address);
    if (heap !== null) {
      const { base, length, merge } = heap;
      const writable = merge === 0 && meets(this.#terrain.readOnly, base, length) === 'none';
      return { zone: 'heap', base, length, merge, writable };
    }
    const stack = rangeAt(this.#stacks, address);
    if (stack !== null)
      return { zone: 'stack', ...between(stack, address, this.#heap), merge: 0, writable: true };
    const watched = rangeAt(this.#watched, address);
    const readable = watched ?? rangeAt(this.#terrain.readable, address);
    if (readable === null) return null;
    const part = between(between(readable, address, this.#heap), address, this.#stacks);
    return { zone: watched === null ? 'readable' : 'watched', ...part, merge: 0, writable: false };
  }

  /** The part of a heap range around `address` that no read-only byte lies in; null if that one is read-only. */
  writableAround(address: number, within: Range): Range | null {
    return includes(this.#terrain.readOnly, address)
      ? null
      : between(within, address, this.#terrain.readOnly);
  }

  /** Whether an instruction byte may lie here, content and own writes apart. */
  executable(address: number): boolean {
    const zone = this.zoneOf(address, 1);
    return zone === 'heap' || zone === 'readable' || (zone === 'outside' && this.#lazy);
  }

  /** Why a store is refused, judged by its lowest offending byte; null if it is not. */
  refusalOfStore(address: number, size: number): FaultCause | null {
    if (size > 1 && this.zoneOf(address, size) === 'stack') return null;
    const plain = this.#heapRangeAt(address);
    if (
      plain !== null &&
      plain.merge === 0 &&
      end(plain) >= address + size &&
      meets(this.#terrain.readOnly, address, size) === 'none'
    )
      return null;
    for (let at = address; at < address + size; at++) {
      const refusal = this.#refusalOfByte(at, address, size);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /** Whether any heap range is of a merge type. */
  get hasMerges(): boolean {
    return this.#merges;
  }

  /** Whether the aligned word at `address` belongs to a heap range of a merge type. */
  isMergeWord(address: number): boolean {
    return (this.#heapRangeAt(address)?.merge ?? 0) !== 0;
  }

  /** The access meets the heap but not one range of it alone: adjacent ranges of different merge types are heap, too. */
  #several(address: number, size: number): Zone {
    for (let at = address; at < address + size; at++) if (this.#heapRangeAt(at) === null) return 'mixed';
    return 'heap';
  }

  #refusalOfByte(at: number, address: number, size: number): FaultCause | null {
    const heap = this.#heapRangeAt(at);
    if (heap !== null) {
      if (meets(this.#terrain.readOnly, at, 1) === 'all') return 'write-to-read-only';
      if (heap.merge !== 0 && (size !== 8 || address % 8 !== 0)) return 'bad-merge-store';
      return null;
    }
    if (meets(this.#stacks, at, 1) === 'all') return null;
    const readOnly = [this.#terrain.readable, this.#terrain.readOnly, this.#watched];
    return readOnly.some((ranges) => meets(ranges, at, 1) === 'all')
      ? 'write-to-read-only'
      : 'write-outside-ranges';
  }

  #heapRangeAt(address: number): HeapRange | null {
    return rangeAt(this.#heap, address);
  }
}

/** The range of a sorted list of disjoint ones that holds the byte at `address`. */
function rangeAt<R extends Range>(ranges: readonly R[], address: number): R | null {
  const range = ranges[firstEndingAfter(ranges, 0, address)];
  return range !== undefined && range.base <= address ? range : null;
}

/** The part of `range` around `address` that lies between two neighbours in a list; none of them holds `address`. */
function between(range: Range, address: number, ranges: readonly Range[]): Range {
  const next = firstEndingAfter(ranges, 0, address);
  const below = ranges[next - 1];
  const above = ranges[next];
  const base = below === undefined ? range.base : Math.max(range.base, end(below));
  const stop = above === undefined ? end(range) : Math.min(end(range), above.base);
  return { base, length: stop - base };
}

/** Whether all, some or none of `size` bytes at `address` lie in *one* range of a sorted list of disjoint ranges. */
function meets(ranges: readonly Range[], address: number, size: number): 'all' | 'some' | 'none' {
  if (ranges.length === 0) return 'none';
  const range = ranges[firstEndingAfter(ranges, 0, address)];
  if (range === undefined || range.base >= address + size) return 'none';
  return range.base <= address && end(range) >= address + size ? 'all' : 'some';
}
