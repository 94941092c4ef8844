/** Written bytes that had to leave linear memory, by blocks of the address space, until their window comes back. */

import type { Range } from '../ranges.ts';
import type { WrittenRun } from '../written.ts';
import type { Arena } from './arena.ts';
import type { Window } from './window.ts';

/** Small, as a chunk that has to leave may hold a word here and there. */
const BLOCK_BYTES = 512;
/** Blocks are kept by so many bytes of the address space: a window comes back without a look at all the others. */
const REGION_BYTES = 2 ** 20;

interface Block {
  readonly bytes: Uint8Array;
  /** 1 where the byte is written. */
  readonly mask: Uint8Array;
}

export class Spill {
  /** By the number of the region, then of the block. */
  readonly #regions = new Map<number, Map<number, Block>>();

  get isEmpty(): boolean {
    return this.#regions.size === 0;
  }

  /** Keeps what is written in a window. */
  take(window: Window<unknown>, arena: Arena): void {
    window.eachWritten(arena, window.at, window.at + window.length, (from, to) => {
      let address = from - window.delta;
      for (let at = from; at < to; ) {
        const offset = address % BLOCK_BYTES;
        const length = Math.min(to - at, BLOCK_BYTES - offset);
        const block = this.#touch((address - offset) / BLOCK_BYTES);
        block.bytes.set(arena.bytes.subarray(at, at + length), offset);
        block.mask.fill(1, offset, offset + length);
        at += length;
        address += length;
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

  /** Written runs within a range, by address, cut at the edges of blocks. */
  runsIn({ base, length }: Range): WrittenRun[] {
    const runs: WrittenRun[] = [];
    if (length === 0 || this.isEmpty) return runs;
    for (const [number, block] of this.#blocksIn(base, base + length)) {
      const start = number * BLOCK_BYTES;
      const to = Math.min(BLOCK_BYTES, base + length - start);
      for (let offset = Math.max(0, base - start); offset < to; ) {
        const begin = block.mask.indexOf(1, offset);
        if (begin < 0 || begin >= to) break;
        const stop = block.mask.indexOf(0, begin);
        offset = stop < 0 ? to : Math.min(stop, to);
        runs.push({ address: start + begin, bytes: block.bytes.slice(begin, offset) });
      }
    }
    return runs;
  }

  /** Within one block. */
  #forget(address: number, length: number): void {
    const key = Math.floor(address / REGION_BYTES);
    const region = this.#regions.get(key)!;
    const number = Math.floor(address / BLOCK_BYTES);
    const offset = address % BLOCK_BYTES;
    const { mask } = region.get(number)!;
    mask.fill(0, offset, offset + length);
    if (mask.includes(1)) return;
    region.delete(number);
    if (region.size === 0) this.#regions.delete(key);
  }

  /** The blocks that meet [from, to), with their numbers, ascending. */
  #blocksIn(from: number, to: number): [number, Block][] {
    const first = Math.floor(from / BLOCK_BYTES);
    const last = Math.floor((to - 1) / BLOCK_BYTES);
    const found: [number, Block][] = [];
    const firstRegion = Math.floor(from / REGION_BYTES);
    const lastRegion = Math.floor((to - 1) / REGION_BYTES);
    const add = (region: ReadonlyMap<number, Block> | undefined) => {
      for (const entry of region ?? []) if (entry[0] >= first && entry[0] <= last) found.push(entry);
    };
    if (lastRegion - firstRegion < this.#regions.size)
      for (let key = firstRegion; key <= lastRegion; key++) add(this.#regions.get(key));
    else for (const region of this.#regions.values()) add(region);
    return found.sort(([a], [b]) => a - b);
  }

  #touch(number: number): Block {
    const key = Math.floor((number * BLOCK_BYTES) / REGION_BYTES);
    let region = this.#regions.get(key);
    if (region === undefined) {
      region = new Map();
      this.#regions.set(key, region);
    }
    let block = region.get(number);
    if (block === undefined) {
      block = { bytes: new Uint8Array(BLOCK_BYTES), mask: new Uint8Array(BLOCK_BYTES) };
      region.set(number, block);
    }
    return block;
  }
}
