/** Programs to `.dvm` files and back. */

import { invariant } from '../invariant.ts';
import { ByteWriter } from './byte-stream.ts';
import { crc32 } from './crc32.ts';
import type { Program } from './program.ts';
import { Malformed, type ProgramFileError } from './program-file-error.ts';
import { CHECKSUM_OFFSET, KIND, LENGTH_OFFSET, MAGIC, PROFILES, VERSION } from './program-format.ts';
import { parseProgram } from './program-reader.ts';

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
  for (const { entry, module } of program.translations ?? [])
    writeSection(out, KIND.translation, () => {
      out.u64(entry);
      out.raw(module);
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
    return { ok: true, program: parseProgram(bytes) };
  } catch (problem) {
    if (!(problem instanceof Malformed)) throw problem;
    const { code, message, offset } = problem;
    return { ok: false, error: { code, message, offset } };
  }
}

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
