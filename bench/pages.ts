/** The pages that the benchmark of links moves: which they are, who keeps them, and who asks. */

import { pagesOf } from '../src/memory/directory.ts';

/** Numbers of the nodes: who has the homes, and who reads. */
export const SENDER = 1;
export const READER = 0;

export const HOMES = 16;
export const PAGE_BYTES = 4_096;

export const PAGES: readonly number[] = [...pagesOf({ base: 0x6_0000_0000, length: 2 ** 26 }, PAGE_BYTES)];

/** Bytes of pages that lie in one memory. */
const SLAB_BYTES = 2 ** 19;

/**
 * Each page tells its number, the rest is noise. They lie as pages of a home do that runners have written, or that came from
 * another node: many neighbours in one memory.
 */
export function contents(): { readonly page: number; readonly bytes: Uint8Array }[] {
  const noise = new Uint8Array(PAGE_BYTES + PAGES.length).map((_, i) => Math.imul(i, 0x9e37_79b1) >>> 24);
  let slab = new Uint8Array(0);
  return PAGES.map((page, i) => {
    const at = (i * PAGE_BYTES) % SLAB_BYTES;
    if (at === 0) slab = new Uint8Array(SLAB_BYTES);
    const bytes = slab.subarray(at, at + PAGE_BYTES);
    bytes.set(noise.subarray(i, i + PAGE_BYTES));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, page);
    return { page, bytes };
  });
}

export function isContentOf(page: number, bytes: Uint8Array): boolean {
  const told = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  return bytes.length === PAGE_BYTES && told === page;
}
