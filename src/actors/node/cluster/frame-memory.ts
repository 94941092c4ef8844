/**
 * Memory of long frames, used again once a frame is handled. All of it is of one size: what was used last is used next while
 * the processor still has it near, and that, more than the work of making new memory, is what copying pages takes.
 */

export class FrameMemory {
  readonly #size: number;
  readonly #most: number;
  readonly #spare: ArrayBufferLike[] = [];
  /** What is taken and not given back. */
  readonly #taken = new WeakSet<ArrayBufferLike>();

  /** `size`: bytes of the longest frame. `most`: so many frames' memory is kept to be used again. */
  constructor(size: number, most: number) {
    this.#size = size;
    this.#most = most;
  }

  /** Whatever is in it. */
  take(length: number): Uint8Array {
    // A short frame would hold the memory of a long one for as long as nobody handles it.
    if (length < (2 / 3) * this.#size) return Buffer.allocUnsafe(length);
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#size).buffer;
    this.#taken.add(memory);
    return new Uint8Array(memory, 0, length);
  }

  /** Nobody heeds the frame any more. One that has no memory of this kind, or has given it back, is left alone. */
  release({ buffer }: Uint8Array): void {
    if (this.#taken.delete(buffer) && this.#spare.length < this.#most) this.#spare.push(buffer);
  }
}
