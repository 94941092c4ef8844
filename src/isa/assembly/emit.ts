/** The second pass: every value is known, statements become bytes. */

import { encode } from '../codec.ts';
import type { Layout } from '../layout.ts';
import type { Operand } from '../operands.ts';
import type { Section } from '../program.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import type { Expression, FloatLiteral } from './expression.ts';
import type { Item, Location } from './location.ts';
import type { Report } from './report.ts';
import { immediateBits, resolveOperand } from './resolve.ts';
import { instructionOf, type Selected } from './select.ts';
import type { SourceLine } from './source.ts';
import type { Symbols } from './symbols.ts';

/** The sections with their bytes, in the order of the source. What cannot be had is reported and left zero. */
export function emit(location: Location, layout: Layout, symbols: Symbols, report: Report): Section[] {
  const emitter = new Emitter(layout, symbols, report);
  const buffers = new Map(location.sections.map((section) => [section, new Uint8Array(section.size)]));
  for (const item of location.items) emitter.emit(item, buffers.get(item.section)!);
  return [...buffers].map(([{ address }, bytes]) => ({ address, bytes }));
}

class Emitter {
  readonly #layout: Layout;
  readonly #symbols: Symbols;
  readonly #report: Report;

  constructor(layout: Layout, symbols: Symbols, report: Report) {
    this.#layout = layout;
    this.#symbols = symbols;
    this.#report = report;
  }

  emit({ content, line, offset, length }: Item, buffer: Uint8Array): void {
    switch (content.kind) {
      case 'instruction':
        this.#instruction(line, content.selected, buffer, offset);
        break;
      case 'numbers':
        this.#numbers(line, content.type, content.numbers, buffer, offset);
        break;
      case 'text':
        for (let i = 0; i < length; i++) buffer[offset + i] = content.bytes.charCodeAt(i);
        break;
      case 'fill':
        buffer.fill(content.byte, offset, offset + length);
        break;
    }
  }

  #instruction(line: SourceLine, selected: Selected, buffer: Uint8Array, offset: number): void {
    const operands: Operand[] = [];
    for (const operand of selected.operands) {
      this.#report.attempt(line, () => {
        operands.push(resolveOperand(operand, selected.type, this.#layout, this.#symbols.lookup));
      });
    }
    if (operands.length < selected.operands.length) return;
    buffer.set(encode(instructionOf(selected, operands)), offset);
  }

  #numbers(
    line: SourceLine,
    type: ValueType,
    numbers: readonly (Expression | FloatLiteral)[],
    buffer: Uint8Array,
    offset: number,
  ): void {
    const { bytes } = VALUE_TYPES[type];
    numbers.forEach((number, index) => {
      this.#report.attempt(line, () => {
        const bits = immediateBits(number, type, number, this.#symbols.lookup);
        writeLittleEndian(buffer, offset + index * bytes, bytes, bits);
      });
    });
  }
}

function writeLittleEndian(buffer: Uint8Array, offset: number, length: number, bits: bigint): void {
  let rest = bits;
  for (let i = 0; i < length; i++) {
    buffer[offset + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
