/**
 * The `.dvm` file, little endian:
 *
 *     0   magic 7f 'D' 'V' 'M'         24  entry, u64
 *     4   version, u16: 1              32  stack base, u64
 *     6   profile, u8: 0 base,         40  stack length, u64
 *         1 extended                   48  file length, u32
 *     7   0                            52  CRC-32 of the file with this field as 0
 *     8   0, u64                       56  sections
 *     16  region boundary, u64
 *
 * A section is its kind (u16), 0 (u16), the length of its content (u32) and the content. Kinds come in rising order:
 *
 *     1  bytes     any number, rising and disjoint: address u64, then the bytes
 *     2  heap      a count, then base u64 and length u64 each
 *     3  symbols   a count, then address u64 and name each, rising by name
 *     4  files     a count, then a name each
 *     5  lines     a count, then address u64, file u32 and line u32 each, rising by address
 *
 * A count is a u32, a name a u32 length and UTF-8. A kind from 0x8000 holds what can be made anew, such as translated
 * code: a reader that does not know it skips it.
 */

import { invariant } from '../invariant.ts';
import { ByteReader, ByteWriter } from './byte-stream.ts';
import { crc32 } from './crc32.ts';
import { ADDRESS_LIMIT, DEFAULT_REGION_BOUNDARY, isRegionBoundary, layoutOf } from './layout.ts';
import { predefinedNames } from './predefined.ts';
import type { LineEntry, Profile, Program, ProgramRange, ProgramSymbol, Section } from './program.ts';
import { Malformed, type ProgramFileError } from './program-file-error.ts';

export type ProgramFileResult =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly error: ProgramFileError };

/** The bytes of a `.dvm` file. The program must be one that the assembler or `readProgram` made. */
export function writeProgram(program: Program): Uint8Array {
  const out = new ByteWriter();
  out.raw(MAGIC);
  out.u16(VERSION);
  out.u8(PROFILES.indexOf(program.profile));
  out.u8(0);
  out.u64(0);
  out.u64(program.regionBoundary);
  out.u64(program.entry);
  out.u64(program.stack.base);
  out.u64(program.stack.length);
  out.u32(0);
  out.u32(0);
  for (const { address, bytes } of program.sections)
    writeSection(out, KIND.bytes, () => {
      out.u64(address);
      out.raw(bytes);
    });
  writeTable(out, KIND.heap, program.heap, ({ base, length }) => {
    out.u64(base);
    out.u64(length);
  });
  writeTable(out, KIND.symbols, program.symbols, ({ address, name }) => {
    out.u64(address);
    out.text(name);
  });
  writeTable(out, KIND.files, program.files, (name) => out.text(name));
  writeTable(out, KIND.lines, program.lines, ({ address, file, line }) => {
    out.u64(address);
    out.u32(file);
    out.u32(line);
  });
  out.patch32(LENGTH_OFFSET, out.length);
  out.patch32(CHECKSUM_OFFSET, crc32(out.finish()));
  const bytes = out.finish();
  invariant(readProgram(bytes).ok, 'a program that is written can be read');
  return bytes;
}

/** The program in a `.dvm` file, all of it verified; any bytes give a program or an error, and none is thrown. */
export function readProgram(bytes: Uint8Array): ProgramFileResult {
  try {
    return { ok: true, program: parse(bytes) };
  } catch (problem) {
    if (!(problem instanceof Malformed)) throw problem;
    const { code, message, offset } = problem;
    return { ok: false, error: { code, message, offset } };
  }
}

const MAGIC = Uint8Array.from([0x7f, 0x44, 0x56, 0x4d]);
const VERSION = 1;
const PROFILES: readonly Profile[] = ['base', 'extended'];
const LENGTH_OFFSET = 48;
const CHECKSUM_OFFSET = 52;
const KIND = { bytes: 1, heap: 2, symbols: 3, files: 4, lines: 5 } as const;
const FIRST_OPTIONAL_KIND = 0x8000;
/** The names are the same for every region boundary. */
const PREDEFINED = predefinedNames(layoutOf(DEFAULT_REGION_BOUNDARY));
const NAME = /^[A-Za-z_.][A-Za-z0-9_.]*$/;

