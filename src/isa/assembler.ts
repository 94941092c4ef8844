/** Source text to a program, or to everything that is wrong with it. */

import { declare } from './assembly/declarations.ts';
import { emit } from './assembly/emit.ts';
import { Placement } from './assembly/placement.ts';
import { Reader, type ReadFile } from './assembly/reader.ts';
import { Report } from './assembly/report.ts';
import type { Diagnostic } from './diagnostics.ts';
import { ADDRESS_LIMIT } from './layout.ts';
import { type Listing, listingOf } from './listing.ts';
import type { LineEntry, Profile, Program, ProgramSymbol } from './program.ts';

export interface AssembleOptions {
  /** Name of the source in diagnostics and in the line table. */
  readonly file: string;
  /** Default: `extended`. */
  readonly profile?: Profile;
  /** Region boundary that the machine has; a `.rb` of the source must agree. Default: the source's, else 16 GiB. */
  readonly regionBoundary?: number;
  /** Reads what is included; without it there are no files. */
  readonly readFile?: ReadFile;
}

export type AssembleResult =
  | { readonly ok: true; readonly program: Program; readonly listing: Listing }
  /** Everything that is wrong, in the order of the source; at least one. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Assembles. Does no I/O of its own, and never throws whatever the text is. */
export function assemble(source: string, options: AssembleOptions): AssembleResult {
  const profile = options.profile ?? 'extended';
  const files: string[] = [];
  const report = new Report(files);
  const placement = new Placement(report, profile, options.regionBoundary ?? null);
  const reader = new Reader(files, options.readFile ?? (() => null), report, placement);
  reader.readText(options.file, source, null);

  const isComplete = report.isEmpty;

  const { symbols, location, layout } = placement;
  symbols.settleEquations();
  const sections = emit(location, layout, symbols, report);
  const { entry, stack, heap } = declare(placement, report, reader.lines.at(-1)!, isComplete);
  if (!report.isEmpty) return { ok: false, diagnostics: report.sorted() };

  const program: Program = {
    profile,
    regionBoundary: layout.regionBoundary,
    entry,
    stack,
    heap,
    sections: sections.sort((a, b) => a.address - b.address),
    symbols: symbolsOf(placement),
    files,
    lines: linesOf(placement),
  };
  return { ok: true, program, listing: listingOf(reader.lines, placement.addresses, location.items) };
}

/** Labels, and `.equ` names whose value could be an address. */
function symbolsOf({ symbols }: Placement): ProgramSymbol[] {
  const list: ProgramSymbol[] = [];
  for (const [name, symbol] of symbols.names) {
    const address = symbol.kind === 'label' ? symbol.address : symbol.value;
    if (typeof address !== 'number' || address < 0 || address >= ADDRESS_LIMIT) continue;
    list.push({ name, address });
  }
  return list.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One entry per instruction and per statement of data. */
function linesOf({ location }: Placement): LineEntry[] {
  const lines = location.items.map(({ line, section, offset }) => ({
    address: section.address + offset,
    file: line.file,
    line: line.line,
  }));
  return lines.sort((a, b) => a.address - b.address);
}
