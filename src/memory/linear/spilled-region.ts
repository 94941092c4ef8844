/** Written bytes of one region of the address space that have left linear memory. Offsets count from its beginning. */

export const REGION_BYTES = 2 ** 20;

/** Small, as a window that has to leave may hold a word here and there. */
const BLOCK_BYTES = 512;
const BLOCKS = REGION_BYTES / BLOCK_BYTES;

export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Blocks are packed into one array that grows: an array for each would cost more than it holds. */
export class SpilledRegion {
  /** Where each block lies among those that are kept, from 1 on; 0: nothing of it is written. */
  readonly #places = new Uint16Array(BLOCKS);
  /** Places that were given back. */
  readonly #free: number[] = [];
  #bytes = new Uint8Array(BLOCK_BYTES);
  /** 1 where the byte is written. */
  #mask = new Uint8Array(BLOCK_BYTES);
  /** Places that were ever given out. */
  #taken = 0;

  get isEmpty(): boolean {
    return this.#free.length === this.#taken;
  }

  write(offset: number, bytes: Uint8Array): void {
    eachBlock(offset, offset + bytes.length, (block, from, to) => {
      const shift = this.#placeOf(block) - block * BLOCK_BYTES;
      this.#bytes.set(bytes.subarray(from - offset, to - offset), from + shift);
      this.#mask.fill(1, from + shift, to + shift);
    });
  }

  /** The written runs within [from, to), ascending; no two touch. */
  runs(from: number, to: number): Run[] {
    const runs: Run[] = [];
    let begin = -1;
    const end = (at: number) => {
      if (begin >= 0) runs.push({ from: begin, to: at });
      begin = -1;
    };
    eachBlock(from, to, (block, low, high) => {
      const start = block * BLOCK_BYTES;
      const mask = this.#maskOf(block);
      if (mask === null) {
        end(start);
        return;
      }
      for (let at = low - start; at < high - start; ) {
        if (begin < 0) {
          const first = mask.indexOf(1, at);
          if (first < 0 || first >= high - start) return;
          begin = start + first;
          at = first;
        }
        const stop = mask.indexOf(0, at);
        if (stop < 0 || stop >= high - start) return;
        end(start + stop);
        at = stop;
      }
    });
    end(to);
    return runs;
  }

  /** The bytes of a written run. */
  read({ from, to }: Run): Uint8Array {
    const bytes = new Uint8Array(to - from);
    eachBlock(from, to, (block, low, high) => {
      const shift = this.#placeOf(block) - block * BLOCK_BYTES;
      bytes.set(this.#bytes.subarray(low + shift, high + shift), low - from);
    });
    return bytes;
  }

  forget({ from, to }: Run): void {
    eachBlock(from, to, (block, low, high) => {
      const mask = this.#maskOf(block);
      if (mask === null) return;
      const start = block * BLOCK_BYTES;
      mask.fill(0, low - start, high - start);
      if (mask.includes(1)) return;
      this.#free.push(this.#places[block]!);
      this.#places[block] = 0;
    });
  }

  #maskOf(block: number): Uint8Array | null {
    const place = this.#places[block]!;
    return place === 0 ? null : this.#mask.subarray((place - 1) * BLOCK_BYTES, place * BLOCK_BYTES);
  }

  /** Where the block's bytes begin; it is kept from now on. */
  #placeOf(block: number): number {
    let place = this.#places[block]!;
    if (place === 0) {
      place = this.#free.pop() ?? this.#nextPlace();
      this.#places[block] = place;
    }
    return (place - 1) * BLOCK_BYTES;
  }

  #nextPlace(): number {
    this.#taken += 1;
    if (this.#taken * BLOCK_BYTES > this.#bytes.length) {
      this.#bytes = twice(this.#bytes);
      this.#mask = twice(this.#mask);
    }
    return this.#taken;
  }
}

function eachBlock(from: number, to: number, visit: (block: number, from: number, to: number) => void): void {
  for (let at = from; at < to; ) {
    const block = Math.floor(at / BLOCK_BYTES);
    const next = Math.min(to, (block + 1) * BLOCK_BYTES);
    visit(block, at, next);
    at = next;
  }
}

function twice(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(2 * bytes.length);
  grown.set(bytes);
  return grown;
}