function writeSection(out: ByteWriter, kind: number, content: () => void): void {
  out.u16(kind);
  out.u16(0);
  const lengthAt = out.length;
  out.u32(0);
  content();
  out.patch32(lengthAt, out.length - lengthAt - 4);
}

function writeTable<T>(out: ByteWriter, kind: number, items: readonly T[], write: (item: T) => void): void {
  if (items.length === 0) return;
  writeSection(out, kind, () => {
    out.u32(items.length);
    for (const item of items) write(item);
  });
}

interface Tables {
  readonly sections: Section[];
  heap: ProgramRange[];
  symbols: ProgramSymbol[];
  files: string[];
  lines: LineEntry[];
}

function parse(bytes: Uint8Array): Program {
  const input = new ByteReader(bytes);
  mustBeWhole(input, bytes);
  const profile = PROFILES[input.u8()];
  if (profile === undefined) throw new Malformed('bad-profile', 'the profile is unknown', 6);
  if (input.u8() !== 0 || input.u64(ADDRESS_LIMIT) !== 0)
    throw new Malformed('reserved-field', 'a reserved field is not 0', 7);
  const regionBoundary = input.u64(ADDRESS_LIMIT);
  if (!isRegionBoundary(regionBoundary))
    throw new Malformed(
      'bad-region-boundary',
      'the region boundary is no power of two from 2^20 to 2^45',
      16,
    );
  const entry = input.u64(ADDRESS_LIMIT);
  const stack = readRange(input, regionBoundary);
  input.raw(8);
  const tables = readTables(input, regionBoundary);
  if (!tables.sections.some((section) => covers(section, entry)))
    throw new Malformed('bad-entry', 'the entry lies in no section', 24);
  return { profile, regionBoundary, entry, stack, ...withoutOverlap(stack, tables) };
}

