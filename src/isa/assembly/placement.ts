/** The sizing pass: which bytes go where. It needs modes and types only, so labels may be used before their place is known. */

import { encodedLength } from '../codec.ts';
import { DEFAULT_REGION_BOUNDARY, type Layout, layoutOf } from '../layout.ts';
import type { Profile } from '../program.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import type { Cursor } from './cursor.ts';
import { type Argument, integerIn, parseArguments } from './directives.ts';
import { evaluate } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { Location } from './location.ts';
import { type OperandSyntax, parseOperand } from './operand-syntax.ts';
import type { Listener, PlacedDirective } from './reader.ts';
import { regionBoundaryOf } from './region-boundary.ts';
import type { Report } from './report.ts';
import { addressOf, immediateBits } from './resolve.ts';
import { blankInstruction, MNEMONICS, selectForm, selectRow } from './select.ts';
import { SourceError, type SourceLine, type Span } from './source.ts';
import type { Head } from './statement.ts';
import { Symbols } from './symbols.ts';
import type { Token } from './token.ts';
import { showValue } from './value.ts';

/** An `.entry`, `.stack` or `.heap` with its arguments. */
export interface Declaration {
  readonly line: SourceLine;
  readonly at: Span;
  readonly list: readonly Expression[];
}

export class Placement implements Listener {
  readonly symbols: Symbols;
  /** Address of the first thing placed by a line, by its serial; none where a line places nothing. */
  readonly addresses: (number | undefined)[] = [];
  entry: Declaration | null = null;
  /** There is an `.entry`, though it may have been refused. */
  triesEntry = false;
  stack: Declaration | null = null;
  readonly heap: Declaration[] = [];
  readonly #report: Report;
  readonly #profile: Profile;
  readonly #demanded: number | null;
  #settled: { readonly layout: Layout; readonly location: Location } | null = null;

  /** `demanded` is the region boundary that the caller insists on, or null. */
  constructor(report: Report, profile: Profile, demanded: number | null) {
    this.#report = report;
    this.#profile = profile;
    this.#demanded = demanded;
    this.symbols = new Symbols(report.add);
  }

  get layout(): Layout {
    return this.#settle().layout;
  }

  get location(): Location {
    return this.#settle().location;
  }

