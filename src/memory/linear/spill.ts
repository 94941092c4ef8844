/** Written bytes that had to leave linear memory, by regions of the address space, until their window comes back. */

import type { Range } from '../ranges.ts';
import type { WrittenRun } from '../written.ts';
import type { Arena } from './arena.ts';
import { REGION_BYTES, SpilledRegion } from './spilled-region.ts';
import type { Window } from './window.ts';

export class Spill {
  /** By number: a window comes back without a look at all the others. */
  readonly #regions = new Map<number, SpilledRegion>();

  get isEmpty(): boolean {
    return this.#regions.size === 0;
  }

  /** Keeps what is written in a window. */
  take(window: Window<unknown>, arena: Arena): void {
    window.eachWritten(arena, window.at, window.at + window.length, (from, to) => {
      for (let at = from; at < to; ) {
        const address = at - window.delta;
        const offset = address % REGION_BYTES;
        const length = Math.min(to - at, REGION_BYTES - offset);
        this.#region((address - offset) / REGION_BYTES).write(offset, arena.bytes.subarray(at, at + length));
        at += length;
      }
    });
  }

  /** Gives a window back what it has lost, and forgets it. */
  restore(window: Window<unknown>, arena: Arena): void {
    for (const { address, bytes } of this.runsIn(window)) {
      const at = address + window.delta;
      arena.bytes.set(bytes, at);
      window.dirty(at, at + bytes.length);
      arena.written.markAll(at, at + bytes.length);
      this.#forget(address, bytes.length);
    }
  }

  /** Written runs within a range, by address, cut at the edges of regions. */
  runsIn({ base, length }: Range): WrittenRun[] {
    const runs: WrittenRun[] = [];
    if (length === 0 || this.isEmpty) return runs;
    const end = base + length;
    for (const [number, region] of this.#regionsIn(base, end)) {
      const start = number * REGION_BYTES;
      for (const run of region.runs(Math.max(0, base - start), Math.min(REGION_BYTES, end - start)))
        runs.push({ address: start + run.from, bytes: region.read(run) });
    }
    return runs;
  }

  /** Within one region. */
  #forget(address: number, length: number): void {
    const from = address % REGION_BYTES;
    const number = (address - from) / REGION_BYTES;
    const region = this.#regions.get(number)!;
    region.forget({ from, to: from + length });
    if (region.isEmpty) this.#regions.delete(number);
  }

  /** Those that meet [from, to), with their numbers, ascending. */
  #regionsIn(from: number, to: number): [number, SpilledRegion][] {
    const first = Math.floor(from / REGION_BYTES);
    const last = Math.floor((to - 1) / REGION_BYTES);
    if (last - first >= this.#regions.size)
      return [...this.#regions]
        .filter(([number]) => number >= first && number <= last)
        .sort(([a], [b]) => a - b);
    const found: [number, SpilledRegion][] = [];
    for (let number = first; number <= last; number += 1) {
      const region = this.#regions.get(number);
      if (region !== undefined) found.push([number, region]);
    }
    return found;
  }

  #region(number: number): SpilledRegion {
    let region = this.#regions.get(number);
    if (region === undefined) {
      region = new SpilledRegion();
      this.#regions.set(number, region);
    }
    return region;
  }
}
