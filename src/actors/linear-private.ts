/**
 * A runner's private region in linear memory. A frame lies at a place of its own, pinned for good or borrowed for the
 * attempt; where places run short, in a window like other memory. Memory counts as touched by 512 bytes, as in a
 * `PrivateRegion`.
 */

import { invariant } from '../invariant.ts';
import { FRAME_BYTES, TOUCHED_AT, TOUCHED_SHIFT } from '../isa/jit/linear-layout.ts';
import type { Access, Segment } from '../isa/jit/linear-port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import type { Windows } from '../memory/linear/windows.ts';
import type { RangeSet } from '../memory/range-set.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { LinearMemory } from './linear-memory.ts';

/** Bytes that count as touched at once. */
const PAGE = 2 ** TOUCHED_SHIFT;

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
    const offset = address % FRAME_BYTES;
    const frame = (address - offset) / FRAME_BYTES;
    const place = this.#placeOf(frame) ?? this.#borrow(frame);
    const full = (this.#count + 1) * PAGE > limit;
    if (place === undefined) {
      const page = Math.floor(address / PAGE);
      if (this.#far.has(page)) return true;
      if (full) return false;
      this.#far.add(page);
    } else {
      const { bytes } = this.#memory.arena;
      const at = place + offset;
      const entry = TOUCHED_AT + (at >>> TOUCHED_SHIFT);
      if (bytes[entry] === 1) return true;
      if (full) return false;
      bytes[entry] = 1;
      this.#touched.push(at - (at % PAGE));
    }
    this.#count += 1;
    return true;
  }

  /** Pins a frame; what it holds moves with it. */
  frameAt(frame: number): number | null {
    const known = this.#memory.pinnedAt(frame);
    if (known !== undefined) return known;
    const borrowed = this.#borrowed.get(frame);
    if (borrowed !== undefined) {
      this.#borrowed.delete(frame);
      return this.#memory.pin(frame, borrowed);
    }
    const place = this.#memory.pin(frame);
    if (place === null) return null;
    this.#lastFrame = -1;
    if (this.#far.size > 0) this.#move(frame, place);
    return place;
  }

  segment(address: number, access: Access): Segment | null {
    const offset = address % FRAME_BYTES;
    const frame = (address - offset) / FRAME_BYTES;
    const place = this.#placeOf(frame) ?? this.#borrow(frame);
    let within: Range = { base: address - offset, length: FRAME_BYTES };
    let delta: number;
    if (place === undefined) {
      const window = this.#windows.at(address);
      invariant(window !== null, 'all of the private region can be mapped');
      const base = Math.max(within.base, window.base);
      within = { base, length: Math.min(end(within), window.end) - base };
      delta = window.delta;
      if (access === 'store') window.dirty(within.base + delta, end(within) + delta);
      window.granted = true;
    } else {
      delta = place - within.base;
    }
    if (access === 'store') within = this.#touchedAround(address, within, place === undefined ? null : delta);
    const range = this.#special.gapAround(address, within);
    return range === null || range.length <= 0 ? null : { ...range, delta };
  }

  release(): void {
    const { bytes, written } = this.#memory.arena;
    for (const at of this.#touched) {
      bytes.fill(0, at, at + PAGE);
      written.clear(at, at + PAGE);
      bytes[TOUCHED_AT + (at >>> TOUCHED_SHIFT)] = 0;
    }
    for (const place of this.#borrowed.values()) this.#memory.giveBack(place);
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
    if (!this.#far.has(Math.floor(address / PAGE))) return 0;
    return bytes[address + this.#windows.at(address)!.delta]!;
  }

  #putByte(address: number, byte: bigint): void {
    const { arena } = this.#memory;
    const offset = address % FRAME_BYTES;
    const place = this.#placeOf((address - offset) / FRAME_BYTES);
    if (place !== undefined) {
      arena.write(place + offset, 1, byte);
      return;
    }
    const window = this.#windows.at(address)!;
    const at = address + window.delta;
    arena.write(at, 1, byte);
    arena.written.mark(at, 1);
    window.dirty(at, at + 1);
  }

  #placeOf(frame: number): number | undefined {
    if (frame !== this.#lastFrame) {
      this.#lastFrame = frame;
      this.#lastPlace = this.#memory.pinnedAt(frame) ?? this.#borrowed.get(frame);
    }
    return this.#lastPlace;
  }

  /** Half of the places are left to be pinned; so a frame that has begun in a window is never borrowed a place later. */
  #borrow(frame: number): number | undefined {
    if (this.#memory.freePlaces * 2 <= this.#memory.places) return undefined;
    const place = this.#memory.borrow()!;
    this.#borrowed.set(frame, place);
    this.#lastPlace = place;
    return place;
  }

  /** What a frame holds in windows goes to its place. */
  #move(frame: number, place: number): void {
    const { bytes } = this.#memory.arena;
    for (let offset = 0; offset < FRAME_BYTES; offset += PAGE) {
      const address = frame * FRAME_BYTES + offset;
      if (!this.#far.delete(address / PAGE)) continue;
      const from = address + this.#windows.at(address)!.delta;
      const to = place + offset;
      bytes.copyWithin(to, from, from + PAGE);
      bytes[TOUCHED_AT + (to >>> TOUCHED_SHIFT)] = 1;
      this.#touched.push(to);
    }
    this.#memory.revoke();
  }

  /** The touched pages around `address`; those in a place are found by its `delta`. */
  #touchedAround(address: number, within: Range, delta: number | null): Range {
    const { bytes } = this.#memory.arena;
    const isTouched = (page: number) =>
      delta === null
        ? this.#far.has(page)
        : bytes[TOUCHED_AT + ((page * PAGE + delta) >>> TOUCHED_SHIFT)] === 1;
    const page = Math.floor(address / PAGE);
    if (!isTouched(page)) return { base: address, length: 0 };
    let first = page;
    while ((first - 1) * PAGE >= within.base && isTouched(first - 1)) first -= 1;
    let after = page + 1;
    while (after * PAGE < end(within) && isTouched(after)) after += 1;
    return { base: first * PAGE, length: (after - first) * PAGE };
  }
}