  label(line: SourceLine, name: Token): void {
    const { address } = this.location;
    this.addresses[line.serial] = address;
    this.symbols.defineLabel(name.text, line, name, address, this.#report.where);
  }

  instruction(line: SourceLine, head: Head, cursor: Cursor): void {
    const { location } = this;
    this.addresses[line.serial] ??= location.address;
    const { row, option } = selectRow(head, MNEMONICS.get(head.name)!, this.#profile);
    const operands: OperandSyntax[] = [];
    if (cursor.kind !== 'end') {
      do operands.push(parseOperand(cursor));
      while (cursor.skip(','));
      cursor.expectEnd('operands are separated by commas');
    }
    const selected = selectForm(head, row, option, operands, this.#profile);
    const blank = blankInstruction(selected);
    location.place(line, head, encodedLength(blank), { kind: 'instruction', selected });
  }

  directive(line: SourceLine, head: Head, name: PlacedDirective, cursor: Cursor): void {
    if (name === '.entry') this.triesEntry = true;
    const list = parseArguments(cursor, name, head);
    if (name === '.rb') {
      this.#setRegionBoundary(head, integerIn(list, 0));
      return;
    }
    const { location } = this;
    if (MAKES_BYTES.has(name)) this.addresses[line.serial] ??= location.address;
    switch (name) {
      case '.org':
        location.moveTo(addressOf(integerIn(list, 0), this.symbols.lookupSoFar));
        break;
      case '.align':
        this.#align(line, head, integerIn(list, 0));
        break;
      case '.equ':
        this.#define(line, integerIn(list, 0), integerIn(list, 1));
        break;
      case '.byte':
        this.#numbers(line, head, 'b', list);
        break;
      case '.half':
        this.#numbers(line, head, 'w', list);
        break;
      case '.long':
        this.#numbers(line, head, 'd', list);
        break;
      case '.quad':
        this.#numbers(line, head, 'q', list);
        break;
      case '.float':
        this.#numbers(line, head, 'fs', list);
        break;
      case '.double':
        this.#numbers(line, head, 'fd', list);
        break;
      case '.ascii':
        this.#text(line, head, list, '');
        break;
      case '.asciz':
        this.#text(line, head, list, '\0');
        break;
      case '.space':
        this.#space(line, head, list);
        break;
      case '.entry':
        this.entry = this.#declareOnce(this.entry, line, head, list);
        break;
      case '.stack':
        this.stack = this.#declareOnce(this.stack, line, head, list);
        break;
      case '.heap':
        this.heap.push({ line, at: head, list: list.map((_, index) => integerIn(list, index)) });
        break;
    }
  }

  #settle(): { readonly layout: Layout; readonly location: Location } {
    if (this.#settled !== null) return this.#settled;
    return this.#settleAt(this.#demanded ?? DEFAULT_REGION_BOUNDARY);
  }

  #settleAt(regionBoundary: number): { readonly layout: Layout; readonly location: Location } {
    this.#settled = { layout: layoutOf(regionBoundary), location: new Location(regionBoundary) };
    this.symbols.predefine(this.#settled.layout);
    return this.#settled;
  }

  #setRegionBoundary(head: Head, expression: Expression): void {
    if (this.#settled !== null) {
      throw new SourceError(
        'DE0408',
        head,
        '`.rb` comes too late',
        'it is the first statement: all addresses depend on it',
      );
    }
    this.#settleAt(regionBoundaryOf(expression, this.symbols.lookupSoFar, this.#demanded));
  }

  #align(line: SourceLine, head: Head, expression: Expression): void {
    const step = evaluate(expression, this.symbols.lookupSoFar);
    if (typeof step !== 'number' || step < 1 || !Number.isInteger(Math.log2(step))) {
      throw new SourceError(
        'DE0406',
        expression,
        `cannot align to ${showValue(step)}`,
        'it takes a power of two',
      );
    }
    const { location } = this;
    const padding = (step - (location.address % step)) % step;
    if (location.isInSection) location.place(line, head, padding, { kind: 'fill', byte: 0 });
    else location.moveTo(location.address + padding);
    this.addresses[line.serial] = location.address - padding;
  }

  #define(line: SourceLine, name: Expression, value: Expression): void {
    if (name.kind !== 'name') {
      throw new SourceError('DE0405', name, 'expected a name to define', 'write `.equ NAME, EXPRESSION`');
    }
    this.symbols.defineEquation(name.name, line, name, value, this.#report.where);
  }

  #numbers(line: SourceLine, head: Head, type: ValueType, list: readonly Argument[]): void {
    const numbers = list.filter((argument) => argument.kind !== 'string');
    const length = numbers.length * VALUE_TYPES[type].bytes;
    this.location.place(line, head, length, { kind: 'numbers', type, numbers });
  }

  #text(line: SourceLine, head: Head, list: readonly Argument[], end: string): void {
    let bytes = '';
    for (const argument of list) if (argument.kind === 'string') bytes += argument.content + end;
    this.location.place(line, head, bytes.length, { kind: 'text', bytes });
  }

  #space(line: SourceLine, head: Head, list: readonly Argument[]): void {
    const expression = integerIn(list, 0);
    const length = evaluate(expression, this.symbols.lookupSoFar);
    const byte = list[1] === undefined ? 0n : this.#fill(integerIn(list, 1));
    if (typeof length !== 'number' || length < 0) {
      throw new SourceError('DE0407', expression, `cannot reserve ${showValue(length)} bytes`);
    }
    this.location.place(line, head, length, { kind: 'fill', byte: Number(byte) });
  }

  #fill(expression: Expression): bigint {
    return immediateBits(expression, 'b', expression, this.symbols.lookupSoFar);
  }

  #declareOnce(
    earlier: Declaration | null,
    line: SourceLine,
    head: Head,
    list: readonly Argument[],
  ): Declaration {
    if (earlier !== null) {
      throw new SourceError(
        'DE0411',
        head,
        `a second \`${head.name}\``,
        `the first is at ${this.#report.where(earlier.line)}`,
      );
    }
    return { line, at: head, list: list.map((_, index) => integerIn(list, index)) };
  }
}

const MAKES_BYTES: ReadonlySet<PlacedDirective> = new Set([
  '.byte',
  '.half',
  '.long',
  '.quad',
  '.float',
  '.double',
  '.ascii',
  '.asciz',
  '.space',
]);
