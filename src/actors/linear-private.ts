/** A runner's private region in linear memory, but for its register words. */

import { FRAME_BYTES } from '../isa/jit/linear-layout.ts';
import type { Access, Segment } from '../isa/jit/linear-port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import type { Windows } from '../memory/linear/windows.ts';
import type { RangeSet } from '../memory/range-set.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { LinearMemory } from './linear-memory.ts';
import { PrivatePlaces } from './private-places.ts';
import { TouchedPages } from './touched-pages.ts';

export class LinearPrivate {
  readonly #memory: LinearMemory;
  readonly #places: PrivatePlaces;
  readonly #touched: TouchedPages;
  /** Ports and register words: never accessed directly. */
  readonly #special: RangeSet;

  /** `limit`: bytes that may be touched, in pages of 512. */
  constructor(
    memory: LinearMemory,
    windows: Windows<Range>,
    limit: number,
    special: RangeSet,
    regionBoundary: number,
  ) {
    this.#memory = memory;
    this.#places = new PrivatePlaces(memory, windows, regionBoundary);
    this.#touched = new TouchedPages(memory, this.#places, limit);
    this.#special = special;
  }

  load(address: number, size: AccessSize): bigint {
    const offset = address % FRAME_BYTES;
    if (offset + size <= FRAME_BYTES) {
      const place = this.#places.of((address - offset) / FRAME_BYTES);
      if (place !== undefined) return this.#memory.arena.read(place + offset, size);
    }
    let bits = 0n;
    for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(this.#byte(address + i));
    return bits;
  }

  /** False, with nothing written, past the limit. */
  store(address: number, size: AccessSize, bits: bigint): boolean {
    const last = address + size - 1;
    if (!this.#touched.touch(address) || !this.#touched.touch(last)) return false;
    this.#put(address, size, bits);
    return true;
  }

  /** What is there before the runner starts: that cannot be refused. */
  preset(address: number, word: bigint): void {
    this.#touched.touch(address, Number.POSITIVE_INFINITY);
    this.#put(address, 8, word);
  }

  /** 512 bytes of the region lie elsewhere, and cannot be refused either. */
  presetElsewhere(): void {
    this.#touched.countElsewhere();
  }

  /** The 512 bytes around `address` count as touched; false past the limit. */
  touch(address: number): boolean {
    return this.#touched.touch(address);
  }

  /** Pins a frame; what it holds moves with it. */
  frameAt(frame: number): number | null {
    const known = this.#memory.pinnedAt(frame);
    if (known !== undefined) return known;
    const pinned = this.#places.pin(frame);
    if (pinned === null) return null;
    if (pinned.wasElsewhere) this.#touched.moved(frame, pinned.place);
    this.#touched.pinned();
    return pinned.place;
  }

  segment(address: number, access: Access): Segment | null {
    const place = this.#places.claim(Math.floor(address / FRAME_BYTES));
    const within = this.#special.gapAround(address, this.#places.stretchAround(address));
    if (within === null) return null;
    const range = access === 'load' ? within : this.#touched.storable(address, within);
    if (range === null) return null;
    const delta = this.#places.at(address) - address;
    if (place === undefined) {
      const window = this.#places.windowAt(address);
      window.granted = true;
      if (access === 'store') window.dirty(range.base + delta, end(range) + delta);
    }
    return { ...range, delta };
  }

  release(): void {
    this.#touched.release();
    this.#places.release();
  }

  /** To memory that is touched. */
  #put(address: number, size: AccessSize, bits: bigint): void {
    const offset = address % FRAME_BYTES;
    const place = this.#places.of((address - offset) / FRAME_BYTES);
    if (place !== undefined && offset + size <= FRAME_BYTES)
      this.#memory.arena.write(place + offset, size, bits);
    else for (let i = 0; i < size; i++) this.#putByte(address + i, (bits >> BigInt(8 * i)) & 0xffn);
  }

  #putByte(address: number, byte: bigint): void {
    const { arena } = this.#memory;
    const at = this.#places.at(address);
    arena.write(at, 1, byte);
    if (this.#places.of(Math.floor(address / FRAME_BYTES)) !== undefined) return;
    arena.written.mark(at, 1);
    this.#places.windowAt(address).dirty(at, at + 1);
  }

  #byte(address: number): number {
    if (this.#places.of(Math.floor(address / FRAME_BYTES)) === undefined && !this.#touched.mayHold(address))
      return 0;
    return this.#memory.arena.bytes[this.#places.at(address)]!;
  }
}
