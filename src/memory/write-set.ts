/**
 * What one attempt has written to the shared region, to the byte: the page arrays of its snapshot are never touched.
 *
 * Danger: marking by page or by word would commit bytes that the attempt only read, and so overwrite a neighbour's
 * commit with old values (two runners, two neighbouring bytes, one lost update).
 */

import type { PagePatch, PatchRun } from './patch.ts';
import { end, type Range } from './ranges.ts';
import type { Written, WrittenRun } from './written.ts';

interface Frame {
  readonly bytes: Uint8Array;
  /** 1 where the byte is written. */
  readonly mask: Uint8Array;
}

/**
 * Bytes are kept by blocks of this size at the most: most runners write a word here and there, and a whole page and its
 * mask for each cost more than the runner itself.
 */
const BLOCK = 256;

export class WriteSet implements Written {
  readonly #pageSize: number;
  readonly #blockSize: number;
  readonly #frames = new Map<number, Frame>();

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
    this.#blockSize = Math.min(pageSize, BLOCK);
  }

  get isEmpty(): boolean {
    return this.#frames.size === 0;
  }

  /** Writes the first `size` bytes of `from` at `address`. */
  write(address: number, size: number, from: Uint8Array): void {
    let offset = address % this.#blockSize;
    let block = (address - offset) / this.#blockSize;
    let frame = this.#touch(block);
    for (let i = 0; i < size; i++, offset++) {
      if (offset === this.#blockSize) {
        offset = 0;
        block += 1;
        frame = this.#touch(block);
      }
      frame.bytes[offset] = from[i]!;
      frame.mask[offset] = 1;
    }
  }

  /** Copies the written ones of `size` bytes at `address` over `into`; returns how many they are. */
  overlay(address: number, size: number, into: Uint8Array): number {
    if (this.#frames.size === 0) return 0;
    let count = 0;
    let offset = address % this.#blockSize;
    let block = (address - offset) / this.#blockSize;
    let frame = this.#frames.get(block);
    for (let i = 0; i < size; i++, offset++) {
      if (offset === this.#blockSize) {
        offset = 0;
        block += 1;
        frame = this.#frames.get(block);
      }
      if (frame !== undefined && frame.mask[offset] === 1) {
        into[i] = frame.bytes[offset]!;
        count += 1;
      }
    }
    return count;
  }

  countWritten(address: number, size: number): number {
    return this.overlay(address, size, SCRATCH);
  }

  runsIn(range: Range): WrittenRun[] {
    const runs: WrittenRun[] = [];
    let parts: WrittenRun[] = [];
    const flush = () => {
      if (parts.length > 0) runs.push(joined(parts));
      parts = [];
    };
    for (const part of this.#partsIn(range)) {
      const last = parts.at(-1);
      const follows = last !== undefined && last.address + last.bytes.length === part.address;
      if (!follows || part.address % this.#pageSize === 0) flush();
      parts.push(part);
    }
    flush();
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

  #touch(block: number): Frame {
    let frame = this.#frames.get(block);
    if (frame === undefined) {
      frame = { bytes: new Uint8Array(this.#blockSize), mask: new Uint8Array(this.#blockSize) };
      this.#frames.set(block, frame);
    }
    return frame;
  }

  /** The written runs within `range`, cut at the edges of blocks. */
  *#partsIn(range: Range): Generator<WrittenRun, void, undefined> {
    const first = Math.floor(range.base / this.#blockSize);
    const last = Math.floor((end(range) - 1) / this.#blockSize);
    const blocks = last - first < this.#frames.size ? span(first, last) : this.#blocksBetween(first, last);
    for (const block of blocks) {
      const frame = this.#frames.get(block);
      if (frame === undefined) continue;
      const start = block * this.#blockSize;
      const to = Math.min(this.#blockSize, end(range) - start);
      for (let offset = Math.max(0, range.base - start); offset < to; ) {
        const begin = frame.mask.indexOf(1, offset);
        if (begin < 0 || begin >= to) break;
        const stop = frame.mask.indexOf(0, begin);
        offset = stop < 0 ? to : Math.min(stop, to);
        yield { address: start + begin, bytes: frame.bytes.subarray(begin, offset) };
      }
    }
  }

  #blocksBetween(first: number, last: number): number[] {
    return [...this.#frames.keys()].filter((block) => block >= first && block <= last).sort((a, b) => a - b);
  }
}

type MergedRange = Range & Pick<PatchRun, 'merge'>;

const SCRATCH = new Uint8Array(64);

/** Neighbouring parts as one run with bytes of its own. */
function joined(parts: readonly WrittenRun[]): WrittenRun {
  const [{ address, bytes: first }] = parts as [WrittenRun];
  if (parts.length === 1) return { address, bytes: first.slice() };
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  for (const part of parts) bytes.set(part.bytes, part.address - address);
  return { address, bytes };
}

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
