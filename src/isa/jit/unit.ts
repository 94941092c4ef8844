/** A unit of translated code: one module, and what is to be known of it. */

import type { Exit as ProgramExit } from '../interpreter.ts';
import type { AccessSize } from '../value-type.ts';
import type { Access } from './linear-port.ts';

/**
 * Why translated code has returned. It returns the exit's index, 0 being the return to the place that the caller
 * expects. The control word `left` then is `adjust` short of what is really left.
 */
export type UnitExit = { readonly adjust: number } & (
  | { readonly kind: 'returned' }
  /** Control goes to `pc`, which may be executed or would have been run into. */
  | { readonly kind: 'goto'; readonly pc: number }
  /** The branch at `branch` goes to `pc`, if it may; null: to what the control word `pc` says. */
  | { readonly kind: 'jumped'; readonly pc: number | null; readonly branch: number }
  /**
   * The instruction at `pc` has done nothing: whoever hears of this executes it. In a loop, `resume` is where the next
   * iteration begins.
   */
  | { readonly kind: 'bail'; readonly pc: number; readonly resume: number | null }
  /** As `bail`, since the site has no segment that holds the address in the control word `pc`. */
  | { readonly kind: 'miss'; readonly pc: number; readonly resume: number; readonly site: number }
  /** The runner has ended at `pc`. */
  | { readonly kind: 'end'; readonly pc: number; readonly exit: ProgramExit }
);

/** A place in translated code that accesses memory by way of a segment, or by a call where it has none. */
export interface Site {
  readonly pc: number;
  readonly access: Access;
  readonly size: AccessSize;
  /** The instruction names the address itself, so a register word is meant where one starts. */
  readonly named: boolean;
  /** Place of its segment among the unit's; null: it never has one. */
  readonly cache: number | null;
  /** Index of its function. */
  readonly function: number;
}

/** Consecutive bytes that are executed. */
export interface CodeBytes {
  readonly base: number;
  readonly bytes: Uint8Array;
}

export interface UnitFunction {
  readonly pc: number;
  /** Name of the export that runs it with an empty stack. */
  readonly name: string;
  /** Private words that it keeps in locals: what a pointer must not touch meanwhile. */
  readonly locals: readonly { readonly address: number; readonly bytes: number }[];
}

export interface Unit {
  readonly module: Uint8Array;
  readonly functions: readonly UnitFunction[];
  readonly exits: readonly UnitExit[];
  readonly sites: readonly Site[];
  /** Addresses of the `newr` instructions that it calls out for. */
  readonly newrs: readonly number[];
  /** Addresses of private words that it calls out for before it writes them. */
  readonly touches: readonly number[];
  /** Sorted, disjoint. */
  readonly code: readonly CodeBytes[];
  /** Frames of private memory, in the order of the imports `f0`, `f1`, … */
  readonly frames: readonly number[];
  /** Segments that its sites share. */
  readonly caches: number;
  /** Its blocks, if they are tracked: the bytes that each executes. */
  readonly blocks: readonly { readonly base: number; readonly length: number }[];
  /** Most instructions that are executed between two looks at what is left: those of its longest function. */
  readonly overshoot: number;
  /** It lacks code that was not there to be looked at: to be made anew when control gets there. */
  readonly incomplete: ReadonlySet<number>;
}
