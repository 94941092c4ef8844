/** What is emitted for an instruction that control runs through, and for the operands of all. */

import { invariant } from '../../invariant.ts';
import { calculate, type Operation } from '../arithmetic.ts';
import type { Instruction } from '../instructions.ts';
import type { MemoryOperand, Operand } from '../operands.ts';
import { FaultTrap } from '../port.ts';
import { VALUE_TYPES, type ValueType } from '../value-type.ts';
import type { CodeWriter } from './code.ts';
import type { Rules } from './rules.ts';
import type { OperandStorage, Point } from './storage.ts';
import { OP, TYPE, type WasmType } from './wasm.ts';

export interface Emission {
  readonly code: CodeWriter;
  readonly storage: OperandStorage;
  readonly rules: Rules;
}

type Of<M extends Instruction['mnemonic']> = Extract<Instruction, { readonly mnemonic: M }>;

/** Of `mov` and the operations: whatever neither branches nor calls out. */
export function emitStraight(emission: Emission, instruction: Instruction, point: Point): void {
  switch (instruction.mnemonic) {
    case 'mov':
      emitMove(emission, instruction, point);
      break;
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'rem':
    case 'and':
    case 'or':
    case 'xor':
    case 'shl':
    case 'shr':
      emitCombine(emission, instruction, point);
      break;
    case 'br':
    case 'bl':
    case 'newr':
    case 'exit':
      invariant(false, 'control runs straight through the instruction');
  }
}

function emitMove(emission: Emission, { option, type, to, operands }: Of<'mov'>, point: Point): void {
  const [source, destination] = operands;
  if (type === to || option === 'z') pushBits(emission, source, type, false, point);
  else {
    pushOperand(emission, source, type, point);
    convert(emission, type, to, point);
  }
  storeBits(emission, destination, to, point);
}

function emitCombine(emission: Emission, instruction: Of<Operation>, point: Point): void {
  const { mnemonic, type, operands } = instruction;
  const [left, right, destination] = operands;
  const { code, rules } = emission;
  const known = folded(instruction);
  if (known !== null) code.i64(known);
  else if (type === 'fs' || type === 'fd') {
    pushOperand(emission, left, type, point);
    pushOperand(emission, right, type, point);
    code.op(rules.operations[mnemonic][type]);
    canonical(emission, type);
    bitsOfFloat(emission, type);
  } else if (mnemonic === 'div' || mnemonic === 'rem') pushDivision(emission, mnemonic, instruction, point);
  else {
    pushOperand(emission, left, type, point);
    pushOperand(emission, right, type, point);
    if (mnemonic === 'shl' || mnemonic === 'shr') code.i64(rules.shiftMask(type)).op(OP.i64_and);
    code.op(rules.operations[mnemonic][isSigned(type) ? 'signed' : 'unsigned']);
  }
  storeBits(emission, destination, type, point);
}

/** The result of an operation on two immediates; null where there is more to it. */
function folded({ mnemonic, type, operands: [left, right] }: Of<Operation>): bigint | null {
  if (left.mode !== 'immediate' || right.mode !== 'immediate') return null;
  try {
    return calculate(mnemonic, type, left.bits, right.bits);
  } catch (trap) {
    if (trap instanceof FaultTrap) return null;
    throw trap;
  }
}

/** Pushes the quotient or the remainder of two integers, and leaves where there is none. */
export function pushDivision(
  emission: Emission,
  operation: 'div' | 'rem',
  { type, operands: [left, right] }: Pick<Of<'div'>, 'type' | 'operands'>,
  point: Point,
): void {
  pushOperand(emission, left, type, point);
  pushOperand(emission, right, type, point);
  mustDivide(emission, right, type, point);
  emission.code.op(emission.rules.operations[operation][isSigned(type) ? 'signed' : 'unsigned']);
}

/** Pushes the i32 that tells whether a comparison holds. */
export function pushComparison(
  emission: Emission,
  { option, type, operands }: Extract<Instruction, { readonly code: 0x09 }>,
  point: Point,
): void {
  pushOperand(emission, operands[0], type, point);
  pushOperand(emission, operands[1], type, point);
  emission.code.op(emission.rules.comparisons[option][kindOf(type)]);
}

