/**
 * A page's bytes are never changed, so whoever has them once needs them no more: code above all, which every attempt
 * reads. The sender knows an array by its identity, the receiver by a number, and the array stays the same one there, so
 * that what was decoded or translated of it counts for the next attempt, too.
 */

import type { SnapshotPage } from '../../protocol.ts';
import type { RecordReader, RecordWriter } from './byte-record.ts';

/** Bytes that a thread keeps. */
const KEPT_BYTES = 2 ** 23;

/** More pages at once are a scan, which would only wash out the others. */
const SCAN = 16;

const ZERO = 0;
const KNOWN = 1;
const NEW = 2;
const PASSING = 3;

/** The sender's half. */
export class SentPages {
  #numbers = new WeakMap<Uint8Array, number>();
  #count = 0;
  #bytes = 0;

  write(to: RecordWriter, pages: readonly SnapshotPage[]): void {
    const scan = pages.length > SCAN;
    const forget = this.#bytes > KEPT_BYTES;
    if (forget) this.forget();
    to.flag(forget);
    to.list(pages, ({ page, bytes }) => {
      to.number(page);
      if (bytes === null) {
        to.byte(ZERO);
        return;
      }
      const number = this.#numbers.get(bytes);
      if (number !== undefined) {
        to.byte(KNOWN);
        to.word(number);
      } else if (scan) {
        to.byte(PASSING);
        to.bytes(bytes);
      } else {
        to.byte(NEW);
        to.word(this.#add(bytes));
        to.bytes(bytes);
      }
    });
  }

  forget(): void {
    this.#numbers = new WeakMap();
    this.#count = 0;
    this.#bytes = 0;
  }

  #add(bytes: Uint8Array): number {
    const number = this.#count;
    this.#numbers.set(bytes, number);
    this.#count += 1;
    this.#bytes += bytes.length;
    return number;
  }
}

/** The receiver's half. */
export class KnownPages {
  readonly #pages: Uint8Array[] = [];

  read(from: RecordReader): SnapshotPage[] {
    if (from.flag()) this.#pages.length = 0;
    return from.list(() => ({ page: from.number(), bytes: this.#content(from) }));
  }

  #content(from: RecordReader): Uint8Array | null {
    switch (from.byte()) {
      case ZERO:
        return null;
      case KNOWN:
        return this.#pages[from.word()]!;
      case NEW: {
        const number = from.word();
        const bytes = from.bytes();
        this.#pages[number] = bytes;
        return bytes;
      }
      default:
        return from.bytes();
    }
  }
}
