/**
 * Which bytes of a linear memory are written, one bit each: the bit `L & 7` of the byte `L >>> 3` of the same memory.
 * An aligned store of eight bytes sets one whole byte. `at` is a linear address everywhere.
 */
export class WrittenMap {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer);
  }

  /** The `size` bytes at `at` are written; 8 at the most. */
  mark(at: number, size: number): void {
    const map = this.#bytes;
    const bits = ((1 << size) - 1) << (at & 7);
    const place = at >>> 3;
    map[place]! |= bits;
    if (bits > 0xff) map[place + 1]! |= bits >>> 8;
  }

  /** All bytes in [from, to) are written. */
  markAll(from: number, to: number): void {
    let at = from;
    for (; at < to && (at & 7) !== 0; at++) this.mark(at, 1);
    const last = to - (to % 8);
    if (at < last) {
      this.#bytes.fill(0xff, at / 8, last / 8);
      at = last;
    }
    for (; at < to; at++) this.mark(at, 1);
  }

  /** Bit i is 1 where the byte at `at` + i is written, of `size` bytes; 8 at the most. */
  mask(at: number, size: number): number {
    const map = this.#bytes;
    const place = at >>> 3;
    return ((map[place]! | (map[place + 1]! << 8)) >>> (at & 7)) & ((1 << size) - 1);
  }

  /** The first written byte in [from, to), else `to`. */
  nextWritten(from: number, to: number): number {
    return this.#next(from, to, 0);
  }

  /** The first byte in [from, to) that is not written, else `to`. */
  nextUnwritten(from: number, to: number): number {
    return this.#next(from, to, -1);
  }

  /** No byte in [from, to) is written any more; the bytes beside it share no byte of the map with it. */
  clear(from: number, to: number): void {
    this.#bytes.fill(0, from >>> 3, Math.floor((to + 7) / 8));
  }

  #next(from: number, to: number, flip: number): number {
    if (from >= to) return to;
    const words = this.#words;
    const last = (to - 1) >>> 5;
    let word = from >>> 5;
    let bits = (words[word]! ^ flip) & (-1 << (from & 31));
    while (bits === 0) {
      if (word === last) return to;
      word += 1;
      bits = words[word]! ^ flip;
    }
    return Math.min(to, word * 32 + 31 - Math.clz32(bits & -bits));
  }
}