/** Magic and version; that the file is as long as it was, and undamaged. */
function mustBeWhole(input: ByteReader, bytes: Uint8Array): void {
  if (MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new Malformed('not-a-program', 'these bytes are no .dvm file', 0);
  input.raw(MAGIC.length);
  const version = input.u16();
  if (version !== VERSION)
    throw new Malformed('unknown-version', `version ${version} is unknown, this reads ${VERSION}`, 4);
  const fields = new ByteReader(bytes, LENGTH_OFFSET);
  const [expected, checksum] = [fields.u32(), fields.u32()];
  if (expected > bytes.length)
    throw new Malformed(
      'truncated',
      `the file had ${expected} bytes, ${bytes.length} are there`,
      bytes.length,
    );
  if (expected < bytes.length)
    throw new Malformed(
      'left-over-bytes',
      `the file had ${expected} bytes, ${bytes.length} are there`,
      expected,
    );
  const head = crc32(bytes.subarray(0, CHECKSUM_OFFSET));
  const actual = crc32(bytes.subarray(CHECKSUM_OFFSET + 4), crc32(new Uint8Array(4), head));
  if (checksum !== actual)
    throw new Malformed('bad-checksum', 'the file is damaged: its checksum differs', CHECKSUM_OFFSET);
}

function readTables(input: ByteReader, regionBoundary: number): Tables {
  const tables: Tables = { sections: [], heap: [], symbols: [], files: [], lines: [] };
  let previous = 0;
  while (input.remaining > 0) {
    const at = input.offset;
    const kind = input.u16();
    if (input.u16() !== 0) throw new Malformed('reserved-field', 'a reserved field is not 0', at + 2);
    const content = input.part(input.u32());
    if (kind < previous || (kind === previous && kind > KIND.bytes && kind < FIRST_OPTIONAL_KIND))
      throw new Malformed('section-order', `a section of kind ${kind} stands behind one of ${previous}`, at);
    previous = kind;
    if (kind >= FIRST_OPTIONAL_KIND) continue;
    readTable(content, kind, at, tables, regionBoundary);
    content.finish();
  }
  return tables;
}

function readTable(
  content: ByteReader,
  kind: number,
  at: number,
  tables: Tables,
  regionBoundary: number,
): void {
  switch (kind) {
    case KIND.bytes:
      tables.sections.push(readBytes(content, regionBoundary, tables.sections.at(-1)));
      break;
    case KIND.heap:
      tables.heap = readItems(content, 16, () => readRange(content, regionBoundary));
      break;
    case KIND.symbols:
      tables.symbols = readItems(content, 12, (previous?: ProgramSymbol) => readSymbol(content, previous));
      break;
    case KIND.files:
      tables.files = readItems(content, 4, () => content.text());
      break;
    case KIND.lines:
      tables.lines = readItems(content, 16, (previous?: LineEntry) =>
        readLine(content, tables.files.length, previous),
      );
      break;
    default:
      throw new Malformed('unknown-section', `sections of kind ${kind} are unknown`, at);
  }
}

function readItems<T>(content: ByteReader, itemBytes: number, read: (previous?: T) => T): T[] {
  const items: T[] = [];
  for (let left = content.count(itemBytes); left > 0; left -= 1) items.push(read(items.at(-1)));
  return items;
}

function readBytes(content: ByteReader, regionBoundary: number, previous: Section | undefined): Section {
  const at = content.offset;
  const address = content.u64(ADDRESS_LIMIT);
  const length = content.remaining;
  if (length === 0) throw new Malformed('empty-section', 'a section has no bytes', at);
  if (address < regionBoundary || address + length > ADDRESS_LIMIT)
    throw new Malformed('outside-shared-region', 'a section lies outside the shared region', at);
  if (previous !== undefined && address < previous.address + previous.bytes.length)
    throw new Malformed('section-order', 'sections overlap or do not rise', at);
  return { address, bytes: content.raw(length).slice() };
}

function readRange(content: ByteReader, regionBoundary: number): ProgramRange {
  const at = content.offset;
  const range = { base: content.u64(ADDRESS_LIMIT - 1), length: content.u64(ADDRESS_LIMIT) };
  // An empty range means nothing, wherever it lies.
  if (range.length > 0 && (range.base < regionBoundary || range.base + range.length > ADDRESS_LIMIT))
    throw new Malformed('outside-shared-region', 'a range lies outside the shared region', at);
  return range;
}

function readSymbol(content: ByteReader, previous: ProgramSymbol | undefined): ProgramSymbol {
  const at = content.offset;
  const address = content.u64(ADDRESS_LIMIT - 1);
  const name = content.text();
  if (!NAME.test(name) || PREDEFINED.has(name))
    throw new Malformed('bad-name', 'a symbol is no name, or one that the machine has taken', at);
  if (previous !== undefined && name <= previous.name)
    throw new Malformed('symbol-order', `symbol ${name} does not rise above ${previous.name}`, at);
  return { name, address };
}

function readLine(content: ByteReader, files: number, previous: LineEntry | undefined): LineEntry {
  const at = content.offset;
  const address = content.u64(ADDRESS_LIMIT);
  const [file, line] = [content.u32(), content.u32()];
  if (file >= files) throw new Malformed('bad-line', `line table: there is no file ${file}`, at);
  if (line === 0) throw new Malformed('bad-line', 'line table: lines count from 1', at);
  if (previous !== undefined && address < previous.address)
    throw new Malformed('bad-line', 'line table: addresses do not rise', at);
  return { address, file, line };
}

function covers({ address, bytes }: Section, place: number): boolean {
  return place >= address && place < address + bytes.length;
}

function withoutOverlap(stack: ProgramRange, tables: Tables): Tables {
  const end = stack.base + stack.length;
  if (tables.heap.some(({ base, length }) => Math.max(base, stack.base) < Math.min(base + length, end)))
    throw new Malformed('stack-overlaps-heap', 'the stack overlaps a heap range', 32);
  return tables;
}
