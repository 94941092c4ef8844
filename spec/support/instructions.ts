/** Drawn instructions: every row, option, type and addressing mode. */

import fc from 'fast-check';
import {
  INSTRUCTIONS,
  type Instruction,
  type InstructionRow,
  type Slot,
} from '../../src/isa/instructions.ts';
import { ADDRESS_LIMIT } from '../../src/isa/layout.ts';
import type { MemoryOperand, Operand } from '../../src/isa/operands.ts';
import { VALUE_TYPE_NAMES, VALUE_TYPES, type ValueType } from '../../src/isa/value-type.ts';

export const integerTypes = VALUE_TYPE_NAMES.filter((type) => VALUE_TYPES[type].family !== 'float');

/** Any address below 2^46, its edges included. */
const anyAddress = fc.oneof(
  fc.integer({ min: 0, max: ADDRESS_LIMIT - 1 }),
  fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, ADDRESS_LIMIT - 1),
);

const anyDisplacement = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** The unsigned bits of any value of the type. */
export function anyBits(type: ValueType): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: 0n, max: (1n << BigInt(VALUE_TYPES[type].bits)) - 1n });
}

const anyMemoryOperand: fc.Arbitrary<MemoryOperand> = fc.oneof(
  fc.record({ mode: fc.constant('direct' as const), address: anyAddress }),
  fc.record({ mode: fc.constant('indirect' as const), pointer: anyAddress }),
  fc.record({
    mode: fc.constant('displacement' as const),
    pointer: anyAddress,
    displacement: anyDisplacement,
  }),
);

export const anyInstruction: fc.Arbitrary<Instruction> = fc
  .constantFrom(...INSTRUCTIONS)
  .chain((row) => instructionOf(row));

/** Any instruction of one row. */
export function instructionOf(row: InstructionRow): fc.Arbitrary<Instruction> {
  return fc
    .record({ option: fc.constantFrom<string>(...row.options), types: typesOf(row) })
    .filter(({ option, types }) => option !== 'z' || row.mnemonic !== 'mov' || types.every(isInteger))
    .chain(({ option, types: [type, to] }) =>
      fc.tuple(...(row.slots as readonly Slot[]).map((slot) => operandOf(slot, type))).map((operands) => {
        const { code, mnemonic } = row;
        return { code, mnemonic, option, type, to, operands } as unknown as Instruction;
      }),
    );
}

function typesOf(row: InstructionRow): fc.Arbitrary<readonly [ValueType, ValueType]> {
  if (row.typing === 'none') return fc.constant(['q', 'q']);
  const type = fc.constantFrom(...(row.typing === 'integer' ? integerTypes : VALUE_TYPE_NAMES));
  return row.mnemonic === 'mov' ? fc.tuple(type, type) : type.map((one) => [one, one] as const);
}

function operandOf(slot: Slot, type: ValueType): fc.Arbitrary<Operand> {
  if (slot !== 'D') return anyMemoryOperand;
  return fc.oneof(
    fc.record({ mode: fc.constant('immediate' as const), bits: anyBits(type) }),
    anyMemoryOperand,
  );
}

function isInteger(type: ValueType): boolean {
  return VALUE_TYPES[type].family !== 'float';
}
