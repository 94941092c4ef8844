/**
 * Where drawn programs work. Each arena lies across an edge between pages and between the homes of pages, whatever the
 * page size up to 4096 bytes.
 */

import { DEFAULT_REGION_BOUNDARY } from '../../src/isa/layout.ts';

export const HOT_BYTES = 48;
export const MERGE_WORDS = 3;
export const STACK_BYTES = 48;
export const STATUS_RECORDS = 2;

export interface Arenas {
  readonly regionBoundary: number;
  readonly code: number;
  /** Control blocks. */
  readonly data: number;
  readonly hot: number;
  readonly merge: number;
  /** A counter a plan. */
  readonly cells: number;
  readonly stacks: number;
  readonly status: number;
  /** Nobody ever declares these. */
  readonly forbidden: number;
}

const EDGE = 0x4_0000;

export function arenasOf(smallBoundary: boolean): Arenas {
  const regionBoundary = smallBoundary ? 2 ** 20 : DEFAULT_REGION_BOUNDARY;
  const edge = (n: number) => regionBoundary + n * EDGE;
  return {
    regionBoundary,
    code: regionBoundary,
    data: edge(2),
    hot: edge(3) - 24,
    // Right behind, so that one access can lie in both.
    stacks: edge(3) - 24 + HOT_BYTES,
    merge: edge(4) - 8,
    cells: edge(5) - 16,
    status: edge(7) - 64,
    forbidden: edge(8),
  };
}
