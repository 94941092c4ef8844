/** Output that is kept until somebody has fetched it. */

import { Writable } from 'node:stream';

/** Bytes that nobody has fetched; with more, whoever writes waits. */
const MOST_UNFETCHED = 2 ** 26;

/** Bytes that are kept although they were fetched: a connection may have broken under them. */
const KEPT = 2 ** 22;

/** Bytes that are given at once. */
const PIECE = 2 ** 20;

interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export class Spool extends Writable {
  readonly #onNews: () => void;
  #mostUnfetched: number;
  /** By offset, without gaps. */
  #chunks: Chunk[] = [];
  /** Those before it are no longer kept. */
  #first = 0;
  /** Bytes so far. */
  #length = 0;
  /** Bytes that somebody has fetched. */
  #fetched = 0;
  #waiting: (() => void) | null = null;

  /** `onNews`: there is more to fetch. */
  constructor(onNews: () => void, mostUnfetched = MOST_UNFETCHED) {
    super();
    this.#onNews = onNews;
    this.#mostUnfetched = mostUnfetched;
  }

  /** Bytes that have come so far. */
  get length(): number {
    return this.#length;
  }

  /** Bytes at the beginning that are not kept any more. */
  get forgotten(): number {
    return this.#chunks[this.#first]?.offset ?? this.#length;
  }

  /** So many bytes were put out, and fetched, before; nothing has come yet. */
  resume(offset: number): void {
    this.#length = offset;
    this.#fetched = offset;
  }

  /** What follows the first `offset` bytes and is still kept: there may be a gap, and there may be nothing. */
  after(offset: number): Chunk | null {
    let [low, high] = [this.#first, this.#chunks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (endOf(this.#chunks[middle]!) <= offset) low = middle + 1;
      else high = middle;
    }
    const chunk = this.#chunks[low];
    if (chunk === undefined) return null;
    const skip = Math.max(0, offset - chunk.offset);
    return { offset: chunk.offset + skip, bytes: chunk.bytes.subarray(skip, skip + PIECE) };
  }

  /** Somebody has all of the first `length` bytes. */
  fetched(length: number): void {
    this.#fetched = Math.max(this.#fetched, Math.min(length, this.#length));
    const chunks = this.#chunks;
    while (this.#first < chunks.length && endOf(chunks[this.#first]!) <= this.#fetched - KEPT)
      this.#first += 1;
    if (this.#first > chunks.length / 2) {
      this.#chunks = chunks.slice(this.#first);
      this.#first = 0;
    }
    this.#goOn();
  }

  /** Nobody will fetch anything any more: whoever writes need not wait for that. */
  abandon(): void {
    this.#mostUnfetched = Number.POSITIVE_INFINITY;
    this.#goOn();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#chunks.push({ offset: this.#length, bytes: chunk });
    this.#length += chunk.length;
    this.#waiting = done;
    this.#onNews();
    this.#goOn();
  }

  #goOn(): void {
    if (this.#waiting === null || this.#length - this.#fetched > this.#mostUnfetched) return;
    const done = this.#waiting;
    this.#waiting = null;
    done();
  }
}

function endOf({ offset, bytes }: Chunk): number {
  return offset + bytes.length;
}
