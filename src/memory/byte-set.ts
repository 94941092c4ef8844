/** A set of addresses that grows by small accesses, however often the same ones come: a loop costs no memory. */

import type { Range } from './ranges.ts';

const BLOCK = 256;

export class ByteSet {
  readonly #masks = new Map<number, Uint8Array>();

  add(address: number, size: number): void {
    for (let at = address; at < address + size; at++) {
      const offset = at % BLOCK;
      const block = (at - offset) / BLOCK;
      let mask = this.#masks.get(block);
      if (mask === undefined) {
        mask = new Uint8Array(BLOCK);
        this.#masks.set(block, mask);
      }
      mask[offset] = 1;
    }
  }

  /** The addresses as ranges, in no promised order; neighbours may touch. */
  ranges(): Range[] {
    const ranges: Range[] = [];
    for (const [block, mask] of this.#masks) {
      for (let begin = mask.indexOf(1); begin >= 0; ) {
        const stop = mask.indexOf(0, begin);
        const length = (stop < 0 ? BLOCK : stop) - begin;
        ranges.push({ base: block * BLOCK + begin, length });
        begin = mask.indexOf(1, begin + length);
      }
    }
    return ranges;
  }
}
