/** The four addressing modes as plain data. */

/** `$7`: the value itself, as the unsigned bits of its type (a float's are its IEEE 754 bits). */
export interface ImmediateOperand {
  readonly mode: 'immediate';
  readonly bits: bigint;
}

/** `0x100001000`, `label`, `r5`: memory at that address. */
export interface DirectOperand {
  readonly mode: 'direct';
  readonly address: number;
}

/** `(0x100001000)`: memory at the address that the 64-bit word there holds. */
export interface IndirectOperand {
  readonly mode: 'indirect';
  readonly pointer: number;
}

/** `8(0x100001000)`: memory at that word plus a signed 32-bit displacement, wrapping modulo 2^64. */
export interface DisplacementOperand {
  readonly mode: 'displacement';
  readonly pointer: number;
  readonly displacement: number;
}

export type MemoryOperand = DirectOperand | IndirectOperand | DisplacementOperand;
export type Operand = ImmediateOperand | MemoryOperand;
