/**
 * The windows of one attempt: pieces of its address space, mapped on their first touch. A piece that is too large for
 * what is left of the linear memory is mapped in chunks, and the chunk that nobody has used for the longest time makes
 * room for the next: what is written there is spilled, what is only read will be copied anew.
 */

import { invariant } from '../../invariant.ts';
import { end, type Range } from '../ranges.ts';
import type { WrittenRun } from '../written.ts';
import type { Arena } from './arena.ts';
import type { Room } from './room.ts';
import { joined, merged, pageEnd } from './runs.ts';
import { Spill } from './spill.ts';
import { Window } from './window.ts';

/** More pages in one window cost too much to keep count of: it is mapped in chunks. */
const MOST_PAGES = 2 ** 20;
/** Bytes that runs of written pages are copied at once. */
const SLAB_BYTES = 2 ** 18;

export interface Hooks<P extends Range> {
  /** The piece that a byte belongs to; null where nothing may be mapped. */
  pieceAt(address: number): P | null;
  /** A window has been made; its bytes are 0. */
  mapped(window: Window<P>): void;
  /** A window is about to be taken away. */
  unmapped(window: Window<P>): void;
}

export class Windows<P extends Range> {
  readonly #arena: Arena;
  readonly #room: Room;
  readonly #pageSize: number;
  readonly #hooks: Hooks<P>;
  /** Sorted, disjoint. */
  readonly #windows: Window<P>[] = [];
  readonly #spill = new Spill();
  #last: Window<P> | null = null;
  #clock = 0;

  constructor(arena: Arena, room: Room, pageSize: number, hooks: Hooks<P>) {
    this.#arena = arena;
    this.#room = room;
    this.#pageSize = pageSize;
    this.#hooks = hooks;
  }

  /** The window that the byte at `address` lies in, if it is mapped. */
  find(address: number): Window<P> | null {
    const last = this.#last;
    if (last?.holds(address, 1)) return last;
    const window = this.#windows[this.#indexAfter(address)];
    if (window === undefined || window.base > address) return null;
    this.#last = window;
    window.usedAt = ++this.#clock;
    return window;
  }

  /** The same, mapped now if it was not; null where there is nothing to map. */
  at(address: number): Window<P> | null {
    return this.find(address) ?? this.#map(address);
  }

  /** The windows that meet a range, by address. */
  within({ base, length }: Range): Window<P>[] {
    const found: Window<P>[] = [];
    for (let i = this.#indexAfter(base); i < this.#windows.length; i++) {
      const window = this.#windows[i]!;
      if (window.base >= base + length) break;
      found.push(window);
    }
    return found;
  }

  /** How many of `size` bytes at `address` are written, mapped or spilled. */
  countWritten(address: number, size: number): number {
    const window = this.find(address);
    if (window?.holds(address, size)) return this.#countIn(window, address, address + size);
    const range = { base: address, length: size };
    let count = 0;
    for (const part of this.within(range))
      count += this.#countIn(part, Math.max(address, part.base), Math.min(address + size, part.end));
    if (!this.#spill.isEmpty) for (const { bytes } of this.#spill.runsIn(range)) count += bytes.length;
    return count;
  }

  /** The written runs in a range, by address, as long as can be and cut at the edges of pages. */
  runsIn(range: Range): WrittenRun[] {
    const runs: WrittenRun[] = [];
    const windows = this.within(range);
    for (const window of windows) this.#runsOf(window, range, runs);
    const spilled = this.#spill.runsIn(range);
    if (spilled.length === 0 && windows.length < 2) return runs;
    return joined(merged(runs, spilled), this.#pageSize);
  }

  /** Takes a window away; what is written there is spilled. */
  unmap(window: Window<P>): void {
    this.#hooks.unmapped(window);
    this.#spill.take(window, this.#arena);
    window.wipe(this.#arena, this.#pageSize);
    this.#windows.splice(this.#windows.indexOf(window), 1);
    if (this.#last === window) this.#last = null;
    if (window.slot >= 0) this.#room.giveBack(window.slot);
  }

  /** Leaves linear memory as it was before the first window. */
  release(): void {
    for (const window of this.#windows) window.wipe(this.#arena, this.#pageSize);
    this.#windows.length = 0;
    this.#last = null;
    this.#room.clear();
  }

  #countIn(window: Window<P>, from: number, to: number): number {
    if (!window.isDirty) return 0;
    const at = from + window.delta;
    if (to - from <= 8) return COUNT[this.#arena.written.mask(at, to - from)]!;
    let count = 0;
    window.eachWritten(this.#arena, at, to + window.delta, (low, high) => {
      count += high - low;
    });
    return count;
  }

  #map(address: number): Window<P> | null {
    const piece = this.#hooks.pieceAt(address);
    if (piece === null) return null;
    const next = this.#indexAfter(address);
    const below = next === 0 ? 0 : this.#windows[next - 1]!.end;
    const above = this.#windows[next]?.base ?? Number.POSITIVE_INFINITY;
    let base = Math.max(piece.base, below);
    let stop = Math.min(end(piece), above);
    let slot = -1;
    let at = piece.length / this.#pageSize > MOST_PAGES ? null : this.#room.whole(base, stop - base);
    if (at === null) {
      const { chunkBytes } = this.#room;
      const chunk = address - (address % chunkBytes);
      base = Math.max(base, chunk);
      stop = Math.min(stop, chunk + chunkBytes);
      slot = this.#room.slot() ?? this.#evicted();
      at = slot + (base - chunk);
    }
    const window = new Window(piece, base, stop - base, at, slot);
    this.#windows.splice(this.#indexAfter(address), 0, window);
    this.#last = window;
    window.usedAt = ++this.#clock;
    this.#hooks.mapped(window);
    if (!this.#spill.isEmpty) this.#spill.restore(window, this.#arena);
    return window;
  }

  /** A slot that has been made free. */
  #evicted(): number {
    let oldest: Window<P> | null = null;
    for (const window of this.#windows)
      if (window.slot >= 0 && (oldest === null || window.usedAt < oldest.usedAt)) oldest = window;
    invariant(oldest !== null, 'there are always some slots');
    this.unmap(oldest);
    return this.#room.slot()!;
  }

  /** Adjacent pages that are written all through are copied in slabs, which they share. */
  #runsOf(window: Window<P>, range: Range, runs: WrittenRun[]): void {
    if (!window.isDirty) return;
    const { delta } = window;
    const pageSize = this.#pageSize;
    const low = Math.max(range.base, window.base) + delta;
    const high = Math.min(end(range), window.end) + delta;
    window.eachWritten(this.#arena, low, high, (from, to) => {
      let page = pageEnd(from - delta, pageSize);
      if (to - delta <= page) {
        runs.push({ address: from - delta, bytes: this.#arena.copy(from, to - from) });
        return;
      }
      for (let at = from; at < to; ) {
        const most = page - (at - delta) + Math.floor(SLAB_BYTES / pageSize) * pageSize;
        const slab = this.#arena.copy(at, Math.min(to - at, most));
        for (let done = 0; done < slab.length; ) {
          const address = at + done - delta;
          page = pageEnd(address, pageSize);
          const bytes = slab.subarray(done, Math.min(slab.length, page - address + done));
          runs.push({ address, bytes });
          done += bytes.length;
        }
        at += slab.length;
        page = pageEnd(at - delta, pageSize);
      }
    });
  }

  /** Index of the first window that ends after `address`. */
  #indexAfter(address: number): number {
    let low = 0;
    let high = this.#windows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#windows[middle]!.end > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** How many bits are set in a byte. */
const COUNT = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
