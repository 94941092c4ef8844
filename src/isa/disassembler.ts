/** Programs back to source that assembles to the same program, its line table aside. */

import { decode } from './codec.ts';
import { instructionText, isWritable, type NameOf, numberText } from './instruction-text.ts';
import { type Layout, layoutOf } from './layout.ts';
import { predefinedNames } from './predefined.ts';
import type { Profile, Program, Section } from './program.ts';

/**
 * Source of a program, for the assembler in the program's profile. What is code is not written down in a program, so:
 * from each boundary (a label, the entry, a line of the line table) the bytes are code for as long as they decode, and
 * data from there to the next boundary. A wrong guess reads badly and assembles to the same bytes.
 */
export function disassemble(program: Program): string {
  const layout = layoutOf(program.regionBoundary);
  const { stack, heap, sections, entry } = program;
  const labels = labelsOf(program);
  const lines = [
    `.rb ${numberText(program.regionBoundary)}`,
    `.entry ${labels.get(entry)?.[0] ?? numberText(entry)}`,
    `.stack ${numberText(stack.base)}, ${numberText(stack.length)}`,
    ...heap.map(({ base, length }) => `.heap ${numberText(base)}, ${numberText(length)}`),
    ...program.symbols
      .filter(({ address }) => !sections.some((section) => contains(section, address)))
      .map(({ name, address }) => `.equ ${name}, ${numberText(address)}`),
  ];
  const boundaries = boundariesOf(program);
  const context = { layout, profile: program.profile, nameOf: namesOf(program, layout) };
  let next = 0;
  for (const section of sections) {
    lines.push('', `.org ${numberText(section.address)}`);
    const end = section.address + section.bytes.length;
    let start = section.address;
    while (start < end) {
      while (next < boundaries.length && boundaries[next]! <= start) next += 1;
      const stop = Math.min(boundaries[next] ?? end, end);
      for (const name of labels.get(start) ?? []) lines.push(`${name}:`);
      const bytes = section.bytes.subarray(start - section.address, stop - section.address);
      lines.push(...chunkLines(bytes, start, context));
      start = stop;
    }
  }
  return `${lines.join('\n')}\n`;
}

interface Context {
  readonly layout: Layout;
  readonly profile: Profile;
  readonly nameOf: NameOf;
}

/** Instructions from the first byte on while there are any, then data. */
function chunkLines(bytes: Uint8Array, address: number, { layout, profile, nameOf }: Context): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const decoded = decode(bytes, at);
    if (decoded === null || !isWritable(decoded.instruction, layout, profile)) break;
    lines.push(commented(instructionText(decoded.instruction, layout, nameOf), address + at));
    at += decoded.length;
  }
  return [...lines, ...dataLines(bytes.subarray(at), address + at)];
}

function dataLines(bytes: Uint8Array, address: number): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = pieceLength(bytes.subarray(at));
    lines.push(commented(dataText(bytes.subarray(at, at + length), (address + at) % 8 === 0), address + at));
    at += length;
  }
  return lines;
}

const LINE_BYTES = 32;

/** How many bytes go on one line: a run of zeros, a text, or part of a table. */
function pieceLength(bytes: Uint8Array): number {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  if (zeros < 0) return bytes.length;
  if (zeros >= LINE_BYTES) return zeros;
  const text = bytes.findIndex((byte) => !isText(byte));
  if (text >= 4 && bytes[text] === 0) return text + 1;
  return Math.min(LINE_BYTES, bytes.length);
}

function dataText(bytes: Uint8Array, aligned: boolean): string {
  if (bytes.every((byte) => byte === 0)) return `.space ${bytes.length}`;
  const last = bytes.length - 1;
  const text = bytes.subarray(0, bytes[last] === 0 ? last : undefined);
  if (text.every(isText)) return `${text.length === bytes.length ? '.ascii' : '.asciz'} "${quoted(text)}"`;
  if (!aligned || bytes.length % 8 !== 0) return `.byte ${Array.from(bytes, numberText).join(', ')}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
  return `.quad ${words.map(numberText).join(', ')}`;
}

/** Printable ASCII and line ends. */
function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a;
}

function quoted(text: Uint8Array): string {
  return String.fromCharCode(...text)
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n');
}

function commented(text: string, address: number): string {
  return `        ${text.padEnd(47)} # ${numberText(address)}`;
}

/** Where items start, as far as the program says; rising. */
function boundariesOf(program: Program): number[] {
  const all = new Set([program.entry]);
  for (const { address } of program.symbols) all.add(address);
  for (const { address } of program.lines) all.add(address);
  return [...all].sort((a, b) => a - b);
}

function labelsOf({ symbols }: Program): Map<number, string[]> {
  const labels = new Map<number, string[]>();
  for (const { name, address } of symbols) {
    const names = labels.get(address);
    if (names === undefined) labels.set(address, [name]);
    else names.push(name);
  }
  return labels;
}

/** The program's own names, then the machine's. */
function namesOf(program: Program, layout: Layout): NameOf {
  const names = new Map<number, string>();
  for (const [name, address] of predefinedNames(layout)) names.set(address, name);
  for (const { name, address } of program.symbols.toReversed()) names.set(address, name);
  return (address) => names.get(address);
}

function contains({ address, bytes }: Section, place: number): boolean {
  return place >= address && place < address + bytes.length;
}
