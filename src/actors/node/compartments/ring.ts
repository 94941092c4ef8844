/**
 * A ring of byte records in shared memory, from one thread to one other. The writer owns the tail, the reader the head;
 * both count bytes and wrap at 2^32, so an empty ring has head = tail, and a full one tail − head = capacity.
 */

import { invariant } from '../../../invariant.ts';

/** Where a ring keeps its two words within the words of its memory. */
export interface RingWords {
  readonly head: number;
  readonly tail: number;
}

/** Bytes before each record: its length. Records are padded to as much, so a length never wraps around. */
const LENGTH_BYTES = 4;

abstract class RingEnd {
  protected readonly words: Int32Array;
  protected readonly at: RingWords;
  protected readonly bytes: Uint8Array;
  protected readonly lengths: Int32Array;

  /** `bytes`: a power of two in length, aligned to 4 bytes. */
  constructor(words: Int32Array, at: RingWords, bytes: Uint8Array) {
    invariant((bytes.length & (bytes.length - 1)) === 0, 'the length of a ring is a power of two');
    this.words = words;
    this.at = at;
    this.bytes = bytes;
    this.lengths = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / LENGTH_BYTES);
  }
}

export class RingWriter extends RingEnd {
  /** False if there is no room for it now. */
  offer(record: Uint8Array): boolean {
    const { words, at, bytes } = this;
    const size = spaceOf(record.length);
    const tail = Atomics.load(words, at.tail);
    const used = (tail - Atomics.load(words, at.head)) >>> 0;
    if (size > bytes.length - used) return false;
    const mask = bytes.length - 1;
    this.lengths[(tail & mask) / LENGTH_BYTES] = record.length;
    const begin = (tail + LENGTH_BYTES) & mask;
    const first = Math.min(record.length, bytes.length - begin);
    if (first === record.length) bytes.set(record, begin);
    else {
      bytes.set(record.subarray(0, first), begin);
      bytes.set(record.subarray(first), 0);
    }
    Atomics.store(words, at.tail, (tail + size) | 0);
    return true;
  }
}

export class RingReader extends RingEnd {
  #scratch = new Uint8Array(4096);

  get isEmpty(): boolean {
    return Atomics.load(this.words, this.at.head) === Atomics.load(this.words, this.at.tail);
  }

  /** The oldest record, or null. Its bytes are valid until the next call. */
  take(): Uint8Array | null {
    const { words, at, bytes } = this;
    const head = Atomics.load(words, at.head);
    if (head === Atomics.load(words, at.tail)) return null;
    const mask = bytes.length - 1;
    const length = this.lengths[(head & mask) / LENGTH_BYTES]!;
    invariant(length >= 0 && spaceOf(length) <= bytes.length, 'a record lies within its ring');
    const record = this.#room(length);
    const begin = (head + LENGTH_BYTES) & mask;
    const first = Math.min(length, bytes.length - begin);
    record.set(bytes.subarray(begin, begin + first));
    if (first < length) record.set(bytes.subarray(0, length - first), first);
    Atomics.store(words, at.head, (head + spaceOf(length)) | 0);
    return record;
  }

  #room(length: number): Uint8Array {
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(2 * length);
    return this.#scratch.subarray(0, length);
  }
}

/** Bytes that a record takes in a ring. */
export function spaceOf(length: number): number {
  return LENGTH_BYTES + Math.ceil(length / LENGTH_BYTES) * LENGTH_BYTES;
}