/** Pushes the i32 that tells whether `br:z` or `br:nz` branches. */
export function pushZeroTest(
  { code, ...rest }: Emission,
  { option, type, operands: [source] }: Extract<Instruction, { readonly code: 0x0a }>,
  point: Point,
): void {
  pushOperand({ code, ...rest }, source, type, point);
  if (type === 'fs') code.i32(0).op(OP.f32_reinterpret_i32, option === 'z' ? OP.f32_eq : OP.f32_ne);
  else if (type === 'fd') code.i64(0).op(OP.f64_reinterpret_i64, option === 'z' ? OP.f64_eq : OP.f64_ne);
  else if (option === 'z') code.op(OP.i64_eqz);
  else code.i64(0).op(OP.i64_ne);
}

/** Pushes the address that a memory operand means. */
export function pushAddress(emission: Emission, operand: MemoryOperand, point: Point): void {
  const { code } = emission;
  switch (operand.mode) {
    case 'direct':
      code.i64(operand.address);
      break;
    case 'indirect':
      pushNamed(emission, operand.pointer, 8, false, point);
      break;
    case 'displacement':
      pushNamed(emission, operand.pointer, 8, false, point);
      code.i64(operand.displacement).op(OP.i64_add);
      break;
  }
}

/** Takes an i64: its low bytes become the destination's. */
export function storeBits(
  emission: Emission,
  destination: MemoryOperand,
  type: ValueType,
  point: Point,
): void {
  const { code, storage } = emission;
  const { bytes } = VALUE_TYPES[type];
  const word = destination.mode === 'direct' ? storage.wordAt(destination.address) : undefined;
  if (word !== undefined) {
    storage.setWord(word, bytes, point);
    return;
  }
  code.withLocal(TYPE.i64, (value) => {
    code.set(value);
    storage.store(destination, () => pushAddress(emission, destination, point), bytes, value, point);
  });
}

/** Pushes a source: an i64 extended by its type, an f32 or an f64. */
export function pushOperand(emission: Emission, operand: Operand, type: ValueType, point: Point): void {
  const { code } = emission;
  if (type === 'fs') {
    if (operand.mode === 'immediate') code.i32(Number(operand.bits));
    else {
      pushBits(emission, operand, type, false, point);
      code.op(OP.i32_wrap_i64);
    }
    code.op(OP.f32_reinterpret_i32);
  } else {
    pushBits(emission, operand, type, isSigned(type) && emission.rules.signExtended(type), point);
    if (type === 'fd') code.op(OP.f64_reinterpret_i64);
  }
}

/** Pushes the bits of a source as an i64, extended as said. */
function pushBits(
  emission: Emission,
  operand: Operand,
  type: ValueType,
  signed: boolean,
  point: Point,
): void {
  const { bits, bytes } = VALUE_TYPES[type];
  if (operand.mode === 'immediate')
    emission.code.i64(signed ? BigInt.asIntN(bits, operand.bits) : operand.bits);
  else if (operand.mode === 'direct') pushNamed(emission, operand.address, bytes, signed, point);
  else {
    emission.storage.load(operand, () => pushAddress(emission, operand, point), bytes, signed, point);
  }
}

/** Pushes what lies at an address that the instruction names. */
function pushNamed(
  { code, storage }: Emission,
  address: number,
  bytes: 1 | 2 | 4 | 8,
  signed: boolean,
  point: Point,
): void {
  const word = storage.wordAt(address);
  if (word !== undefined) storage.pushWord(word, bytes, signed);
  else storage.load({ mode: 'direct', address }, () => code.i64(address), bytes, signed, point);
}

