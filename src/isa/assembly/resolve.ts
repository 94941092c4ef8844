/** Written operands to operands: every value evaluated and checked against its place. */

import { ADDRESS_LIMIT, type Layout } from '../layout.ts';
import type { Operand } from '../operands.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import { evaluate, type Lookup } from './evaluate.ts';
import type { Expression, FloatLiteral } from './expression.ts';
import { integerBits, literalBits } from './float.ts';
import type { OperandSyntax } from './operand-syntax.ts';
import { SourceError, type Span } from './source.ts';
import { showValue, type Value } from './value.ts';

/** The operand with its values; `type` is that of the instruction's sources. */
export function resolveOperand(
  operand: OperandSyntax,
  type: ValueType,
  layout: Layout,
  lookup: Lookup,
): Operand {
  switch (operand.mode) {
    case 'immediate':
      return { mode: 'immediate', bits: immediateBits(operand.value, type, operand, lookup) };
    case 'direct':
      return { mode: 'direct', address: wordAddress(operand.address, layout, lookup) };
    case 'indirect':
      return { mode: 'indirect', pointer: wordAddress(operand.pointer, layout, lookup) };
    case 'displacement':
      return {
        mode: 'displacement',
        pointer: wordAddress(operand.pointer, layout, lookup),
        displacement: displacementOf(operand.displacement, lookup),
      };
  }
}

/** The bits of a number as a value of a type; throws where they do not fit. */
export function immediateBits(
  number: Expression | FloatLiteral,
  type: ValueType,
  at: Span,
  lookup: Lookup,
): bigint {
  if (number.kind === 'float') return literalBits(number, type === 'fs' ? 'fs' : 'fd');
  const value = evaluate(number, lookup);
  if (type === 'fs' || type === 'fd') return integerBits(value, type, at);
  const { bits } = VALUE_TYPES[type];
  if (value < SMALLEST[bits] || value > LARGEST[bits]) {
    throw new SourceError(
      'DE0306',
      at,
      `${showValue(value)} does not fit \`:${type}\``,
      `${bits} bits hold ${showValue(SMALLEST[bits])} to ${showValue(LARGEST[bits])}`,
    );
  }
  return value < 0 ? BigInt.asUintN(bits, BigInt(value)) : BigInt(value);
}

/** Bounds of an integer by its bits, whether it is meant as signed or as unsigned. */
const SMALLEST = { 8: -0x80, 16: -0x8000, 32: -0x8000_0000, 64: -(1n << 63n) } as const;
const LARGEST = { 8: 0xff, 16: 0xffff, 32: 0xffff_ffff, 64: (1n << 64n) - 1n } as const;

/** The value of an expression as an address. */
export function addressOf(expression: Expression, lookup: Lookup): number {
  const value = evaluate(expression, lookup);
  if (typeof value === 'number' && value >= 0 && value < ADDRESS_LIMIT) return value;
  throw outsideAddresses(value, expression);
}

function outsideAddresses(value: Value, at: Span): SourceError {
  return new SourceError(
    'DE0307',
    at,
    `${showValue(value)} is no address`,
    'addresses have 46 bits: 0 to 0x3fffffffffff',
  );
}

/** An address that may be a register word only at its start. */
function wordAddress(expression: Expression, layout: Layout, lookup: Lookup): number {
  const address = addressOf(expression, lookup);
  const inside = address - layout.registers;
  if (inside > 0 && address < layout.registersEnd && inside % 8 !== 0) {
    throw new SourceError(
      'DE0309',
      expression,
      `${showValue(address)} lies inside register word r${Math.floor(inside / 8)}`,
      'a register word is named at its start; a narrow type takes its low bytes',
    );
  }
  return address;
}

function displacementOf(expression: Expression, lookup: Lookup): number {
  const value = evaluate(expression, lookup);
  if (typeof value === 'number' && value === (value | 0)) return value;
  throw new SourceError(
    'DE0308',
    expression,
    `the displacement ${showValue(value)} does not fit 32 bits`,
    'a displacement is a signed 32-bit number; add larger ones to the pointer',
  );
}
