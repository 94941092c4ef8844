/**
 * Which linear addresses are free. Windows for whole pieces are taken from below, one after the other; slots for chunks
 * of pieces that are too large from above, all of one size. Some slots there always are.
 */

/** Slots that no whole window may take the place of. */
const LEAST_SLOTS = 7;
const MOST_CHUNK_BYTES = 2 ** 26;
/** A window that is larger shares its place in a page of the host with the address space: copies are faster. */
const ALIGNED_FROM = 2 ** 16;
const HOST_PAGE = 4096;

export class Room {
  /** Bytes in a chunk, a power of two. */
  readonly chunkBytes: number;
  readonly #low: number;
  readonly #high: number;
  #next: number;
  #lowestSlot: number;
  #freeSlots: number[] = [];

  /** For the linear addresses [low, high). */
  constructor(low: number, high: number) {
    this.chunkBytes = Math.min(MOST_CHUNK_BYTES, 2 ** Math.floor(Math.log2((high - low) / 32)));
    this.#low = low;
    this.#high = high - (high % this.chunkBytes);
    this.#next = low;
    this.#lowestSlot = this.#high;
  }

  /** A place for `length` bytes from `base` on, eight-aligned as they are there; null if there is none in one piece. */
  whole(base: number, length: number): number | null {
    const unit = length >= ALIGNED_FROM ? HOST_PAGE : 8;
    const at = Math.ceil(this.#next / unit) * unit + (base % unit);
    const limit = Math.min(this.#lowestSlot, this.#high - LEAST_SLOTS * this.chunkBytes);
    if (at + length > limit) return null;
    this.#next = Math.ceil((at + length) / 8) * 8;
    return at;
  }

  /** Linear address of a free slot; null if one must be given back first. */
  slot(): number | null {
    const free = this.#freeSlots.pop();
    if (free !== undefined) return free;
    if (this.#lowestSlot - this.chunkBytes < this.#next) return null;
    this.#lowestSlot -= this.chunkBytes;
    return this.#lowestSlot;
  }

  giveBack(slot: number): void {
    this.#freeSlots.push(slot);
  }

  /** Everything is free. */
  clear(): void {
    this.#next = this.#low;
    this.#lowestSlot = this.#high;
    if (this.#freeSlots.length > 0) this.#freeSlots = [];
  }
}
