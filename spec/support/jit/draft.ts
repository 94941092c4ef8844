/**
 * A program under construction: instructions whose operands may name labels, so that a line can be taken out while a
 * failure is made smaller, and everything behind it moves up.
 */

import { encode, encodedLength } from '../../../src/isa/codec.ts';
import { instructionText } from '../../../src/isa/instruction-text.ts';
import type { Instruction } from '../../../src/isa/instructions.ts';
import type { Layout } from '../../../src/isa/layout.ts';
import type { Operand } from '../../../src/isa/operands.ts';
import { predefinedNames } from '../../../src/isa/predefined.ts';

/** A number that stands for a place in the code. */
export type Label = number;

/** With a label, the address, pointer or value is relative to the label's. */
export type DraftOperand = Operand & { readonly label?: Label };

export type DraftInstruction = Omit<Instruction, 'operands'> & { readonly operands: readonly DraftOperand[] };

/** One instruction, or bytes among the code that are none. */
export interface Line {
  readonly labels: readonly Label[];
  readonly code: DraftInstruction | Uint8Array;
}

/** A 64-bit word of the image, a label's address added. */
export interface Word {
  readonly address: number;
  readonly bits: bigint;
  readonly label?: Label;
}

/** Code with its place. A label that no line has is the end. */
export interface PlacedCode {
  readonly base: number;
  readonly bytes: Uint8Array;
  addressOf(label: Label): number;
}

export function place(lines: readonly Line[], base: number): PlacedCode {
  const places = new Map<Label, number>();
  let end = base;
  for (const { labels, code } of lines) {
    for (const label of labels) places.set(label, end);
    end += code instanceof Uint8Array ? code.length : encodedLength(code as unknown as Instruction);
  }
  const addressOf = (label: Label) => places.get(label) ?? end;
  const bytes = new Uint8Array(end - base);
  let at = 0;
  for (const { code } of lines) {
    const piece = code instanceof Uint8Array ? code : encode(resolved(code, addressOf));
    bytes.set(piece, at);
    at += piece.length;
  }
  return { base, bytes, addressOf };
}

/** The lines whose place in the list is not among those to drop; their labels go to the next line. */
export function without(lines: readonly Line[], dropped: ReadonlySet<number>): Line[] {
  const kept: Line[] = [];
  let labels: Label[] = [];
  lines.forEach((line, i) => {
    labels.push(...line.labels);
    if (dropped.has(i)) return;
    kept.push({ labels, code: line.code });
    labels = [];
  });
  return kept;
}

/** The lines as source, from `base` on. */
export function draftText(lines: readonly Line[], base: number, layout: Layout): string[] {
  const { addressOf } = place(lines, base);
  const names = new Map<number, string>();
  for (const [name, address] of predefinedNames(layout)) names.set(address, name);
  for (const { labels } of lines) for (const label of labels) names.set(addressOf(label), `L${label}`);
  return lines.flatMap(({ labels, code }) => [
    ...labels.map((label) => `L${label}:`),
    code instanceof Uint8Array
      ? `        .byte ${[...code].join(', ')}`
      : `        ${instructionText(resolved(code, addressOf), layout, (address) => names.get(address))}`,
  ]);
}

function resolved(code: DraftInstruction, addressOf: (label: Label) => number): Instruction {
  if (code.operands.every((operand) => operand.label === undefined)) return code as unknown as Instruction;
  const operands = code.operands.map((operand) => resolvedOperand(operand, addressOf));
  return { ...code, operands } as unknown as Instruction;
}

function resolvedOperand(operand: DraftOperand, addressOf: (label: Label) => number): Operand {
  if (operand.label === undefined) return operand;
  const base = addressOf(operand.label);
  switch (operand.mode) {
    case 'immediate':
      return { mode: 'immediate', bits: operand.bits + BigInt(base) };
    case 'direct':
      return { mode: 'direct', address: operand.address + base };
    case 'indirect':
      return { mode: 'indirect', pointer: operand.pointer + base };
    case 'displacement':
      return { ...operand, pointer: operand.pointer + base };
  }
}
