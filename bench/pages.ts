/** The pages that the benchmark of links moves: which they are, who keeps them, and who asks. */

import { pagesOf } from '../src/memory/directory.ts';

/** Numbers of the nodes: who has the homes, and who reads. */
export const SENDER = 1;
export const READER = 0;

export const HOMES = 16;
export const PAGE_BYTES = 4_096;

export const PAGES: readonly number[] = [...pagesOf({ base: 0x6_0000_0000, length: 2 ** 26 }, PAGE_BYTES)];

/** Each page tells its number, the rest is noise. */
export function contentOf(page: number): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES).map((_, i) => Math.imul(page + i, 0x9e37_79b1) >>> 24);
  new DataView(bytes.buffer).setUint32(0, page);
  return bytes;
}

export function isContentOf(page: number, bytes: Uint8Array): boolean {
  return bytes.length === PAGE_BYTES && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) === page;
}
