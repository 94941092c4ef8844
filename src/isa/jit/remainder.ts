/** The remainder as programs of the base profile compute it, by `div`, `mul` and `sub`: one division does. */

import type { Instruction } from '../instructions.ts';
import type { Layout } from '../layout.ts';
import type { Operand } from '../operands.ts';
import { VALUE_TYPES } from '../value-type.ts';
import type { Placed } from './graph.ts';
import { type Emission, pushDivision, pushOperand, storeBits } from './instruction.ts';
import type { Point } from './storage.ts';
import { OP, TYPE } from './wasm.ts';
import { registerAt } from './words.ts';

type Division = Extract<Instruction, { readonly mnemonic: 'div' }>;

export interface Remainder {
  readonly division: Division;
  readonly subtraction: Extract<Instruction, { readonly mnemonic: 'sub' }>;
}

/**
 * `div a, b, t`, `mul t, b, t`, `sub a, t, w` at the start of a list, of register words and immediates, so that only the
 * division may fault; null if that is not what stands there.
 */
export function remainderAt(layout: Layout, placed: readonly Placed[]): Remainder | null {
  const [division, product, subtraction] = placed.map(({ instruction }) => instruction);
  if (division?.mnemonic !== 'div' || product?.mnemonic !== 'mul' || subtraction?.mnemonic !== 'sub')
    return null;
  const { type } = division;
  if (product.type !== type || subtraction.type !== type || VALUE_TYPES[type].family === 'float') return null;
  const [a, b, quotient] = division.operands;
  const isRegister = (operand: Operand) =>
    operand.mode === 'direct' && registerAt(layout, operand.address) !== null;
  const isPlain = (operand: Operand) => operand.mode === 'immediate' || isRegister(operand);
  const [left, right, multiple] = product.operands;
  const multiplies = (same(left, quotient) && same(right, b)) || (same(left, b) && same(right, quotient));
  const [from, taken, result] = subtraction.operands;
  const fits =
    isPlain(a) &&
    isPlain(b) &&
    isRegister(quotient) &&
    isRegister(result) &&
    !same(quotient, a) &&
    !same(quotient, b) &&
    multiplies &&
    same(multiple, quotient) &&
    same(from, a) &&
    same(taken, quotient);
  return fits ? { division, subtraction } : null;
}

/** Emits all three; `point` is the division's. */
export function emitRemainder(emission: Emission, { division, subtraction }: Remainder, point: Point): void {
  const { code } = emission;
  const { type } = division;
  const [a, , multiple] = division.operands;
  const [, , result] = subtraction.operands;
  code.withLocal(TYPE.i64, (remainder) => {
    pushDivision(emission, 'rem', division, point);
    code.set(remainder);
    if (!same(multiple, result)) {
      pushOperand(emission, a, type, point);
      code.get(remainder).op(OP.i64_sub);
      storeBits(emission, multiple, type, point);
    }
    code.get(remainder);
    storeBits(emission, result, type, point);
  });
}

function same(a: Operand, b: Operand): boolean {
  if (a.mode === 'immediate') return b.mode === 'immediate' && a.bits === b.bits;
  return a.mode === 'direct' && b.mode === 'direct' && a.address === b.address;
}
