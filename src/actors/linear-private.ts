/**
 * A runner's private region in linear memory. A frame lies at a place of its own, pinned for good or borrowed for the
 * attempt; where places run short, in a window like other memory.
 *
 * Memory counts as touched by 512 bytes, as in a `PrivateRegion`, and that count has a limit. Who stores through a
 * segment says so in the written map only, so a segment for stores is counted, ahead, as if all of it were touched. Not
 * until that would exceed the limit the truth is looked up in the map, and from then on no segment reaches ahead.
 */

import { invariant } from '../invariant.ts';
import { FRAME_BYTES, TOUCHED_AT, TOUCHED_SHIFT } from '../isa/jit/linear-layout.ts';
import type { Access, Segment } from '../isa/jit/linear-port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import type { Window } from '../memory/linear/window.ts';
import type { Windows } from '../memory/linear/windows.ts';
import type { RangeSet } from '../memory/range-set.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { LinearMemory } from './linear-memory.ts';

/** Bytes that count as touched at once. */
const PAGE = 2 ** TOUCHED_SHIFT;
/** Bytes that a segment for stores holds all or none of. */
const LOT = 4096;
/** Lots that one segment may hold at the most. */
const MOST_REACH = 2 ** 14;

export class LinearPrivate {
  readonly #memory: LinearMemory;
  readonly #windows: Windows<Range>;
  readonly #limit: number;
  /** Ports and register words: never accessed directly. */
  readonly #special: RangeSet;
  readonly #borrowed = new Map<number, number>();
  /** Linear addresses of touched pages in places. */
  readonly #touched: number[] = [];
  /** Numbers of touched pages in windows. */
  readonly #far = new Set<number>();
  #count = 0;
  /** Numbers of lots that segments for stores hold, and how many the next one may. */
  readonly #ahead = new Set<number>();
  #reach = 1;
  /** Whether no segment reaches ahead any more. */
  #exact = false;
  #lastFrame = -1;
  #lastPlace: number | undefined;

  constructor(memory: LinearMemory, windows: Windows<Range>, limit: number, special: RangeSet) {
    this.#memory = memory;
    this.#windows = windows;
    this.#limit = limit;
    this.#special = special;
  }

