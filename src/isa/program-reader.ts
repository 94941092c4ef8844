/** Reads a `.dvm` file and verifies all of it. */

import { ByteReader } from './byte-stream.ts';
import { crc32 } from './crc32.ts';
import { ADDRESS_LIMIT, DEFAULT_REGION_BOUNDARY, isRegionBoundary, layoutOf } from './layout.ts';
import { predefinedNames } from './predefined.ts';
import type { LineEntry, Program, ProgramRange, ProgramSymbol, Section, Translation } from './program.ts';
import { Malformed } from './program-file-error.ts';
import {
  CHECKSUM_OFFSET,
  FIRST_OPTIONAL_KIND,
  KIND,
  LENGTH_OFFSET,
  MAGIC,
  PROFILES,
  VERSION,
} from './program-format.ts';

/** The program; throws `Malformed` at the first thing that is wrong. */
export function parseProgram(bytes: Uint8Array): Program {
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
  const { translations, ...rest } = withoutOverlap(stack, tables);
  const program = { profile, regionBoundary, entry, stack, ...rest };
  return translations.length === 0 ? program : { ...program, translations };
}

interface Tables {
  readonly sections: Section[];
  heap: ProgramRange[];
  symbols: ProgramSymbol[];
  files: string[];
  lines: LineEntry[];
  readonly translations: Translation[];
}

/** The names are the same for every region boundary. */
const PREDEFINED = predefinedNames(layoutOf(DEFAULT_REGION_BOUNDARY));
const NAME = /^[A-Za-z_.][A-Za-z0-9_.]*$/;

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
  const tables: Tables = { sections: [], heap: [], symbols: [], files: [], lines: [], translations: [] };
  let previous = 0;
  while (input.remaining > 0) {
    const at = input.offset;
    const kind = input.u16();
    if (input.u16() !== 0) throw new Malformed('reserved-field', 'a reserved field is not 0', at + 2);
    const content = input.part(input.u32());
    if (kind < previous || (kind === previous && kind > KIND.bytes && kind < FIRST_OPTIONAL_KIND))
      throw new Malformed('section-order', `a section of kind ${kind} stands behind one of ${previous}`, at);
    previous = kind;
    if (kind === KIND.translation) tables.translations.push(readTranslation(content));
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

/** Any bytes will do for a module: it counts only if it is what the translator makes. */
function readTranslation(content: ByteReader): Translation {
  return { entry: content.u64(ADDRESS_LIMIT - 1), module: content.raw(content.remaining).slice() };
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
