/**
 * Where what lies in a compartment's linear memory of S bytes, S = 2^32 where the host gives as much:
 *
 *     [0, 64 KiB)         control words, the register words, flags of executed blocks, segments of translated code
 *     [64 KiB, 128+ KiB)  touched map: byte L >>> 9 is 1 where the 512 bytes of private memory at L count as touched
 *     [1 MiB, S / 64)     frames of private memory that translated code reaches by constant addresses
 *     [S / 64, S / 8)     written map: the bit L & 7 of byte L >>> 3 is 1 where the byte at L is written
 *     [S / 8, S)          windows: where the ranges of a runner and the rest of its private memory lie
 *
 * The written map needs no offset, and its part for [0, S / 8) is not used: that is where the rest lies.
 */

/** Control words, the first two 64 bits wide and the others 32. */
export const CONTROL = {
  /** Where a computed branch goes, when translated code returns because of one. */
  pc: 0x10,
  /** Instructions left until translated code must return. May fall a little below 0. */
  left: 0x18,
  /** Counted up when segments that were granted may no longer be used. */
  generation: 0x40,
  /** Not 0 after a call out of translated code that could not do its work. */
  trapped: 0x44,
} as const;

/** The register words r0 … r63, 8 bytes each. */
export const REGISTERS_AT = 0x200;

/** One byte for each block of a unit that tracks what it executes. */
export const FLAGS_AT = 0x400;
export const FLAGS_BYTES = 0xc00;

/** Segments that sites of translated code share, up to the touched map. */
export const CACHES_AT = 0x1000;
export const CACHES_END = 0x1_0000;

/** Of each: its first address, how far an access may start from there, the linear address of its start. */
export const CACHE = { base: 0, limit: 8, origin: 16, bytes: 24 } as const;

/** The touched map's entry of a linear address L in the frames is at `TOUCHED_AT + (L >>> TOUCHED_SHIFT)`. */
export const TOUCHED_AT = 0x1_0000;
export const TOUCHED_SHIFT = 9;

/** Bytes in a frame of private memory; frame f of the private region holds addresses [f · 64 KiB, …). */
export const FRAME_BYTES = 0x1_0000;
export const FRAMES_AT = 0x10_0000;
