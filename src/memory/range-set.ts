/** A set of addresses as few ranges, which are added and removed by the range. */

import { covers, end, firstEndingAfter, type Range } from './ranges.ts';

export class RangeSet {
  /** Sorted and disjoint; what touches is one range. */
  #ranges: Range[] = [];

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  /** Whether any of `length` bytes at `base` is in it. */
  meets(base: number, length: number): boolean {
    const range = this.#ranges[firstEndingAfter(this.#ranges, 0, base)];
    return range !== undefined && range.base < base + length;
  }

  /** Whether all of `length` bytes at `base` are in it. */
  covers(base: number, length: number): boolean {
    return covers(this.#ranges, base, length);
  }

  add(base: number, length: number): void {
    const first = firstEndingAfter(this.#ranges, 0, base - 1);
    let last = first;
    let from = base;
    let to = base + length;
    for (; last < this.#ranges.length && this.#ranges[last]!.base <= to; last++) {
      from = Math.min(from, this.#ranges[last]!.base);
      to = Math.max(to, end(this.#ranges[last]!));
    }
    this.#ranges.splice(first, last - first, { base: from, length: to - from });
  }

  remove(base: number, length: number): void {
    const stop = base + length;
    this.#ranges = this.#ranges.flatMap((range) => {
      if (end(range) <= base || range.base >= stop) return [range];
      const parts: Range[] = [];
      if (range.base < base) parts.push({ base: range.base, length: base - range.base });
      if (end(range) > stop) parts.push({ base: stop, length: end(range) - stop });
      return parts;
    });
  }

  /** The part of `within` around `address` that holds no byte of the set; null if the byte there is one. */
  gapAround(address: number, within: Range): Range | null {
    const next = firstEndingAfter(this.#ranges, 0, address);
    const above = this.#ranges[next];
    if (above !== undefined && above.base <= address) return null;
    const below = this.#ranges[next - 1];
    const base = below === undefined ? within.base : Math.max(within.base, end(below));
    const stop = above === undefined ? end(within) : Math.min(end(within), above.base);
    return { base, length: stop - base };
  }
}
