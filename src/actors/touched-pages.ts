/**
 * How much private memory an attempt has touched: counted by 512 bytes, as in a `PrivateRegion`, and limited.
 *
 * Who stores through a segment says so in the written map only, so a segment for stores is counted, ahead, as if all of
 * it were touched. Not until that would exceed the limit the truth is looked up in the map, and from then on no segment
 * reaches ahead.
 */

import { FRAME_BYTES, TOUCHED_AT, TOUCHED_SHIFT } from '../isa/jit/linear-layout.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { LinearMemory } from './linear-memory.ts';
import type { PrivatePlaces } from './private-places.ts';

/** Bytes that count as touched at once. */
const PAGE = 2 ** TOUCHED_SHIFT;
/** Bytes that a segment for stores holds all or none of. */
const LOT = 4096;
/** Lots that one segment may hold at the most. */
const MOST_REACH = 2 ** 14;

export class TouchedPages {
  readonly #memory: LinearMemory;
  readonly #places: PrivatePlaces;
  readonly #limit: number;
  /** Linear addresses of touched pages in places; the touched map has them as well. */
  readonly #placed: number[] = [];
  /** Numbers of touched pages in windows. */
  readonly #far = new Set<number>();
  #count = 0;
  /** Numbers of lots that segments for stores hold, and how many the next one may. */
  readonly #ahead = new Set<number>();
  #reach = 1;
  /** Whether no segment reaches ahead any more. */
  #exact = false;

  constructor(memory: LinearMemory, places: PrivatePlaces, limit: number) {
    this.#memory = memory;
    this.#places = places;
    this.#limit = limit;
  }

  /** 512 bytes that are never refused count as well, though they do not lie here. */
  countElsewhere(): void {
    this.#count += 1;
  }

  /** The page of the byte at `address` is touched from now on; false past the limit. */
  touch(address: number, limit: number = this.#limit): boolean {
    if (this.#isTouched(address)) return true;
    if (!this.#fits(PAGE, limit)) {
      this.#settle();
      if (!this.#fits(PAGE, limit)) return false;
    }
    this.#places.claim(Math.floor(address / FRAME_BYTES));
    this.#add(address);
    return true;
  }

  /** Whether the byte at `address` may be anything but 0. */
  mayHold(address: number): boolean {
    return this.#ahead.has(Math.floor(address / LOT)) || this.#isTouched(address);
  }

  /** The lots around `address`, counted ahead; if that is too much, the touched pages around it. */
  storable(address: number, within: Range): Range | null {
    const size = this.#reach * LOT;
    const from = address - (address % size);
    const base = Math.max(within.base, from);
    const range = { base, length: Math.min(end(within), from + size) - base };
    if (!this.#exact) {
      const fresh = this.#notAhead(range);
      if (this.#fits(fresh.length * LOT + this.#toBeTouched(), this.#limit)) {
        for (const lot of fresh) this.#ahead.add(lot);
        this.#reach = Math.min(2 * this.#reach, MOST_REACH);
        return range;
      }
      if (this.#reach > 1) {
        this.#reach = 1;
        return this.storable(address, within);
      }
      this.#settle();
    }
    return this.#touchedAround(address, range);
  }

  /** A frame that lay in windows has been pinned: what it holds goes to its place; what was written there is touched. */
  moved(frame: number, place: number): void {
    if (this.#far.size === 0 && this.#ahead.size === 0) return;
    const { bytes, written } = this.#memory.arena;
    for (let offset = 0; offset < FRAME_BYTES; offset += PAGE) {
      const address = frame * FRAME_BYTES + offset;
      const touched = this.#far.delete(address / PAGE);
      if (!touched && !this.#ahead.has(Math.floor(address / LOT))) continue;
      const from = address + this.#places.windowAt(address).delta;
      if (!touched && written.nextWritten(from, from + PAGE) === from + PAGE) continue;
      bytes.copyWithin(place + offset, from, from + PAGE);
      if (touched) this.#count -= 1;
      this.#add(address);
    }
    this.#memory.revoke();
  }

  /**
   * There is room for one more pinned frame to be touched all over. `touchPrivate` must revoke nothing, as translated
   * code goes on with the segments that it has: so what is counted ahead leaves room for what may come from there.
   */
  pinned(): void {
    if (!this.#fits(this.#toBeTouched(), this.#limit)) this.#settle();
  }

  release(): void {
    const { bytes, written } = this.#memory.arena;
    for (const at of this.#placed) {
      bytes.fill(0, at, at + PAGE);
      written.clear(at, at + PAGE);
      bytes[TOUCHED_AT + (at >>> TOUCHED_SHIFT)] = 0;
    }
    for (const lot of this.#ahead) {
      const place = this.#places.of(Math.floor((lot * LOT) / FRAME_BYTES));
      if (place === undefined) continue;
      const at = place + ((lot * LOT) % FRAME_BYTES);
      bytes.fill(0, at, at + LOT);
      written.clear(at, at + LOT);
    }
  }

  /** Whether so many more bytes may be touched, if all that segments hold is. */
  #fits(bytes: number, limit: number): boolean {
    return this.#count * PAGE + this.#ahead.size * LOT + bytes <= limit;
  }

  #toBeTouched(): number {
    return this.#memory.pinnedFrames * FRAME_BYTES;
  }

  #notAhead({ base, length }: Range): number[] {
    const fresh: number[] = [];
    const after = Math.ceil((base + length) / LOT);
    for (let lot = Math.floor(base / LOT); lot < after; lot++) if (!this.#ahead.has(lot)) fresh.push(lot);
    return fresh;
  }

  #isTouched(address: number): boolean {
    const offset = address % FRAME_BYTES;
    const place = this.#places.of((address - offset) / FRAME_BYTES);
    if (place === undefined) return this.#far.has(Math.floor(address / PAGE));
    return this.#memory.arena.bytes[TOUCHED_AT + ((place + offset) >>> TOUCHED_SHIFT)] === 1;
  }

  #add(address: number): void {
    const offset = address % FRAME_BYTES;
    const place = this.#places.of((address - offset) / FRAME_BYTES);
    this.#count += 1;
    if (place === undefined) {
      this.#far.add(Math.floor(address / PAGE));
      return;
    }
    const at = place + offset;
    this.#memory.arena.bytes[TOUCHED_AT + (at >>> TOUCHED_SHIFT)] = 1;
    this.#placed.push(at - (at % PAGE));
  }

  /** What has been written through segments is touched, nothing else; they are revoked. */
  #settle(): void {
    this.#exact = true;
    if (this.#ahead.size === 0) return;
    const { written } = this.#memory.arena;
    for (const lot of this.#ahead) {
      for (let address = lot * LOT; address < (lot + 1) * LOT; address += PAGE) {
        if (this.#isTouched(address)) continue;
        const at = this.#places.at(address);
        if (written.nextWritten(at, at + PAGE) < at + PAGE) this.#add(address);
      }
    }
    this.#ahead.clear();
    this.#memory.revoke();
  }

  #touchedAround(address: number, within: Range): Range | null {
    const isTouched = (page: number) => this.#isTouched(page * PAGE);
    const page = Math.floor(address / PAGE);
    if (!isTouched(page)) return null;
    let first = page;
    while (first * PAGE > within.base && isTouched(first - 1)) first -= 1;
    let after = page + 1;
    while (after * PAGE < end(within) && isTouched(after)) after += 1;
    const base = Math.max(within.base, first * PAGE);
    return { base, length: Math.min(end(within), after * PAGE) - base };
  }
}
