/** A part of a runner's address space that lies in linear memory in one piece. */

import type { Arena } from './arena.ts';
import { Marks } from './marks.ts';

/** Where bytes may differ from 0, and be written, is remembered by blocks of linear memory of this size. */
export const BLOCK_SHIFT = 12;
export const BLOCK_BYTES = 2 ** BLOCK_SHIFT;

export class Window<P> {
  /** What its bytes are part of. */
  readonly piece: P;
  readonly base: number;
  readonly length: number;
  /** Linear address of its first byte. */
  readonly at: number;
  /** A chunk of a piece that is too large: it may have to make room for another one. −1 for others. */
  readonly slot: number;
  /** Pages of the snapshot that have been copied in, from the one that `base` lies in; null where nothing is to be copied. */
  present: Marks | null = null;
  /** Linear bytes that came with the window, as a stack's image does. */
  presetFrom = 0;
  presetTo = 0;
  /** How many pages, and how many blocks, the next segment for loads, and for stores, may reach ahead. */
  loadReach = 8;
  storeReach = 1;
  /** Whether segments of it may be in use. */
  granted = false;
  usedAt = 0;
  #dirty: Marks | null = null;

  constructor(piece: P, base: number, length: number, at: number, slot: number) {
    this.piece = piece;
    this.base = base;
    this.length = length;
    this.at = at;
    this.slot = slot;
  }

  /** What is to be added to an address: a multiple of 8. */
  get delta(): number {
    return this.at - this.base;
  }

  get end(): number {
    return this.base + this.length;
  }

  holds(address: number, size: number): boolean {
    return address >= this.base && address + size <= this.base + this.length;
  }

  /** Somebody may write to the linear bytes [from, to). */
  dirty(from: number, to: number): void {
    const first = this.#blockOf(this.at);
    this.#dirty ??= new Marks(this.#blockOf(this.at + this.length - 1) - first + 1);
    this.#dirty.addAll(this.#blockOf(from) - first, this.#blockOf(to - 1) - first + 1);
  }

  get isDirty(): boolean {
    return this.#dirty !== null;
  }

  /** Calls with each longest run [from, to) of written bytes within the linear bytes [low, high), ascending. */
  eachWritten(arena: Arena, low: number, high: number, call: (from: number, to: number) => void): void {
    const { written } = arena;
    this.#eachDirty(low, high, (start, stop) => {
      for (let at = written.nextWritten(start, stop); at < stop; ) {
        const after = written.nextUnwritten(at, stop);
        call(at, after);
        at = written.nextWritten(after, stop);
      }
    });
  }

  /** Makes all of it 0, and unwritten: at the cost of what was used. */
  wipe(arena: Arena, pageSize: number): void {
    const { bytes, written } = arena;
    if (this.presetTo > this.presetFrom) bytes.fill(0, this.presetFrom, this.presetTo);
    const stop = this.at + this.length;
    if (this.present !== null) {
      const origin = this.at - (this.base % pageSize);
      for (let page = this.present.next(0); page < this.present.length; ) {
        const after = this.present.nextFree(page);
        bytes.fill(0, Math.max(this.at, origin + page * pageSize), Math.min(stop, origin + after * pageSize));
        page = this.present.next(after);
      }
    }
    this.#eachDirty(this.at, stop, (low, high) => {
      for (let at = written.nextWritten(low, high); at < high; ) {
        const from = Math.max(low, at - (at % BLOCK_BYTES));
        const after = written.nextUnwritten(at, high);
        const to = Math.min(high, Math.ceil(after / BLOCK_BYTES) * BLOCK_BYTES);
        bytes.fill(0, from, to);
        written.clear(from, to);
        at = written.nextWritten(to, high);
      }
    });
  }

  /** Runs of blocks that may be written, cut to [low, high). */
  #eachDirty(low: number, high: number, call: (from: number, to: number) => void): void {
    const dirty = this.#dirty;
    if (dirty === null || low >= high) return;
    const first = this.#blockOf(this.at);
    const last = this.#blockOf(high - 1) - first;
    for (let block = dirty.next(this.#blockOf(low) - first); block <= last && block < dirty.length; ) {
      const after = dirty.nextFree(block);
      call(Math.max(low, (first + block) * BLOCK_BYTES), Math.min(high, (first + after) * BLOCK_BYTES));
      block = dirty.next(after);
    }
  }

  #blockOf(at: number): number {
    return at >>> BLOCK_SHIFT;
  }
}
