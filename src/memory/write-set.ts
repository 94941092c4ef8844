/**
 * What one attempt has written to the shared region, to the byte: the page arrays of its snapshot are never touched.
 *
 * Danger: marking by page or by word would commit bytes that the attempt only read, and so overwrite a neighbour's
 * commit with old values (two runners, two neighbouring bytes, one lost update).
 */

import type { PagePatch, PatchRun } from './patch.ts';
import { end, type Range } from './ranges.ts';

interface Frame {
  readonly bytes: Uint8Array;
  /** 1 where the byte is written. */
  readonly mask: Uint8Array;
}

/** A run of written bytes. */
export interface WrittenRun {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export class WriteSet {
  readonly #pageSize: number;
  readonly #frames = new Map<number, Frame>();

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  get isEmpty(): boolean {
    return this.#frames.size === 0;
  }

  /** Writes the first `size` bytes of `from` at `address`. */
  write(address: number, size: number, from: Uint8Array): void {
    let offset = address % this.#pageSize;
    let page = (address - offset) / this.#pageSize;
    let frame = this.#touch(page);
    for (let i = 0; i < size; i++, offset++) {
      if (offset === this.#pageSize) {
        offset = 0;
        page += 1;
        frame = this.#touch(page);
      }
      frame.bytes[offset] = from[i]!;
      frame.mask[offset] = 1;
    }
  }

  /** Copies the written ones of `size` bytes at `address` over `into`; returns how many they are. */
  overlay(address: number, size: number, into: Uint8Array): number {
    if (this.#frames.size === 0) return 0;
    let count = 0;
    let offset = address % this.#pageSize;
    let page = (address - offset) / this.#pageSize;
    let frame = this.#frames.get(page);
    for (let i = 0; i < size; i++, offset++) {
      if (offset === this.#pageSize) {
        offset = 0;
        page += 1;
        frame = this.#frames.get(page);
      }
      if (frame !== undefined && frame.mask[offset] === 1) {
        into[i] = frame.bytes[offset]!;
        count += 1;
      }
    }
    return count;
  }

  /** How many of `size` bytes at `address` are written. */
  countWritten(address: number, size: number): number {
    return this.overlay(address, size, SCRATCH);
  }

  /** The written runs within `range`, by address; none crosses a page. */
  runsIn(range: Range): WrittenRun[] {
    const runs: WrittenRun[] = [];
    const first = Math.floor(range.base / this.#pageSize);
    const last = Math.floor((end(range) - 1) / this.#pageSize);
    const pages = last - first < this.#frames.size ? span(first, last) : this.#pagesBetween(first, last);
    for (const page of pages) {
      const frame = this.#frames.get(page);
      if (frame === undefined) continue;
      const start = page * this.#pageSize;
      const from = Math.max(0, range.base - start);
      const to = Math.min(this.#pageSize, end(range) - start);
      for (let offset = from; offset < to; ) {
        const begin = frame.mask.indexOf(1, offset);
        if (begin < 0 || begin >= to) break;
        const stop = frame.mask.indexOf(0, begin);
        offset = stop < 0 ? to : Math.min(stop, to);
        runs.push({ address: start + begin, bytes: frame.bytes.slice(begin, offset) });
      }
    }
    return runs;
  }

  /** The written bytes within `ranges` (sorted, disjoint), by page: what a commit stages. */
  patches(ranges: readonly MergedRange[]): PagePatch[] {
    const byPage = new Map<number, PatchRun[]>();
    for (const range of ranges) {
      for (const { address, bytes } of this.runsIn(range)) {
        const page = Math.floor(address / this.#pageSize);
        const runs = byPage.get(page) ?? [];
        byPage.set(page, runs);
        runs.push({ address, bytes, merge: range.merge });
      }
    }
    return [...byPage].map(([page, runs]) => ({ page, runs }));
  }

  #touch(page: number): Frame {
    let frame = this.#frames.get(page);
    if (frame === undefined) {
      frame = { bytes: new Uint8Array(this.#pageSize), mask: new Uint8Array(this.#pageSize) };
      this.#frames.set(page, frame);
    }
    return frame;
  }

  #pagesBetween(first: number, last: number): number[] {
    return [...this.#frames.keys()].filter((page) => page >= first && page <= last).sort((a, b) => a - b);
  }
}

type MergedRange = Range & Pick<PatchRun, 'merge'>;

const SCRATCH = new Uint8Array(64);

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
