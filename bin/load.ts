/** From a FILE on the command line to a program: source text or a `.dvm` file, told apart by its first bytes. */

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { reasonOf } from '../src/actors/node/devices/files.ts';
import { ProgramError, ProgramFileError, UsageError } from '../src/errors.ts';
import { type AssembleResult, assemble } from '../src/isa/assembler.ts';
import type { Profile, Program } from '../src/isa/program.ts';
import { readProgram } from '../src/isa/program-file.ts';

export interface LoadOptions {
  readonly regionBoundary?: number;
  readonly profile?: Profile;
}

/** Throws `UsageError`, `ProgramError` or `ProgramFileError`. */
export function loadProgram(file: string, options: LoadOptions = {}): Program {
  const bytes = readBytes(file);
  if (!isProgramFile(bytes)) return assembled(assembleText(file, textOf(file, bytes), options)).program;
  const result = readProgram(bytes);
  if (!result.ok)
    throw new ProgramFileError({ ...result.error, message: `${file}: ${result.error.message}` });
  mustAgree(file, result.program, options);
  return result.program;
}

/** A source that must be source: what `fmt` and `asm` work on. */
export function readSource(file: string): string {
  const bytes = readBytes(file);
  if (isProgramFile(bytes))
    throw new UsageError(`${file} is a .dvm file, not source`, `dvm dis ${file} gives source`);
  return textOf(file, bytes);
}

export function assembleText(file: string, text: string, options: LoadOptions): AssembleResult {
  return assemble(text, { file, ...options, readFile: includesOf(file) });
}

export function assembled(result: AssembleResult): Extract<AssembleResult, { ok: true }> {
  if (!result.ok) throw new ProgramError(result.diagnostics);
  return result;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

function isProgramFile(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.of(0x7f, 0x44, 0x56, 0x4d));
}

function textOf(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is neither a .dvm file nor text`, 'source is UTF-8');
  }
}

/** An include is looked for beside the file that names it. */
function includesOf(main: string): (path: string, from: string) => string | null {
  const places = new Map([[main, resolve(main)]]);
  return (path, from) => {
    const place = resolve(dirname(places.get(from) ?? from), path);
    places.set(path, place);
    try {
      return readFileSync(place, 'utf8');
    } catch {
      return null;
    }
  };
}

function mustAgree(file: string, program: Program, { regionBoundary, profile }: LoadOptions): void {
  if (regionBoundary !== undefined && regionBoundary !== program.regionBoundary) {
    throw new UsageError(
      `${file} was assembled for the region boundary 0x${program.regionBoundary.toString(16)}`,
      'assemble it again with another --region-boundary',
    );
  }
  if (profile === 'base' && program.profile !== 'base') {
    throw new UsageError(
      `${file} was assembled in the extended profile`,
      'assemble it again with --profile base',
    );
  }
}
