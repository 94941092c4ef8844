/** The entry, the entry runner's ranges, and sections that get into each other's way. */

import { ADDRESS_LIMIT, DEFAULT_STACK, type Layout } from '../layout.ts';
import type { ProgramRange } from '../program.ts';
import { evaluate } from './evaluate.ts';
import type { Expression } from './expression.ts';
import type { PlacedSection } from './location.ts';
import type { Declaration, Placement } from './placement.ts';
import type { Report } from './report.ts';
import { addressOf } from './resolve.ts';
import { SourceError, type SourceLine, type Span } from './source.ts';
import type { Symbols } from './symbols.ts';
import { showValue } from './value.ts';

export interface Declared {
  readonly entry: number;
  readonly stack: ProgramRange;
  readonly heap: readonly ProgramRange[];
}

/**
 * What the declarations say; what is wrong with them is reported, and the result then of no use. Unless the placement is
 * complete, statements that were refused lack their bytes, and nothing is said about where code is.
 */
export function declare(
  placement: Placement,
  report: Report,
  lastLine: SourceLine,
  isComplete: boolean,
): Declared {
  const { symbols, layout } = placement;
  const { sections } = placement.location;
  checkSections(sections, report);
  const entry = entryOf(placement, report, lastLine, isComplete);
  const stack = placement.stack === null ? null : rangeOf(placement.stack, layout, symbols, report);
  const heap = placement.heap.map((declaration) => ({
    declaration,
    range: rangeOf(declaration, layout, symbols, report),
  }));
  const stackRange = placement.stack === null ? DEFAULT_STACK : stack;
  for (const { declaration, range } of heap) {
    if (range === null || stackRange === null || !overlap(range, stackRange)) continue;
    const { line, at } = declaration;
    const which = placement.stack === null ? 'the default stack' : 'the stack';
    report.add(
      line,
      new SourceError(
        'DE0610',
        at,
        `this heap range overlaps ${which}, ${show(stackRange)}`,
        'move one of them',
      ),
    );
  }
  return {
    entry,
    stack: stackRange ?? DEFAULT_STACK,
    heap: heap.flatMap(({ range }) => (range === null ? [] : [range])),
  };
}

function entryOf(placement: Placement, report: Report, lastLine: SourceLine, isComplete: boolean): number {
  const { entry, symbols } = placement;
  const { sections, items } = placement.location;
  let address = -1;
  if (entry === null) {
    if (placement.triesEntry) return address;
    const first = firstCodeLabel(placement);
    report.add(
      lastLine,
      new SourceError(
        'DE0601',
        { start: lastLine.text.length, end: lastLine.text.length + 1 },
        'the program has no `.entry`',
        items.length === 0 ? 'add instructions, and `.entry LABEL`' : `add \`.entry ${first ?? 'LABEL'}\``,
      ),
    );
    return address;
  }
  report.attempt(entry.line, () => {
    const [expression] = entry.list as readonly [Expression];
    address = addressOf(expression, symbols.lookup);
    if (!isComplete) return;
    if (sections.some((section) => address >= section.address && address < section.address + section.size))
      return;
    throw new SourceError(
      'DE0602',
      expression,
      `there is no code at ${showValue(address)}`,
      'the entry is the label of an instruction',
    );
  });
  return address;
}

/** The label of the program's first instruction, as far as it has one. */
function firstCodeLabel({ symbols, location }: Placement): string | null {
  const first = location.items.find((item) => item.content.kind === 'instruction');
  if (first === undefined) return null;
  const address = first.section.address + first.offset;
  for (const [name, symbol] of symbols.names) {
    if (symbol.kind === 'label' && symbol.address === address) return name;
  }
  return null;
}

function rangeOf(
  { line, list }: Declaration,
  layout: Layout,
  symbols: Symbols,
  report: Report,
): ProgramRange | null {
  let range: ProgramRange | null = null;
  report.attempt(line, () => {
    const [first, second] = list as readonly [Expression, Expression];
    const base = evaluate(first, symbols.lookup);
    const length = evaluate(second, symbols.lookup);
    if (length < 0) {
      throw new SourceError('DE0611', second, `a range cannot be ${showValue(length)} bytes long`);
    }
    const span: Span = { start: first.start, end: second.end };
    if (
      typeof base !== 'number' ||
      typeof length !== 'number' ||
      base < 0 ||
      base >= ADDRESS_LIMIT ||
      base + length > ADDRESS_LIMIT
    ) {
      throw new SourceError(
        'DE0609',
        span,
        'the range leaves the 46 bits of an address',
        'addresses go to 0x3fffffffffff',
      );
    }
    checkRegion({ base, length }, layout.regionBoundary, span);
    range = { base, length };
  });
  return range;
}

function checkRegion({ base, length }: ProgramRange, boundary: number, at: Span): void {
  if (base >= boundary || length === 0) return;
  const crosses = base + length > boundary;
  throw new SourceError(
    crosses ? 'DE0608' : 'DE0607',
    at,
    crosses ? 'the range crosses the region boundary' : 'the range lies in the private region',
    `the shared region starts at ${showValue(boundary)}`,
  );
}

function checkSections(sections: readonly PlacedSection[], report: Report): void {
  const byAddress = [...sections].sort((a, b) => a.address - b.address);
  let furthest: PlacedSection | null = null;
  for (const section of byAddress) {
    const before: PlacedSection | null = furthest;
    if (before === null || before.address + before.size < section.address + section.size) furthest = section;
    if (before === null || before.address + before.size <= section.address) continue;
    const later = before.line.serial > section.line.serial ? before : section;
    const earlier = later === before ? section : before;
    const range = show({ base: earlier.address, length: earlier.size });
    report.add(
      later.line,
      new SourceError(
        'DE0604',
        later,
        `what starts here overlaps ${range}`,
        `which starts at ${report.where(earlier.line)}`,
      ),
    );
  }
}

function overlap(a: ProgramRange, b: ProgramRange): boolean {
  return a.base < b.base + b.length && b.base < a.base + a.length && a.length > 0 && b.length > 0;
}

function show({ base, length }: ProgramRange): string {
  return `[0x${base.toString(16)}, 0x${(base + length).toString(16)})`;
}
