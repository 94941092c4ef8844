/** Pages that a node has seen, each with the versions for which it holds; the least recently used go first. */

import type { Version } from './version.ts';

export interface CachedPage {
  /** Null is the zero page. */
  readonly bytes: Uint8Array | null;
  readonly from: Version;
  /** Never below the last answer of the page's home; later versions may hold as well. */
  readonly through: Version;
}

export class PageCache {
  readonly #pages = new Map<number, CachedPage>();
  readonly #capacity: number;

  /** `bytes`: what the cache may hold, counted in whole pages. */
  constructor(bytes: number, pageSize: number) {
    this.#capacity = Math.max(1, Math.floor(bytes / pageSize));
  }

  get size(): number {
    return this.#pages.size;
  }

  /** What is held of a page, whatever version it holds for; the page counts as used, once there is half as much as fits. */
  get(page: number): CachedPage | undefined {
    const found = this.#pages.get(page);
    if (found !== undefined && this.#pages.size >= this.#capacity / 2) {
      this.#pages.delete(page);
      this.#pages.set(page, found);
    }
    return found;
  }

  /** Keeps a page unless a newer content of it is held; the same content holds for the union of the versions. */
  put(page: number, entry: CachedPage): void {
    const held = this.#pages.get(page);
    if (held !== undefined && held.from > entry.from) return;
    const through = held?.from === entry.from ? Math.max(held.through, entry.through) : entry.through;
    this.#pages.set(page, { ...entry, through });
    if (this.#pages.size <= this.#capacity) return;
    for (const oldest of this.#pages.keys()) {
      this.#pages.delete(oldest);
      return;
    }
  }
}
