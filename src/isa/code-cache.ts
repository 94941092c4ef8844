/** Decodes each place of a code page once. */

import { decode } from './codec.ts';
import type { Decoded } from './port.ts';

/**
 * `decode(page, offset)`, remembered for as long as the page lives. The page's bytes must never change. An instruction
 * that runs over the page's end is null here: within `MAX_INSTRUCTION_BYTES` of the end the caller joins two pages.
 */
export function cachedDecode(page: Uint8Array, offset: number): Decoded | null {
  let places = DECODED.get(page);
  if (places === undefined) {
    places = new Array<Decoded | null | undefined>(page.length).fill(undefined);
    DECODED.set(page, places);
  }
  let decoded = places[offset];
  if (decoded === undefined) {
    decoded = decode(page, offset);
    if (offset < places.length) places[offset] = decoded;
  }
  return decoded;
}

/** Keyed by the array itself, so a page that nobody holds takes its instructions with it. */
const DECODED = new WeakMap<Uint8Array, (Decoded | null | undefined)[]>();
