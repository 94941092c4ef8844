/** The 46-bit address space as a program sees it: regions, register words, context words and ports. */

import { invariant } from '../invariant.ts';

/** Addresses lie in `[0, ADDRESS_LIMIT)`. */
export const ADDRESS_LIMIT = 2 ** 46;

/** The default region boundary, 16 GiB; see `docs/decisions/` for why it is not the number that the paper prints. */
export const DEFAULT_REGION_BOUNDARY = 0x4_0000_0000;

/** Where the entry runner's stack lies without `.stack`: 64 KiB. */
export const DEFAULT_STACK = { base: 0x3e00_0000_0000, length: 0x1_0000 } as const;

/** How many 8-byte register words there are, `r0` … `r63`. */
export const REGISTER_COUNT = 64;

/** System words (signals): 8-byte event counters in the SR that everyone may read and watch. */
export const SYSTEM_WORDS = {
  nodesJoined: 0x3f00_0000_0000,
  nodesLeft: 0x3f00_0000_0008,
  timerTicks: 0x3f00_0000_0010,
  shutdownAsked: 0x3f00_0000_0018,
} as const;

/** The range that the system words occupy. */
export const SYSTEM_RANGE = { base: 0x3f00_0000_0000, length: 32 } as const;

/** Output channels; a port word appends to the channel of the same name. */
export type Channel = 'stdout' | 'stderr';

/** Where a runner's own words lie in the private region, for one region boundary. */
export interface Layout {
  /** First address of the shared region. */
  readonly regionBoundary: number;
  /** First byte of the register window. */
  readonly registers: number;
  /** First byte after the register window. */
  readonly registersEnd: number;
  /** PR address of the runner's list of heap ranges. */
  readonly heapList: number;
  /** The 8-byte words by the names that the assembler knows. */
  readonly words: Readonly<Record<ContextWord, number>>;
}

/** Names of the context words and ports, without the `ctx.` prefix. */
export type ContextWord =
  | 'stack'
  | 'stack_size'
  | 'heap_count'
  | 'heap_list'
  | 'id'
  | 'seed'
  | 'stdout'
  | 'stderr'
  | 'child';

/** The smallest region boundary whose private region still holds the longest list of heap ranges. */
export const SMALLEST_REGION_BOUNDARY = 2 ** 20;

/** Whether `boundary` can separate the regions: a power of two from 1 MiB to 2^45. */
export function isRegionBoundary(boundary: number): boolean {
  return (
    Number.isSafeInteger(boundary) &&
    boundary >= SMALLEST_REGION_BOUNDARY &&
    boundary <= 2 ** 45 &&
    Number.isInteger(Math.log2(boundary))
  );
}

/** The layout of the private region under a region boundary: context at RB/4, register words at RB/2. */
export function layoutOf(regionBoundary: number): Layout {
  const known = LAYOUTS.get(regionBoundary) ?? newLayout(regionBoundary);
  LAYOUTS.set(regionBoundary, known);
  return known;
}

/** Every attempt asks for one, and there are few boundaries. */
const LAYOUTS = new Map<number, Layout>();

function newLayout(regionBoundary: number): Layout {
  invariant(isRegionBoundary(regionBoundary), 'a region boundary is a power of two from 2^20 to 2^45');
  const context = regionBoundary / 4;
  const registers = regionBoundary / 2;
  return {
    regionBoundary,
    registers,
    registersEnd: registers + REGISTER_COUNT * 8,
    heapList: context + 0x800,
    words: {
      stack: context + 0x100,
      stack_size: context + 0x108,
      heap_count: context + 0x110,
      heap_list: context + 0x118,
      id: context + 0x120,
      seed: context + 0x128,
      stdout: context + 0x208,
      stderr: context + 0x218,
      child: context + 0x410,
    },
  };
}
