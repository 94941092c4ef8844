/** From an operand to memory: effective addresses, and the rules about an access that need no declared ranges. */

import { ADDRESS_LIMIT, type Layout } from './layout.ts';
import type { MemoryOperand, Operand } from './operands.ts';
import { FaultTrap, type Port } from './port.ts';
import { type AccessSize, VALUE_TYPES, type ValueType } from './value-type.ts';

/**
 * Where a memory operand points: a number below 2^46, or the full 64-bit address where no memory can be. Reading the
 * pointer may fault; the address itself is judged when it is used.
 */
export type EffectiveAddress = number | bigint;

export function effectiveAddress(port: Port, operand: MemoryOperand): EffectiveAddress {
  switch (operand.mode) {
    case 'direct':
      return operand.address;
    case 'indirect':
      return narrowed(loadNamed(port, operand.pointer));
    case 'displacement': {
      const word = loadNamed(port, operand.pointer);
      return narrowed(BigInt.asUintN(64, word + BigInt(operand.displacement)));
    }
  }
}

/** The value of a source operand as unsigned bits of `type`. */
export function loadOperand(port: Port, operand: Operand, type: ValueType): bigint {
  if (operand.mode === 'immediate') return operand.bits;
  const { bytes } = VALUE_TYPES[type];
  const address = effectiveAddress(port, operand);
  return port.load(checked(port.layout, address, bytes, isNamed(operand), 'read-outside-ranges'), bytes);
}

/** Stores through a destination whose effective address is already known. */
export function storeOperand(
  port: Port,
  operand: MemoryOperand,
  address: EffectiveAddress,
  type: ValueType,
  value: bigint,
): void {
  const { bytes } = VALUE_TYPES[type];
  port.store(checked(port.layout, address, bytes, isNamed(operand), 'write-outside-ranges'), bytes, value);
}

/** The 64-bit word at a computed address, as `newr` reads its control blocks. */
export function loadWord(port: Port, address: bigint): bigint {
  return loadAt(port, address, 8, false);
}

/** What lies at any 64-bit address; `named`: the instruction names it itself. */
export function loadAt(port: Port, address: bigint, size: AccessSize, named: boolean): bigint {
  return port.load(checked(port.layout, narrowed(address), size, named, 'read-outside-ranges'), size);
}

/** Stores the low `size` bytes of `bits` at any 64-bit address; `named`: the instruction names it itself. */
export function storeAt(port: Port, address: bigint, size: AccessSize, named: boolean, bits: bigint): void {
  port.store(checked(port.layout, narrowed(address), size, named, 'write-outside-ranges'), size, bits);
}

/** The word that an instruction names itself: a pointer. */
function loadNamed(port: Port, address: number): bigint {
  return port.load(checked(port.layout, address, 8, true, 'read-outside-ranges'), 8);
}

/** Only these may mean a register word: no pointer ever leads to one, so registers have no aliases. */
function isNamed(operand: MemoryOperand): boolean {
  return operand.mode === 'direct';
}

function narrowed(address: bigint): EffectiveAddress {
  return address < ADDRESS_LIMIT ? Number(address) : address;
}

/** The address of an access that obeys the rules which hold whatever a runner has declared. */
function checked(
  layout: Layout,
  address: EffectiveAddress,
  size: AccessSize,
  named: boolean,
  outside: 'read-outside-ranges' | 'write-outside-ranges',
): number {
  if (typeof address === 'bigint' || address + size > ADDRESS_LIMIT)
    throw new FaultTrap(outside, BigInt(address));
  const end = address + size;
  const { regionBoundary, registers, registersEnd } = layout;
  if (address < regionBoundary && end > regionBoundary)
    throw new FaultTrap('region-crossing', BigInt(address));
  const inWindow = address < registersEnd && end > registers;
  if (inWindow && !(named && ((address - registers) & 7) === 0))
    throw new FaultTrap('register-indirect', BigInt(address));
  return address;
}
