/** Which merge words an attempt has loaded before it stored them: those are validated as reads (rule 6). */

import type { Range } from '../memory/ranges.ts';
import type { Written } from '../memory/written.ts';
import type { ZoneMap } from './zones.ts';

const WORD = 8;

export class MergeReads {
  /** Words whose snapshot value the attempt has seen. */
  readonly #loaded = new Set<number>();

  /** A load in the heap: the merge words among its bytes that are not yet stored are seen as they were at sv. */
  note(address: number, size: number, zones: ZoneMap, writes: Written): void {
    if (!zones.hasMerges) return;
    for (let word = address - (address % WORD); word < address + size; word += WORD) {
      if (zones.isMergeWord(word) && writes.countWritten(word, WORD) === 0) this.#loaded.add(word);
    }
  }

  /** The loaded words that were stored later; a word that was only loaded is an ordinary snapshot read. */
  validated(writes: Written): Range[] {
    return [...this.#loaded]
      .filter((word) => writes.countWritten(word, WORD) > 0)
      .map((base) => ({ base, length: WORD }));
  }
}
