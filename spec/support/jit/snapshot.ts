/** What memory holds before a drawn program starts, page by page as they are asked for. */

import type { SnapshotPage } from '../../../src/actors/protocol.ts';
import { Random } from './random.ts';

export class Snapshot {
  readonly #pageSize: number;
  readonly #seed: number | null;
  readonly #laid: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  readonly #pages = new Map<number, SnapshotPage>();

  /** Any content, or zeros if the seed is null, and over it what is laid there: later ones over earlier ones. */
  constructor(
    pageSize: number,
    seed: number | null,
    laid: readonly { address: number; bytes: Uint8Array }[],
  ) {
    this.#pageSize = pageSize;
    this.#seed = seed;
    this.#laid = laid;
  }

  page(page: number): SnapshotPage {
    let made = this.#pages.get(page);
    if (made === undefined) {
      made = { page, bytes: this.#make(page) };
      this.#pages.set(page, made);
    }
    return made;
  }

  /** A page of its own number and seed: zeros in one case of four, else words of which many are small. */
  #make(page: number): Uint8Array | null {
    const start = page * this.#pageSize;
    const laid = this.#laid.filter(
      ({ address, bytes }) => address < start + this.#pageSize && address + bytes.length > start,
    );
    const random = new Random(Math.imul(this.#seed ?? 0, 31) + (page % 0xffff_fffb));
    const blank = this.#seed === null || random.below(4) === 0;
    if (blank && laid.length === 0) return null;
    const bytes = new Uint8Array(this.#pageSize);
    if (!blank) fill(random, bytes);
    for (const { address, bytes: piece } of laid) {
      const from = Math.max(start, address);
      const to = Math.min(start + this.#pageSize, address + piece.length);
      bytes.set(piece.subarray(from - address, to - address), from - start);
    }
    return bytes;
  }
}

/** Only the first 4 KiB of a page: no drawn program looks further. */
function fill(random: Random, bytes: Uint8Array): void {
  const words = new Uint32Array(bytes.buffer, 0, Math.min(bytes.length, 4096) >>> 2);
  for (let i = 0; i < words.length; i += 1) {
    const draw = random.below(2 ** 32);
    words[i] = draw & 4 ? draw >>> 28 : draw;
  }
}
