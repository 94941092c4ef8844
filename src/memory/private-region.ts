/** A runner's private region: sparse, zero at start, lazily allocated. */

/** Small, since most runners touch little more than their context and register words. */
const PAGE = 512;

/** Bytes by address, allocated by pages as they are first written. Reads allocate nothing. */
export class PrivateRegion {
  readonly #pages = new Map<number, Uint8Array>();
  readonly #limit: number;
  #lastNumber = -1;
  #last: Uint8Array | undefined;

  /** `limit`: bytes that may be allocated, by whoever writes; `preset` goes beyond it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Copies `size` bytes from `address` into the front of `into`. */
  read(address: number, size: number, into: Uint8Array): void {
    const offset = address % PAGE;
    const page = this.#page((address - offset) / PAGE);
    if (offset + size <= PAGE) {
      for (let i = 0; i < size; i++) into[i] = page === undefined ? 0 : page[offset + i]!;
      return;
    }
    for (let i = 0; i < size; i++) {
      const at = address + i;
      into[i] = this.#page(Math.floor(at / PAGE))?.[at % PAGE] ?? 0;
    }
  }

  /** Writes what is there before the runner starts: that cannot be refused, however low the limit is. */
  preset(address: number, size: number, from: Uint8Array): void {
    this.#write(address, size, from, Number.POSITIVE_INFINITY);
  }

  /** Writes the first `size` bytes of `from` at `address`; false, with nothing written, past the limit. */
  write(address: number, size: number, from: Uint8Array): boolean {
    return this.#write(address, size, from, this.#limit);
  }

  #write(address: number, size: number, from: Uint8Array, limit: number): boolean {
    const offset = address % PAGE;
    const first = this.#touch((address - offset) / PAGE, limit);
    if (first === undefined) return false;
    if (offset + size <= PAGE) {
      for (let i = 0; i < size; i++) first[offset + i] = from[i]!;
      return true;
    }
    const second = this.#touch((address - offset) / PAGE + 1, limit);
    if (second === undefined) return false;
    for (let i = 0; i < size; i++) {
      const at = offset + i;
      if (at < PAGE) first[at] = from[i]!;
      else second[at - PAGE] = from[i]!;
    }
    return true;
  }

  #page(number: number): Uint8Array | undefined {
    if (number !== this.#lastNumber) {
      this.#lastNumber = number;
      this.#last = this.#pages.get(number);
    }
    return this.#last;
  }

  #touch(number: number, limit: number): Uint8Array | undefined {
    const known = this.#page(number);
    if (known !== undefined) return known;
    if ((this.#pages.size + 1) * PAGE > limit) return undefined;
    const page = new Uint8Array(PAGE);
    this.#pages.set(number, page);
    this.#last = page;
    return page;
  }
}
