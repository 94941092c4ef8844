/** Written bytes that had to leave linear memory, by blocks of the address space, until their window comes back. */

import type { Range } from '../ranges.ts';
import type { WrittenRun } from '../written.ts';
import type { Arena } from './arena.ts';
import { BLOCK_BYTES, type Window } from './window.ts';

interface Block {
  readonly bytes: Uint8Array;
  /** 1 where the byte is written. */
  readonly mask: Uint8Array;
}

export class Spill {
  readonly #blocks = new Map<number, Block>();

  get isEmpty(): boolean {
    return this.#blocks.size === 0;
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
    for (const number of this.#numbersIn(base, base + length)) {
      const block = this.#blocks.get(number);
      if (block === undefined) continue;
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
    const number = Math.floor(address / BLOCK_BYTES);
    const offset = address % BLOCK_BYTES;
    const { mask } = this.#blocks.get(number)!;
    mask.fill(0, offset, offset + length);
    if (!mask.includes(1)) this.#blocks.delete(number);
  }

  /** Numbers of blocks that may be here, ascending. */
  #numbersIn(from: number, to: number): number[] {
    const first = Math.floor(from / BLOCK_BYTES);
    const last = Math.floor((to - 1) / BLOCK_BYTES);
    if (last - first < this.#blocks.size)
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return [...this.#blocks.keys()].filter((n) => n >= first && n <= last).sort((a, b) => a - b);
  }

  #touch(number: number): Block {
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = { bytes: new Uint8Array(BLOCK_BYTES), mask: new Uint8Array(BLOCK_BYTES) };
      this.#blocks.set(number, block);
    }
    return block;
  }
}
