/** A set of the small numbers 0 … length − 1, made for runs of them; short ones cost one number. */
export class Marks {
  readonly length: number;
  #bits = 0;
  readonly #bytes: Uint8Array | null;

  constructor(length: number) {
    this.length = length;
    this.#bytes = length > 31 ? new Uint8Array(length) : null;
  }

  has(index: number): boolean {
    return this.#bytes === null ? ((this.#bits >>> index) & 1) === 1 : this.#bytes[index] === 1;
  }

  add(index: number): void {
    if (this.#bytes === null) this.#bits |= 1 << index;
    else this.#bytes[index] = 1;
  }

  /** Adds `from` … `to` − 1. */
  addAll(from: number, to: number): void {
    if (this.#bytes !== null) this.#bytes.fill(1, from, to);
    else for (let i = from; i < to; i++) this.#bits |= 1 << i;
  }

  /** The first number that is marked, from `from` on; `length` if none is. */
  next(from: number): number {
    if (this.#bytes !== null) return found(this.#bytes.indexOf(1, from), this.length);
    const bits = this.#bits & (-1 << from);
    return from > 31 || bits === 0 ? this.length : 31 - Math.clz32(bits & -bits);
  }

  /** The first number that is not marked, from `from` on; `length` if all are. */
  nextFree(from: number): number {
    if (this.#bytes !== null) return found(this.#bytes.indexOf(0, from), this.length);
    const bits = ~this.#bits & (-1 << from);
    return from > 31 ? this.length : Math.min(this.length, 31 - Math.clz32(bits & -bits));
  }

  /** The last number below `before` that is not marked; −1 if all are. */
  lastFree(before: number): number {
    if (before <= 0) return -1;
    if (this.#bytes !== null) return this.#bytes.lastIndexOf(0, before - 1);
    let i = before - 1;
    while (i >= 0 && this.has(i)) i -= 1;
    return i;
  }
}

function found(index: number, otherwise: number): number {
  return index < 0 ? otherwise : index;
}
