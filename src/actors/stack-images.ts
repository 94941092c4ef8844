/** A runner's stack image, and the images that it leaves to its children: rule 16. */

import { end, type Range } from '../memory/ranges.ts';
import type { Written } from '../memory/written.ts';
import type { ImageRun } from './control-block.ts';

/** The image of a stack that nobody has written: one for all, as idle watchers are many. */
export const NO_IMAGE: readonly ImageRun[] = [];

/** The bytes under a runner's stacks before it writes them: its own image; elsewhere 0. */
export class StackImages {
  readonly #runs: readonly ImageRun[];

  /** `runs`: sorted by address, disjoint. */
  constructor(runs: readonly ImageRun[]) {
    this.#runs = runs;
  }

  /** Copies `size` bytes at `address` into the front of `into`. */
  read(address: number, size: number, into: Uint8Array): void {
    into.fill(0, 0, size);
    for (let i = firstEndingAfter(this.#runs, address); i < this.#runs.length; i++) {
      const run = this.#runs[i]!;
      if (run.address >= address + size) return;
      const from = Math.max(address, run.address);
      const to = Math.min(address + size, run.address + run.bytes.length);
      for (let at = from; at < to; at++) into[at - address] = run.bytes[at - run.address]!;
    }
  }

  /**
   * A child's image: what the parent wrote there; else, where the child's stack overlaps the parent's own, the
   * parent's image; else 0.
   */
  imageFor(child: Range, ownStack: Range, writes: Written): readonly ImageRun[] {
    if (child.length === 0) return NO_IMAGE;
    const written = writes.runsIn(child);
    const inherited = this.#runsWithin(
      Math.max(child.base, ownStack.base),
      Math.min(end(child), end(ownStack)),
    );
    if (inherited.length === 0) return written.length === 0 ? NO_IMAGE : join(written);
    return join([...uncovered(inherited, written), ...written]);
  }

  #runsWithin(from: number, to: number): ImageRun[] {
    const runs: ImageRun[] = [];
    for (let i = firstEndingAfter(this.#runs, from); i < this.#runs.length; i++) {
      const run = this.#runs[i]!;
      if (run.address >= to) break;
      const first = Math.max(from, run.address);
      runs.push({
        address: first,
        bytes: run.bytes.subarray(
          first - run.address,
          Math.min(to, run.address + run.bytes.length) - run.address,
        ),
      });
    }
    return runs;
  }
}

/** The parts of `runs` that no run of `over` covers; both sorted and disjoint. */
function uncovered(runs: readonly ImageRun[], over: readonly ImageRun[]): ImageRun[] {
  const parts: ImageRun[] = [];
  for (const run of runs) {
    let from = run.address;
    const stop = run.address + run.bytes.length;
    const keep = (to: number) => {
      if (to > from)
        parts.push({ address: from, bytes: run.bytes.subarray(from - run.address, to - run.address) });
    };
    for (let i = firstEndingAfter(over, run.address); i < over.length && over[i]!.address < stop; i++) {
      keep(Math.min(stop, over[i]!.address));
      from = Math.max(from, over[i]!.address + over[i]!.bytes.length);
    }
    keep(stop);
  }
  return parts;
}

/** Sorted, and touching runs as one: an image of one array costs a control block the least memory. */
function join(runs: readonly ImageRun[]): ImageRun[] {
  const sorted = [...runs].sort((a, b) => a.address - b.address);
  const joined: ImageRun[] = [];
  for (let i = 0; i < sorted.length; ) {
    let stop = i + 1;
    let length = sorted[i]!.bytes.length;
    while (stop < sorted.length && sorted[stop]!.address === sorted[i]!.address + length) {
      length += sorted[stop]!.bytes.length;
      stop += 1;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const run of sorted.slice(i, stop)) {
      bytes.set(run.bytes, at);
      at += run.bytes.length;
    }
    joined.push({ address: sorted[i]!.address, bytes });
    i = stop;
  }
  return joined;
}

/** Index of the first run that ends after `address`. */
function firstEndingAfter(runs: readonly ImageRun[], address: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle]!;
    if (run.address + run.bytes.length > address) high = middle;
    else low = middle + 1;
  }
  return low;
}