  load(address: number, size: AccessSize): bigint {
    const offset = address % FRAME_BYTES;
    if (offset + size <= FRAME_BYTES) {
      const place = this.#placeOf((address - offset) / FRAME_BYTES);
      if (place !== undefined) return this.#memory.arena.read(place + offset, size);
    }
    let bits = 0n;
    for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(this.#byte(address + i));
    return bits;
  }

  /** False, with nothing written, past the limit. */
  store(address: number, size: AccessSize, bits: bigint): boolean {
    return this.#store(address, size, bits, this.#limit);
  }

  /** What is there before the runner starts: that cannot be refused. */
  preset(address: number, word: bigint): void {
    this.#store(address, 8, word, Number.POSITIVE_INFINITY);
  }

  /** These 512 bytes count as touched without being here: the register words. */
  presetElsewhere(): void {
    this.#count += 1;
  }

  /** False past the limit. */
  touch(address: number, limit: number = this.#limit): boolean {
    if (this.#isTouched(address)) return true;
    if (!this.#fits(PAGE, limit)) {
      this.#settle();
      if (!this.#fits(PAGE, limit)) return false;
    }
    const offset = address % FRAME_BYTES;
    const frame = (address - offset) / FRAME_BYTES;
    if (this.#placeOf(frame) === undefined) this.#borrow(frame);
    this.#countIn(address);
    return true;
  }

  /** Pins a frame; what it holds moves with it. */
  frameAt(frame: number): number | null {
    const known = this.#memory.pinnedAt(frame);
    if (known !== undefined) return known;
    const borrowed = this.#borrowed.get(frame);
    const place = this.#memory.pin(frame, borrowed);
    if (place === null) return null;
    if (!this.#fits(this.#toBeTouched(), this.#limit)) this.#settle();
    this.#lastFrame = -1;
    if (this.#borrowed.delete(frame)) return place;
    if (this.#far.size > 0 || this.#ahead.size > 0) this.#move(frame, place);
    return place;
  }

  segment(address: number, access: Access): Segment | null {
    const offset = address % FRAME_BYTES;
    const frame = (address - offset) / FRAME_BYTES;
    const place = this.#placeOf(frame) ?? this.#borrow(frame);
    const delta = place === undefined ? this.#windowAt(address).delta : place - frame * FRAME_BYTES;
    const stretch = place === undefined ? this.#unplacedAround(address) : this.#placedAround(frame, place);
    const within = this.#special.gapAround(address, stretch);
    if (within === null) return null;
    const range = access === 'load' ? within : this.#storable(address, within);
    if (range === null) return null;
    if (place === undefined) {
      const window = this.#windowAt(address);
      window.granted = true;
      if (access === 'store') window.dirty(range.base + delta, end(range) + delta);
    }
    return { ...range, delta };
  }

  release(): void {
    const { bytes, written } = this.#memory.arena;
    for (const at of this.#touched) {
      bytes.fill(0, at, at + PAGE);
      written.clear(at, at + PAGE);
      bytes[TOUCHED_AT + (at >>> TOUCHED_SHIFT)] = 0;
    }
    for (const lot of this.#ahead) {
      const place = this.#placeOf(Math.floor((lot * LOT) / FRAME_BYTES));
      if (place === undefined) continue;
      const at = place + ((lot * LOT) % FRAME_BYTES);
      bytes.fill(0, at, at + LOT);
      written.clear(at, at + LOT);
    }
    for (const place of this.#borrowed.values()) this.#memory.giveBack(place);
  }

  /** Whether so many more bytes may be touched, if all that segments hold is. */
  #fits(bytes: number, limit: number): boolean {
    return this.#count * PAGE + this.#ahead.size * LOT + bytes <= limit;
  }

  /**
   * Bytes that `touchPrivate` may come to ask for. Segments must not be revoked then: translated code goes on with those
   * that it has. So what is counted ahead leaves room for pinned frames.
   */
  #toBeTouched(): number {
    return this.#memory.pinnedFrames * FRAME_BYTES;
  }

  #isTouched(address: number): boolean {
    const offset = address % FRAME_BYTES;
    const place = this.#placeOf((address - offset) / FRAME_BYTES);
    if (place === undefined) return this.#far.has(Math.floor(address / PAGE));
    return this.#memory.arena.bytes[TOUCHED_AT + ((place + offset) >>> TOUCHED_SHIFT)] === 1;
  }

  #countIn(address: number): void {
    const offset = address % FRAME_BYTES;
    const place = this.#placeOf((address - offset) / FRAME_BYTES);
    this.#count += 1;
    if (place === undefined) {
      this.#far.add(Math.floor(address / PAGE));
      return;
    }
    const at = place + offset;
    this.#memory.arena.bytes[TOUCHED_AT + (at >>> TOUCHED_SHIFT)] = 1;
    this.#touched.push(at - (at % PAGE));
  }

  /** What has been written through segments counts as touched, nothing else; they are revoked. */
  #settle(): void {
    this.#exact = true;
    if (this.#ahead.size === 0) return;
    const { written } = this.#memory.arena;
    for (const lot of this.#ahead) {
      for (let address = lot * LOT; address < (lot + 1) * LOT; address += PAGE) {
        if (this.#isTouched(address)) continue;
        const offset = address % FRAME_BYTES;
        const place = this.#placeOf((address - offset) / FRAME_BYTES);
        const at = place === undefined ? address + this.#windowAt(address).delta : place + offset;
        if (written.nextWritten(at, at + PAGE) < at + PAGE) this.#countIn(address);
      }
    }
    this.#ahead.clear();
    this.#memory.revoke();
  }

  /** The lots around `address`, counted ahead; if that is too much, the touched pages around it. */
  #storable(address: number, within: Range): Range | null {
    const size = this.#reach * LOT;
    const from = address - (address % size);
    const base = Math.max(within.base, from);
    const range = { base, length: Math.min(end(within), from + size) - base };
    if (!this.#exact) {
      const first = Math.floor(range.base / LOT);
      const after = Math.ceil(end(range) / LOT);
      const fresh: number[] = [];
      for (let lot = first; lot < after; lot++) if (!this.#ahead.has(lot)) fresh.push(lot);
      if (this.#fits(fresh.length * LOT + this.#toBeTouched(), this.#limit)) {
        for (const lot of fresh) this.#ahead.add(lot);
        this.#reach = Math.min(2 * this.#reach, MOST_REACH);
        return range;
      }
      if (this.#reach > 1) {
        this.#reach = 1;
        return this.#storable(address, within);
      }
      this.#settle();
    }
    return this.#touchedAround(address, range);
  }

  /** Frames whose places follow one another are one stretch. */
  #placedAround(frame: number, place: number): Range {
    let first = frame;
    while (this.#lookUp(first - 1) === place - (frame - first + 1) * FRAME_BYTES) first -= 1;
    let after = frame + 1;
    while (this.#lookUp(after) === place + (after - frame) * FRAME_BYTES) after += 1;
    return { base: first * FRAME_BYTES, length: (after - first) * FRAME_BYTES };
  }

  /** What a window holds around `address`, up to the next frames that lie elsewhere. */
  #unplacedAround(address: number): Range {
    const window = this.#windowAt(address);
    let { base, end: stop } = window;
    for (const frames of [this.#borrowed.keys(), this.#memory.pinned()]) {
      for (const frame of frames) {
        const start = frame * FRAME_BYTES;
        if (start > address) stop = Math.min(stop, start);
        else base = Math.max(base, start + FRAME_BYTES);
      }
    }
    return { base, length: stop - base };
  }

  #windowAt(address: number): Window<Range> {
    const window = this.#windows.at(address);
    invariant(window !== null, 'all of the private region can be mapped');
    return window;
  }

  #store(address: number, size: AccessSize, bits: bigint, limit: number): boolean {
    const last = address + size - 1;
    if (!this.touch(address, limit)) return false;
    if (Math.floor(last / PAGE) !== Math.floor(address / PAGE) && !this.touch(last, limit)) return false;
    const offset = address % FRAME_BYTES;
    const place = this.#placeOf((address - offset) / FRAME_BYTES);
    if (place !== undefined && offset + size <= FRAME_BYTES) {
      this.#memory.arena.write(place + offset, size, bits);
      return true;
    }
    for (let i = 0; i < size; i++) this.#putByte(address + i, (bits >> BigInt(8 * i)) & 0xffn);
    return true;
  }

  #byte(address: number): number {
    const offset = address % FRAME_BYTES;
    const place = this.#placeOf((address - offset) / FRAME_BYTES);
    const { bytes } = this.#memory.arena;
    if (place !== undefined) return bytes[place + offset]!;
    if (!this.#far.has(Math.floor(address / PAGE)) && !this.#ahead.has(Math.floor(address / LOT))) return 0;
    return bytes[address + this.#windowAt(address).delta]!;
  }

  #putByte(address: number, byte: bigint): void {
    const { arena } = this.#memory;
    const offset = address % FRAME_BYTES;
    const place = this.#placeOf((address - offset) / FRAME_BYTES);
    if (place !== undefined) {
      arena.write(place + offset, 1, byte);
      return;
    }
    const window = this.#windowAt(address);
    const at = address + window.delta;
    arena.write(at, 1, byte);
    arena.written.mark(at, 1);
    window.dirty(at, at + 1);
  }

  #placeOf(frame: number): number | undefined {
    if (frame !== this.#lastFrame) {
      this.#lastFrame = frame;
      this.#lastPlace = this.#lookUp(frame);
    }
    return this.#lastPlace;
  }

  #lookUp(frame: number): number | undefined {
    return this.#memory.pinnedAt(frame) ?? this.#borrowed.get(frame);
  }

  /** Half of the places are left to be pinned; so a frame that has begun in a window is never borrowed a place later. */
  #borrow(frame: number): number | undefined {
    if (this.#memory.freePlaces * 2 <= this.#memory.places) return undefined;
    const place = this.#memory.borrow()!;
    this.#borrowed.set(frame, place);
    this.#lastPlace = place;
    return place;
  }

  /** What a frame holds in windows goes to its place; what has been written there through segments is touched. */
  #move(frame: number, place: number): void {
    const { bytes, written } = this.#memory.arena;
    for (let offset = 0; offset < FRAME_BYTES; offset += PAGE) {
      const address = frame * FRAME_BYTES + offset;
      const touched = this.#far.delete(address / PAGE);
      if (!touched && !this.#ahead.has(Math.floor(address / LOT))) continue;
      const from = address + this.#windowAt(address).delta;
      if (!touched && written.nextWritten(from, from + PAGE) === from + PAGE) continue;
      bytes.copyWithin(place + offset, from, from + PAGE);
      bytes[TOUCHED_AT + ((place + offset) >>> TOUCHED_SHIFT)] = 1;
      this.#touched.push(place + offset);
      if (!touched) this.#count += 1;
    }
    this.#memory.revoke();
  }

  #touchedAround(address: number, within: Range): Range | null {
    const page = Math.floor(address / PAGE);
    const isTouched = (number: number) => this.#isTouched(number * PAGE);
    if (!isTouched(page)) return null;
    let first = page;
    while (first * PAGE > within.base && isTouched(first - 1)) first -= 1;
    let after = page + 1;
    while (after * PAGE < end(within) && isTouched(after)) after += 1;
    const base = Math.max(within.base, first * PAGE);
    return { base, length: Math.min(end(within), after * PAGE) - base };
  }
}
