/** What translated code asks of the memory that it runs on. */

import type { Decoded, Port } from '../port.ts';
import type { WasmMemory } from './web-assembly.ts';

/** Addresses that translated code may access by itself: the byte at `address` lies at `address + delta` in linear memory. */
export interface Segment {
  readonly base: number;
  readonly length: number;
  readonly delta: number;
}

export type Access = 'load' | 'store';

/**
 * A port whose bytes lie in a linear memory, laid out as `linear-layout.ts` says. Register words lie at `REGISTERS_AT`.
 * Whatever is accessed by way of `load` and `store` obeys the same rules as in any port; a segment is a shortcut.
 */
export interface LinearPort extends Port {
  readonly memory: WasmMemory;

  /**
   * The bytes around `address` that may be accessed directly, in any size and alignment within them, until the control
   * word `generation` counts up; null where `load` and `store` are the only way. Never pauses, throws nothing. Called
   * after an access there has succeeded.
   *
   * A segment for loads holds present bytes that need no bookkeeping: no merge words, no undeclared reads of a
   * serializable attempt, no port words, no register words. One for stores holds bytes that may be written whatever the
   * size, and none of guarded code, ports and registers; who stores there by itself also sets the bits of the written map,
   * which tell in private memory what counts as touched. Its delta is a multiple of 8.
   */
  segment(address: number, access: Access): Segment | null;

  /**
   * The instruction at `pc` if it is here and may be executed, else null. Unlike `instructionAt` it never pauses or
   * faults, and what it looks at does not count as read.
   */
  codeAt(pc: number): Decoded | null;

  /**
   * Whether `bytes` are what lies at `base`, all executable (rule 18) by this attempt as it stands. May pause: its
   * pages become part of the snapshot. What it looks at does not count as read.
   */
  holdsCode(base: number, bytes: Uint8Array): boolean;

  /** Translated code may execute these bytes from now on: no store segment holds them, and `codeEpoch` tells of their loss. */
  guardCode(base: number, length: number): void;

  /** Counts up when guarded code has been written or hidden beneath a stack by this attempt. */
  readonly codeEpoch: number;

  /** Whether `noteExecuted` must be told (a serializable attempt validates the code that it has executed). */
  readonly tracksCode: boolean;
  noteExecuted(base: number, length: number): void;

  /**
   * Where frame `frame` of the private region lies in linear memory, for as long as this memory lives, whatever attempt
   * uses it; null if there is no room for more. Ports and register words are never accessed there.
   */
  frameAt(frame: number): number | null;

  /** The 512 bytes of private memory around `address` count as touched from now on. Throws the fault `private-memory-limit`. */
  touchPrivate(address: number): void;
}
