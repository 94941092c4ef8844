/** The bytes of one linear memory, little endian whatever the host, with the map of those that are written. */

import { WrittenMap } from './written-map.ts';

/** Sizes that an access may have, in bytes. */
type Size = 1 | 2 | 4 | 8;

export class Arena {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly written: WrittenMap;
  readonly #view: DataView;

  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.written = new WrittenMap(this.bytes);
    this.#view = new DataView(buffer);
  }

  /** The `size` bytes at `at` as unsigned bits. */
  read(at: number, size: Size): bigint {
    switch (size) {
      case 1:
        return BigInt(this.bytes[at]!);
      case 2:
        return BigInt(this.#view.getUint16(at, true));
      case 4:
        return BigInt(this.#view.getUint32(at, true));
      case 8:
        return this.#view.getBigUint64(at, true);
    }
  }

  /** Writes the low `size` bytes of `bits`; the map is not told. */
  write(at: number, size: Size, bits: bigint): void {
    switch (size) {
      case 1:
        this.bytes[at] = Number(bits & 0xffn);
        return;
      case 2:
        this.#view.setUint16(at, Number(bits & 0xffffn), true);
        return;
      case 4:
        this.#view.setUint32(at, Number(bits & 0xffff_ffffn), true);
        return;
      case 8:
        this.#view.setBigUint64(at, bits, true);
    }
  }

  /** A copy of the `length` bytes at `at`. */
  copy(at: number, length: number): Uint8Array {
    return this.bytes.slice(at, at + length);
  }
}
