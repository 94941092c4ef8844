/** The listing of an assembly: addresses and bytes beside the source lines that they stem from. */

import type { Item } from './assembly/location.ts';
import type { SourceLine } from './assembly/source.ts';
import type { Program } from './program.ts';

/** One row a line in the order of assembly, lines of includes and of expanded macros in their places. */
export type Listing = readonly ListingRow[];

interface ListingRow {
  /** Index into `Program.files`. */
  readonly file: number;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  /** How many macro calls and includes the line is inside of. */
  readonly depth: number;
  /** Of the line's label, else of its bytes; null where the line has neither. */
  readonly address: number | null;
  /** How many bytes at `address` stem from the line. */
  readonly length: number;
}

/** The rows; `addresses` is by the lines' serials. */
export function listingOf(
  lines: readonly SourceLine[],
  addresses: readonly (number | undefined)[],
  items: readonly Item[],
): Listing {
  const lengths: number[] = [];
  for (const { line, length } of items) lengths[line.serial] = length;
  return lines.map(({ serial, file, line, text, from }) => ({
    file,
    line,
    text,
    depth: from?.depth ?? 0,
    address: addresses[serial] ?? null,
    length: lengths[serial] ?? 0,
  }));
}

/** Bytes shown in one line of text. */
const BYTES_A_LINE = 12;

/** Lines of bytes shown of one statement, at most; the rest is counted. */
const MOST_BYTE_LINES = 8;

/**
 * `dvm asm --listing`: address, bytes, and the line, marked with one `+` for each macro call or include it is inside of.
 */
export function renderListing(program: Program, listing: Listing): string {
  const output: string[] = [];
  let file = -1;
  for (const row of listing) {
    if (row.file !== file) {
      file = row.file;
      output.push(`${program.files[file]}:`);
    }
    output.push(...renderRow(program, row));
  }
  return `${output.join('\n')}\n`;
}

function renderRow(program: Program, row: ListingRow): string[] {
  const chunks: string[] = [];
  const shown = Math.min(row.length, BYTES_A_LINE * MOST_BYTE_LINES);
  for (let offset = 0; offset < shown; offset += BYTES_A_LINE) {
    chunks.push(hexBytes(program, row.address! + offset, Math.min(BYTES_A_LINE, shown - offset)));
  }
  if (shown < row.length) chunks.push(`… ${row.length} bytes`);
  const [first = '', ...rest] = chunks;
  const marks = '+'.repeat(row.depth);
  const number = `${marks}${row.line}`.padStart(6);
  const head =
    `${column(row.address)}  ${first.padEnd(BYTES_A_LINE * 3 - 1)}  ${number}  ${row.text}`.trimEnd();
  return [head, ...rest.map((bytes, index) => `${column(addressOfRest(row, index, bytes))}  ${bytes}`)];
}

function addressOfRest(row: ListingRow, index: number, bytes: string): number | null {
  return bytes.startsWith('…') ? null : row.address! + (index + 1) * BYTES_A_LINE;
}

function column(address: number | null): string {
  return address === null ? ' '.repeat(12) : address.toString(16).padStart(12, '0');
}

function hexBytes(program: Program, address: number, length: number): string {
  const section = program.sections.find((s) => address >= s.address && address < s.address + s.bytes.length)!;
  const start = address - section.address;
  const bytes = section.bytes.subarray(start, start + length);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
