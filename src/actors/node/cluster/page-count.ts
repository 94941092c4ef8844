/** How many pages a program has come to have in memory: those of its image, and all that commits have written since. */

import { pagesOf } from '../../../memory/directory.ts';
import type { Range } from '../../../memory/ranges.ts';

/** Pages a word of bits: far less than a set of page numbers would take. */
const WORD = 32;

export class PageCount {
  readonly #pageSize: number;
  readonly #words = new Map<number, number>();
  #pages = 0;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** Each page once, however many nodes keep it and however often it is written. */
  get bytes(): number {
    return this.#pages * this.#pageSize;
  }

  add(ranges: Iterable<Range>): void {
    for (const range of ranges) for (const page of pagesOf(range, this.#pageSize)) this.addPage(page);
  }

  addPage(page: number): void {
    const place = Math.floor(page / WORD);
    const bit = 1 << (page % WORD);
    const word = this.#words.get(place) ?? 0;
    if ((word & bit) !== 0) return;
    this.#words.set(place, word | bit);
    this.#pages += 1;
  }
}
