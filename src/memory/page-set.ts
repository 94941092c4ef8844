/** A set of pages, as bits: far smaller than a set of their numbers, where pages have neighbours. */

import { pagesOf } from './directory.ts';
import type { Range } from './ranges.ts';

/** Pages a word of bits. */
const WORD = 32;

export class PageSet implements Iterable<number> {
  readonly #pageSize: number;
  readonly #words = new Map<number, number>();
  #size = 0;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of its pages. */
  get bytes(): number {
    return this.#size * this.#pageSize;
  }

  /** The pages that have a byte of the range. */
  addRange(range: Range): void {
    for (const page of pagesOf(range, this.#pageSize)) this.add(page);
  }

  add(page: number): void {
    const place = Math.floor(page / WORD);
    const bit = 1 << (page % WORD);
    const word = this.#words.get(place) ?? 0;
    if ((word & bit) !== 0) return;
    this.#words.set(place, word | bit);
    this.#size += 1;
  }

  /** In no promised order. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (const [place, word] of this.#words)
      for (let i = 0; i < WORD; i += 1) if ((word & (1 << i)) !== 0) yield place * WORD + i;
  }
}
