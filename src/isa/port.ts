/** The memory that a program sees: all that the interpreter knows of the world. */

import type { FaultCause } from './fault.ts';
import type { Instruction } from './instructions.ts';
import type { Layout } from './layout.ts';
import type { AccessSize } from './value-type.ts';

/** Thrown by a port or the interpreter: the instruction faults. The interpreter adds the pc and ends the runner. */
export class FaultTrap {
  readonly cause: FaultCause;
  readonly address: bigint | null;
  readonly detail: string;

  constructor(cause: FaultCause, address: bigint | null, detail = '') {
    this.cause = cause;
    this.address = address;
    this.detail = detail;
  }
}

/**
 * Thrown by a port that cannot answer yet (pages are missing). The instruction has had no effect and is executed anew
 * once the port can answer.
 */
export class PauseTrap {}

/** An instruction with its length in bytes. */
export interface Decoded {
  readonly instruction: Instruction;
  readonly length: number;
}

/** What an interpreted program does with memory. Methods may throw a `FaultTrap`; those that read, a `PauseTrap` too. */
export interface Port {
  readonly layout: Layout;

  /**
   * The `size` bytes at `address` as little-endian unsigned bits. The whole access lies below 2^46 and outside the
   * register window unless it names a register word; all other rules are the port's.
   */
  load(address: number, size: AccessSize): bigint;

  /** Stores the low `size` bytes of `bits`, all or nothing; never pauses. A store to an output port appends to its channel. */
  store(address: number, size: AccessSize, bits: bigint): void;

  /** The instruction at `pc`. Faults with `illegal-instruction` where there is none that may be executed. */
  instructionAt(pc: number): Decoded;

  /**
   * Whether an instruction may start at `address`, as far as ranges and written bytes decide; content does not count.
   * Never pauses: `bl` asks after its store.
   */
  mayExecute(address: number): boolean;

  /**
   * Creates a runner from the control blocks at the four pointers (the 64-bit words that `newr`'s operands hold) and
   * sets `ctx.child`. Atomic: on a trap nothing has happened.
   */
  newr(stack: bigint, heap: bigint, watched: bigint, code: bigint): void;
}