/** Takes a value of one type and leaves the bits of another as an i64; leaves for the interpreter where that faults. */
function convert(emission: Emission, from: ValueType, to: ValueType, point: Point): void {
  const { code } = emission;
  const float = VALUE_TYPES[from].family === 'float';
  if (!float && to !== 'fs' && to !== 'fd') return;
  if (!float) {
    const unsigned = from === 'uq';
    if (to === 'fs') code.op(unsigned ? OP.f32_convert_i64_u : OP.f32_convert_i64_s);
    else code.op(unsigned ? OP.f64_convert_i64_u : OP.f64_convert_i64_s);
    bitsOfFloat(emission, to as 'fs' | 'fd');
    return;
  }
  if (to === 'fs' || to === 'fd') {
    code.op(to === 'fs' ? OP.f32_demote_f64 : OP.f64_promote_f32);
    canonical(emission, to);
    bitsOfFloat(emission, to);
    return;
  }
  if (from === 'fs') code.op(OP.f64_promote_f32);
  truncate(emission, to, point);
}

/** Takes an f64 and leaves its integer part, if the type has it. */
function truncate({ code }: Emission, to: ValueType, point: Point): void {
  const { bits, family } = VALUE_TYPES[to];
  const signed = family === 'signed';
  // The bounds are exact as doubles: powers of two, and one less than −2^31 and above.
  const below = signed ? (bits === 64 ? -(2 ** 63) : -(2 ** (bits - 1)) - 1) : -1;
  const above = signed ? 2 ** (bits - 1) : 2 ** bits;
  code.withLocal(TYPE.f64, (value) => {
    code.tee(value);
    pushDouble(code, below);
    code.op(signed && bits === 64 ? OP.f64_ge : OP.f64_gt).get(value);
    pushDouble(code, above);
    code.op(OP.f64_lt, OP.i32_and, OP.i32_eqz).if(() => point.bail());
    code.get(value).op(to === 'uq' ? OP.i64_trunc_f64_u : OP.i64_trunc_f64_s);
  });
}

function pushDouble(code: CodeWriter, value: number): void {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  code.i64(bits[0]!).op(OP.f64_reinterpret_i64);
}

/** Takes a float; a NaN becomes the canonical one. */
function canonical({ code, rules }: Emission, type: 'fs' | 'fd'): void {
  if (!rules.canonicalNaN) return;
  const wasm: WasmType = type === 'fs' ? TYPE.f32 : TYPE.f64;
  code.withLocal(wasm, (value) => {
    code.tee(value);
    if (type === 'fs') code.i32(0x7fc0_0000).op(OP.f32_reinterpret_i32);
    else code.i64(0x7ff8_0000_0000_0000n).op(OP.f64_reinterpret_i64);
    code
      .get(value)
      .get(value)
      .op(type === 'fs' ? OP.f32_eq : OP.f64_eq, OP.select);
  });
}

function bitsOfFloat({ code }: Emission, type: 'fs' | 'fd'): void {
  if (type === 'fs') code.op(OP.i32_reinterpret_f32, OP.i64_extend_i32_u);
  else code.op(OP.i64_reinterpret_f64);
}

/** With dividend and divisor on the stack: leaves for the interpreter where the division faults. */
function mustDivide({ code, rules }: Emission, divisor: Operand, type: ValueType, point: Point): void {
  const { bits } = VALUE_TYPES[type];
  const signed = isSigned(type);
  if (divisor.mode === 'immediate') {
    const value = signed ? BigInt.asIntN(bits, divisor.bits) : divisor.bits;
    if (value !== 0n && value !== -1n) return;
  }
  code.withLocal(TYPE.i64, (right) => {
    code.withLocal(TYPE.i64, (left) => {
      code.set(right).set(left).get(right);
      if (!signed || !rules.divideOverflow) code.op(OP.i64_eqz).if(() => point.bail());
      else {
        // One comparison for 0 and −1.
        code.i64(1).op(OP.i64_add).i64(2).op(OP.i64_lt_u);
        code.if(() => {
          code
            .get(right)
            .op(OP.i64_eqz)
            .if(() => point.bail());
          code
            .get(left)
            .i64(-(2n ** BigInt(bits - 1)))
            .op(OP.i64_eq)
            .if(() => point.bail());
        });
      }
      code.get(left).get(right);
    });
  });
}

function isSigned(type: ValueType): boolean {
  return VALUE_TYPES[type].family === 'signed';
}

function kindOf(type: ValueType): 'signed' | 'unsigned' | 'fs' | 'fd' {
  if (type === 'fs' || type === 'fd') return type;
  return isSigned(type) ? 'signed' : 'unsigned';
}
