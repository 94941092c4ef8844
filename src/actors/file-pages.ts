/** Input files under a home's pages: read when a page is first asked for, laid over the page's own content. */

import { end, type Range } from '../memory/ranges.ts';
import type { MappedFile } from './config.ts';
import type { ToHome } from './protocol.ts';

type Fetch = Extract<ToHome, { type: 'fetch' }>;

/** A page whose file bytes have all come. */
export interface CompletePage {
  readonly waiting: readonly Fetch[];
  /** Files cover the whole page: it never changes. */
  readonly whole: boolean;
  /** The page's own content (empty: the zero page) with the files' bytes over it, as a new array. */
  overlay(content: Uint8Array): Uint8Array;
}

interface Reading {
  readonly parts: Map<number, Uint8Array>;
  readonly waiting: Fetch[];
}

export class FilePages {
  readonly #files: readonly MappedFile[];
  readonly #pageSize: number;
  readonly #reading = new Map<number, Reading>();

  constructor(files: readonly MappedFile[], pageSize: number) {
    this.#files = files;
    this.#pageSize = pageSize;
  }

  /** The files that have bytes in a page. */
  under(page: number): readonly MappedFile[] {
    if (this.#files.length === 0) return this.#files;
    const base = page * this.#pageSize;
    return this.#files.filter((file) => file.base < base + this.#pageSize && end(file) > base);
  }

  /** The fetch (of this page alone) waits for the files' bytes; true if they must be asked for. */
  wait(page: number, fetch: Fetch): boolean {
    const reading = this.#reading.get(page);
    if (reading !== undefined) {
      reading.waiting.push(fetch);
      return false;
    }
    this.#reading.set(page, { parts: new Map(), waiting: [fetch] });
    return true;
  }

  /** The bytes of one file in a page have come; null while others are missing, or if nobody waits. */
  arrived(io: number, page: number, bytes: Uint8Array): CompletePage | null {
    const reading = this.#reading.get(page);
    if (reading === undefined) return null;
    reading.parts.set(io, bytes);
    const files = this.under(page);
    if (reading.parts.size < files.length) return null;
    this.#reading.delete(page);
    const parts = files.map((file) => ({
      offset: partOf(file, page, this.#pageSize).base - page * this.#pageSize,
      bytes: reading.parts.get(file.io)!,
    }));
    const covered = parts.reduce((sum, part) => sum + part.bytes.length, 0);
    return {
      waiting: reading.waiting,
      whole: covered === this.#pageSize,
      overlay: (content) => {
        const result = new Uint8Array(this.#pageSize);
        result.set(content);
        for (const part of parts) result.set(part.bytes, part.offset);
        return result;
      },
    };
  }
}

/** The bytes of a file's range that lie in a page. */
export function partOf(file: Range, page: number, pageSize: number): Range {
  const base = Math.max(file.base, page * pageSize);
  return { base, length: Math.min(end(file), (page + 1) * pageSize) - base };
}
