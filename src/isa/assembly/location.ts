/** The location counter: which bytes of which section a statement makes. */

import { ADDRESS_LIMIT } from '../layout.ts';
import type { ValueType } from '../value-type.ts';
import type { Expression, FloatLiteral } from './expression.ts';
import type { Selected } from './select.ts';
import { SourceError, type SourceLine, type Span } from './source.ts';
import { showValue } from './value.ts';

/** Consecutive bytes from an `.org` to the next. */
export interface PlacedSection extends Span {
  readonly address: number;
  /** Where its first bytes are written, with the span. */
  readonly line: SourceLine;
  size: number;
}

/** Bytes that a statement makes, at `section.address + offset`. */
export interface Item {
  readonly line: SourceLine;
  readonly section: PlacedSection;
  readonly offset: number;
  readonly length: number;
  readonly content: Content;
}

export type Content =
  | { readonly kind: 'instruction'; readonly selected: Selected }
  | {
      readonly kind: 'numbers';
      readonly type: ValueType;
      readonly numbers: readonly (Expression | FloatLiteral)[];
    }
  | { readonly kind: 'text'; readonly bytes: string }
  | { readonly kind: 'fill'; readonly byte: number };

/** A program's bytes, all sections together, are at most this many: 256 MiB. */
const LARGEST_PROGRAM = 2 ** 28;

export class Location {
  readonly sections: PlacedSection[] = [];
  readonly items: Item[] = [];
  /** Of the next byte. */
  address: number;
  readonly #regionBoundary: number;
  #section: PlacedSection | null = null;
  #total = 0;

  constructor(regionBoundary: number) {
    this.#regionBoundary = regionBoundary;
    this.address = regionBoundary;
  }

  /** Whether bytes have been placed since the latest `.org`. */
  get isInSection(): boolean {
    return this.#section !== null;
  }

  /** Starts anew at an address; the section begins with the first byte placed there. */
  moveTo(address: number): void {
    this.address = address;
    this.#section = null;
  }

  /** Places bytes here; throws where there can be none. */
  place(line: SourceLine, at: Span, length: number, content: Content): void {
    if (length === 0) return;
    this.#section ??= this.#open(line, at);
    const section = this.#section;
    if (this.#total + length > LARGEST_PROGRAM) {
      throw new SourceError(
        'DE0606',
        at,
        `the program has more than ${showValue(LARGEST_PROGRAM)} bytes`,
        'large data are mapped from a file with --in, not assembled',
      );
    }
    if (this.address + length > ADDRESS_LIMIT) {
      throw new SourceError('DE0605', at, 'the program runs past the last address', 'addresses have 46 bits');
    }
    this.items.push({ line, section, offset: section.size, length, content });
    section.size += length;
    this.address += length;
    this.#total += length;
  }

  #open(line: SourceLine, at: Span): PlacedSection {
    const section = { address: this.address, line, start: at.start, end: at.end, size: 0 };
    this.#section = section;
    this.sections.push(section);
    if (section.address < this.#regionBoundary) {
      throw new SourceError(
        'DE0603',
        at,
        `${showValue(section.address)} lies below the shared region`,
        `code and data start at ${showValue(this.#regionBoundary)} or above`,
      );
    }
    return section;
  }
}
