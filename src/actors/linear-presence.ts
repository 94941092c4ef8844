/** Which pages of a snapshot lie in the windows of a linear memory, and how they get there: when a segment is to hold them. */

import type { AccessSize } from '../isa/value-type.ts';
import type { Arena } from '../memory/linear/arena.ts';
import { Marks } from '../memory/linear/marks.ts';
import type { Window } from '../memory/linear/window.ts';
import type { Range } from '../memory/ranges.ts';
import type { SnapshotPages } from './snapshot-pages.ts';

/** Pages that one segment may newly hold, at the most. */
const MOST_REACH = 2 ** 20;

export class LinearPresence {
  readonly #arena: Arena;
  readonly #pages: SnapshotPages;

  constructor(arena: Arena, pages: SnapshotPages) {
    this.#arena = arena;
    this.#pages = pages;
  }

  /** A window has been made, all of whose bytes are the snapshot's. */
  begin(window: Window<unknown>): void {
    const last = Math.floor((window.end - 1) / this.#pages.pageSize);
    window.present = new Marks(last - this.#first(window) + 1);
  }

  /** Whether what a window holds of a page is there. */
  has(window: Window<unknown>, page: number): boolean {
    return window.present === null || window.present.has(page - this.#first(window));
  }

  /** The bits of an access within a window: from there where they are there, else from the pages. Pauses where there are none. */
  read(window: Window<unknown>, address: number, size: AccessSize): bigint {
    const at = address + window.delta;
    if (window.present === null) return this.#arena.read(at, size);
    const { pageSize } = this.#pages;
    const page = Math.floor(address / pageSize);
    const last = Math.floor((address + size - 1) / pageSize);
    if (this.has(window, page) && (last === page || this.has(window, last)))
      return this.#arena.read(at, size);
    const mask = window.isDirty ? this.#arena.written.mask(at, size) : 0;
    if (mask === (1 << size) - 1) return this.#arena.read(at, size);
    const missing: number[] = [];
    for (let number = page; number <= last; number++)
      if (!this.has(window, number) && !this.#pages.has(number)) missing.push(number);
    if (missing.length > 0) this.#pages.pause(missing);
    WORD[0] = 0n;
    for (let i = 0; i < size; i++) {
      const number = Math.floor((address + i) / pageSize);
      const here = ((mask >>> i) & 1) === 1 || this.has(window, number);
      BYTES[i] = here
        ? this.#arena.bytes[at + i]!
        : (this.#pages.get(number)?.[address + i - number * pageSize] ?? 0);
    }
    return WORD[0];
  }

  /** Bytes around `address` that are present, some of them from now on; null if the page there has not come. */
  around(window: Window<unknown>, address: number): Range | null {
    const { base, length, present } = window;
    if (present === null) return { base, length };
    const { pageSize } = this.#pages;
    const first = this.#first(window);
    const page = Math.floor(address / pageSize) - first;
    if (!this.#make(window, present, page)) return null;
    let reach = window.loadReach;
    window.loadReach = Math.min(2 * reach, MOST_REACH);
    let after = present.nextFree(page);
    for (; reach > 0 && after < present.length && this.#make(window, present, after); reach--)
      after = present.nextFree(after);
    let before = present.lastFree(page);
    for (; reach > 0 && before >= 0 && this.#make(window, present, before); reach--)
      before = present.lastFree(before);
    const from = Math.max(base, (first + before + 1) * pageSize);
    return { base: from, length: Math.min(window.end, (first + after) * pageSize) - from };
  }

  /** Copies a page into its window, unless it is not here; one that is written all through needs no copy. */
  #make(window: Window<unknown>, present: Marks, index: number): boolean {
    if (present.has(index)) return true;
    const { pageSize } = this.#pages;
    const { bytes, written } = this.#arena;
    const { delta } = window;
    const page = this.#first(window) + index;
    const from = Math.max(window.base, page * pageSize) + delta;
    const to = Math.min(window.end, (page + 1) * pageSize) + delta;
    let free = window.isDirty ? written.nextUnwritten(from, to) : from;
    if (free < to) {
      const source = this.#pages.get(page);
      if (source === undefined) return false;
      const origin = page * pageSize + delta;
      while (source !== null && free < to) {
        const stop = window.isDirty ? written.nextWritten(free, to) : to;
        bytes.set(source.subarray(free - origin, stop - origin), free);
        free = written.nextUnwritten(stop, to);
      }
    }
    present.add(index);
    return true;
  }

  #first(window: Window<unknown>): number {
    return Math.floor(window.base / this.#pages.pageSize);
  }
}

/** One read passes through these at a time. */
const WORD = new BigUint64Array(1);
const BYTES = new Uint8Array(WORD.buffer);
