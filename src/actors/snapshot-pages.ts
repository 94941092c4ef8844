/** The pages of a snapshot that are here, and those that an attempt waits for. */

import { PauseTrap } from '../isa/port.ts';
import type { SnapshotPage } from './protocol.ts';

/** Bytes of snapshot pages that a compartment holds; past it they are dropped and fetched anew at the same version. */
const SNAPSHOT_BYTES = 2 ** 28;

export class SnapshotPages {
  readonly pageSize: number;
  readonly #pages = new Map<number, Uint8Array | null>();
  #missing: readonly number[] = [];

  constructor(pageSize: number) {
    this.pageSize = pageSize;
  }

  /** The pages that the last pause waits for. */
  get missing(): readonly number[] {
    return this.#missing;
  }

  has(page: number): boolean {
    return this.#pages.has(page);
  }

  /** A page's bytes, shared and never changed; null is the zero page, undefined one that is not here. */
  get(page: number): Uint8Array | null | undefined {
    return this.#pages.get(page);
  }

  provide(pages: readonly SnapshotPage[]): void {
    if ((this.#pages.size + pages.length) * this.pageSize > SNAPSHOT_BYTES) this.#pages.clear();
    for (const { page, bytes } of pages) this.#pages.set(page, bytes);
  }

  /** The attempt waits for those of the pages that are not here. */
  pause(pages: readonly number[]): never {
    this.#missing = pages.filter((page) => !this.#pages.has(page));
    throw new PauseTrap();
  }
}
