/** A program as data: what the assembler makes, what a `.dvm` file holds and what a machine runs. */

/** Consecutive bytes at a shared-region address. */
export interface Section {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface ProgramRange {
  readonly base: number;
  readonly length: number;
}

/** A label or `.equ` address by name. */
export interface ProgramSymbol {
  readonly name: string;
  readonly address: number;
}

/** The instruction or data at `address` stems from this line; the table is sorted by address. */
export interface LineEntry {
  readonly address: number;
  /** Index into `Program.files`. */
  readonly file: number;
  /** Counted from 1. */
  readonly line: number;
}

/** A module that translated code came in, for the function at `entry`. Nobody has compared it yet. */
export interface Translation {
  readonly entry: number;
  readonly module: Uint8Array;
}

export type Profile = 'base' | 'extended';

export interface Program {
  readonly profile: Profile;
  readonly regionBoundary: number;
  /** Address of the entry runner's first instruction. */
  readonly entry: number;
  /** The entry runner's stack. */
  readonly stack: ProgramRange;
  /** The entry runner's heap ranges, as declared. */
  readonly heap: readonly ProgramRange[];
  /** Sorted by address, disjoint, non-empty, in the shared region. */
  readonly sections: readonly Section[];
  /** Sorted by name. */
  readonly symbols: readonly ProgramSymbol[];
  /** Source file names as written on the command line; those of `.include` relative to the including file's. */
  readonly files: readonly string[];
  readonly lines: readonly LineEntry[];
  /** What it was translated to ahead of time, if it was. */
  readonly translations?: readonly Translation[];
}

/** Where the code at `pc` was written: the line entry at or before it within the same section, if any. */
export function sourceOf(
  program: Program,
  pc: number,
): { readonly file: string; readonly line: number } | null {
  const section = program.sections.find((s) => pc >= s.address && pc < s.address + s.bytes.length);
  if (section === undefined) return null;
  let low = 0;
  let high = program.lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (program.lines[middle]!.address <= pc) low = middle + 1;
    else high = middle;
  }
  const entry = program.lines[low - 1];
  const file = entry === undefined ? undefined : program.files[entry.file];
  if (entry === undefined || file === undefined || entry.address < section.address) return null;
  return { file, line: entry.line };
}
