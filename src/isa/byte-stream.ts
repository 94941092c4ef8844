/** Little-endian fields, written one after another and read back with nothing taken on trust. */

import { invariant } from '../invariant.ts';
import { Malformed } from './program-file-error.ts';

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  /** A safe integer from 0, in 8 bytes. */
  u64(value: number): void {
    invariant(Number.isSafeInteger(value) && value >= 0, 'a 64-bit field is a safe integer from 0');
    const at = this.#grow(8);
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  /** UTF-8 after its length in bytes. */
  text(value: string): void {
    const bytes = ENCODER.encode(value);
    this.u32(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Writes over the 4 bytes at `offset`. */
  patch32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, true);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes room for `count` bytes more, perhaps in a new buffer; returns where they go. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** Every method throws `Malformed`, `truncated`, where the bytes end too soon. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #offset: number;

  /** Reads `[start, end)` of `bytes`; offsets count from the start of `bytes`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#offset = start;
    this.#end = end;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A 64-bit number up to `limit`, which is a safe integer. */
  u64(limit: number): number {
    const at = this.#take(8);
    const value = this.#view.getBigUint64(at, true);
    if (value > limit) throw new Malformed('number-too-large', `0x${value.toString(16)} is too large`, at);
    return Number(value);
  }

  /** How many items follow, each of at least `itemBytes`: never more than there are bytes for. */
  count(itemBytes: number): number {
    const at = this.#offset;
    const count = this.u32();
    if (count * itemBytes > this.remaining)
      throw new Malformed('truncated', `${count} items are announced, but the bytes end before`, at);
    return count;
  }

  text(): string {
    const bytes = this.raw(this.count(1));
    try {
      return DECODER.decode(bytes);
    } catch {
      throw new Malformed('bad-text', 'a text is not UTF-8', this.#offset - bytes.length);
    }
  }

  /** The next `count` bytes, not copied. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** A reader of the next `count` bytes, which this one skips. */
  part(count: number): ByteReader {
    const at = this.#take(count);
    return new ByteReader(this.#bytes, at, at + count);
  }

  /** Nothing may be left. */
  finish(): void {
    if (this.remaining > 0)
      throw new Malformed('left-over-bytes', `${this.remaining} bytes are left over`, this.#offset);
  }

  #take(count: number): number {
    const at = this.#offset;
    if (count > this.#end - at)
      throw new Malformed('truncated', `the bytes end before the ${count} that are expected here`, at);
    this.#offset += count;
    return at;
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
