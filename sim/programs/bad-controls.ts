/** Control blocks that `newr` must refuse, one for each reason. */

import { ADDRESS_LIMIT, SYSTEM_RANGE } from '../../src/isa/layout.ts';
import type { Arenas } from './arenas.ts';

/** What differs from a plain runner without ranges. */
export interface Control {
  readonly stack?: readonly bigint[];
  /** Base and length each. */
  readonly heap?: readonly bigint[];
  readonly heapCount?: bigint;
  /** The count with its flags, then base and length each. */
  readonly watched?: readonly bigint[];
  readonly fi?: bigint;
  readonly status?: bigint;
}

/** How many `badControls` makes. */
export const BAD_CONTROLS = 14;

const MERGED = 1n << 56n;
const HAS_STATUS = 1n << 62n;

export function badControls({ regionBoundary, forbidden }: Arenas): Control[] {
  const place = BigInt(forbidden);
  const boundary = BigInt(regionBoundary);
  const end = BigInt(ADDRESS_LIMIT);
  return [
    // Ranges that cross or lie below the boundary, leave the address space, or wrap.
    { heap: [boundary - 4n, 8n] },
    { stack: [boundary - 64n, 8n] },
    { watched: [1n, end - 4n, 8n] },
    { heap: [place, (1n << 56n) - 1n] },
    { stack: [(1n << 64n) - 8n, 16n] },
    { stack: [place, 16n], heap: [place + 15n, 1n] },
    // Merge ranges that are not made of words, of no type, or of two types at once.
    { heap: [place + 4n, MERGED | 8n] },
    { heap: [place, MERGED | 12n] },
    { heap: [place, (7n << 56n) | 8n] },
    { heap: [place, MERGED | 16n, place + 8n, (2n << 56n) | 8n] },
    { watched: [1n << 56n] },
    { fi: boundary - 1n },
    { watched: [HAS_STATUS], status: place + 4n },
    { watched: [HAS_STATUS], status: BigInt(SYSTEM_RANGE.base) },
  ];
}
