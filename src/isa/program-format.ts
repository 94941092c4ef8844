/**
 * The `.dvm` file, little endian:
 *
 *     0   magic 7f 'D' 'V' 'M'         24  entry, u64
 *     4   version, u16: 1              32  stack base, u64
 *     6   profile, u8: 0 base,         40  stack length, u64
 *         1 extended                   48  file length, u32
 *     7   0                            52  CRC-32 of the file with this field as 0
 *     8   0, u64                       56  sections
 *     16  region boundary, u64
 *
 * A section is its kind (u16), 0 (u16), the length of its content (u32) and the content. Kinds come in rising order:
 *
 *     1  bytes     any number, rising and disjoint: address u64, then the bytes
 *     2  heap      a count, then base u64 and length u64 each
 *     3  symbols   a count, then address u64 and name each, rising by name
 *     4  files     a count, then a name each
 *     5  lines     a count, then address u64, file u32 and line u32 each, rising by address
 *
 *     0x8000  translations  any number: entry u64, then a WebAssembly module
 *
 * A count is a u32, a name a u32 length and UTF-8. A kind from 0x8000 holds what can be made anew: a reader that does not
 * know it skips it.
 */

import type { Profile } from './program.ts';

export const MAGIC = Uint8Array.from([0x7f, 0x44, 0x56, 0x4d]);
export const VERSION = 1;
/** In the order of their numbers. */
export const PROFILES: readonly Profile[] = ['base', 'extended'];
export const LENGTH_OFFSET = 48;
export const CHECKSUM_OFFSET = 52;
export const KIND = { bytes: 1, heap: 2, symbols: 3, files: 4, lines: 5, translation: 0x8000 } as const;
export const FIRST_OPTIONAL_KIND = 0x8000;
