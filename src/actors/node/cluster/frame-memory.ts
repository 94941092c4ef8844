/**
 * Memory of long frames, used again once a frame is handled. All of it is of one size: what was used last is used next while
 * the processor still has it near, and that, more than the work of making new memory, is what copying pages takes.
 */

export class FrameMemory {
  readonly #size: number;
  readonly #most: number;
  readonly #spare: ArrayBufferLike[] = [];
  readonly #own = new WeakSet<ArrayBufferLike>();

  /** `size`: bytes of the longest frame. `most`: so many frames' memory is kept to be used again. */
  constructor(size: number, most: number) {
    this.#size = size;
    this.#most = most;
  }

  /** Whatever is in it. */
  take(length: number): Uint8Array {
    // A short frame would hold the memory of a long one for as long as nobody handles it.
    if (length < (2 / 3) * this.#size) return Buffer.allocUnsafe(length);
    return new Uint8Array(this.#spare.pop() ?? this.#make(), 0, length);
  }

  /** Nobody heeds the frame any more. One that has no memory of this kind is left alone. */
  release({ buffer }: Uint8Array): void {
    if (this.#own.has(buffer) && this.#spare.length < this.#most) this.#spare.push(buffer);
  }

  #make(): ArrayBufferLike {
    const { buffer } = Buffer.allocUnsafeSlow(this.#size);
    this.#own.add(buffer);
    return buffer;
  }
}
