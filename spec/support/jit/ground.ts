/** The world around a drawn program: its ranges, what they hold, and the knobs of its machine. */

import { DEFAULT_CONFIG, type MachineConfig, type MemoryMap } from '../../../src/actors/config.ts';
import type { ControlBlock, HeapRange, ImageRun } from '../../../src/actors/control-block.ts';
import { uniteHeap } from '../../../src/actors/newborn.ts';
import { ADDRESS_LIMIT, type Layout, layoutOf } from '../../../src/isa/layout.ts';
import type { MergeType } from '../../../src/memory/merge.ts';
import { type Range, unite } from '../../../src/memory/ranges.ts';
import type { Random } from './random.ts';

/** What lies where. */
export interface Ground {
  readonly config: MachineConfig;
  readonly layout: Layout;
  readonly codeBase: number;
  /** Whether the code's bytes are the program's own heap, so that it may write them. */
  readonly codeInHeap: 'no' | 'yes' | 'half';
  readonly heap: Range;
  /** A second heap range: beside the first, or elsewhere. */
  readonly annex: Range;
  readonly merge: HeapRange | null;
  readonly stack: Range;
  readonly image: readonly ImageRun[];
  /** Assembled bytes: tables and control blocks. */
  readonly data: Range;
  readonly watched: Range;
  readonly file: Range;
  /** Declared by nobody. */
  readonly nowhere: Range;
  /** Some words of private memory, with an edge of pages or frames among them now and then. */
  readonly pool: Range;
  readonly serializable: boolean;
  readonly contentSeed: number;
}

/** More than the smaller linear memories hold at once. */
export const VAST = 3 * 2 ** 20;

/** Room for more calls than a host's stack holds. */
export const DEEP_STACK = 2 ** 19;

export function drawGround(random: Random): Ground {
  const regionBoundary = random.weighted([
    [8, 0x4_0000_0000],
    [1, 0x4000_0000],
    [1, 2 ** 20],
  ]);
  const pageSize = random.weighted([
    [2, 64],
    [1, 16],
    [4, 256],
    [4, 4096],
    [1, 65_536],
  ]);
  const heapLength = random.pick([64, 72, 203, 256, 520, 1024, 3 * 256 + 5, 4096]);
  const heapBase = 0x6_0000_0000 + random.pick([0, 0, 3, 8, 250, pageSize - 8, 0x1_0000 - 24]);
  const heap = random.chance(3)
    ? { base: ADDRESS_LIMIT - heapLength, length: heapLength }
    : { base: heapBase, length: heapLength };
  const beside = random.chance(40) && heap.base < 0x7_0000_0000;
  const annexBase = beside ? heap.base + heap.length : 0x6_4000_0000 + random.pick([0, 5, pageSize - 4]);
  const stackLength = random.chance(1) ? DEEP_STACK : random.pick([64, 256, 1024, 4096, 65_536]);
  const stack = { base: 0x7_0000_0000 + random.pick([0, 1, 48, pageSize - 16]), length: stackLength };
  return {
    config: {
      ...DEFAULT_CONFIG,
      regionBoundary,
      pageSize,
      lazyReads: random.chance(15),
      seed: random.word(),
      limits: {
        ...DEFAULT_CONFIG.limits,
        children: random.chance(15) ? random.from(0, 2) : 1_000,
        ranges: random.chance(5) ? 2 : 64,
        privateBytes: random.chance(4) ? 512 * random.from(1, 6) : 2 ** 24,
      },
    },
    layout: layoutOf(regionBoundary),
    codeBase: regionBoundary + random.pick([0, 0, 1, pageSize - 7, 2 * pageSize - 20]),
    codeInHeap: random.weighted([
      [85, 'no'],
      [10, 'yes'],
      [5, 'half'],
    ]),
    heap,
    annex: { base: annexBase, length: random.chance(5) ? VAST : random.pick([8, 16, 64, 200]) },
    merge: random.chance(50) ? drawMerge(random, heap, beside) : null,
    stack,
    image: random.chance(50) ? [drawImage(random, stack)] : [],
    data: { base: 0x5_0000_0000 + random.pick([0, pageSize - 8]), length: 1024 },
    watched: random.chance(20)
      ? { base: heap.base + 8, length: 16 }
      : { base: 0x5_8000_0000 + random.pick([0, 3]), length: 100 },
    file: random.chance(10)
      ? { base: heap.base + heap.length - 16, length: 8 }
      : { base: 0x8_0000_0000, length: 64 },
    nowhere: { base: 0x9_0000_0000 + random.pick([0, pageSize - 3]), length: 128 },
    pool: { base: poolBase(random, layoutOf(regionBoundary)), length: 96 },
    serializable: random.chance(25),
    contentSeed: random.below(2 ** 32),
  };
}

/** The runner's control block once the code has a length. */
export function controlOf(ground: Ground, codeLength: number, fi: number): ControlBlock {
  const { heap, annex, merge, stack, image, watched } = ground;
  const plain = [heap, annex, ...ownCode(ground, codeLength)].map((range) => ({
    ...range,
    merge: 0 as const,
  }));
  return {
    id: 0x1234_5678_9abc_def0n,
    parent: 0n,
    index: 0,
    fi,
    stack,
    heap: uniteHeap(merge === null ? plain : [...plain, merge]),
    watcher: false,
    watched: unite([watched]),
    persistent: false,
    serializable: ground.serializable,
    status: null,
    image,
  };
}

export function mapOf({ data, file, codeBase }: Ground, codeLength: number): MemoryMap {
  const loaded = unite([{ base: codeBase, length: codeLength }, data]);
  return {
    assembled: loaded,
    loaded,
    files: [{ ...file, io: 1 }],
    outputs: [],
    streams: [],
  };
}

/** Anywhere, across edges of pages and frames, or next to what is special in private memory. */
function poolBase(random: Random, { registers, registersEnd, regionBoundary, words }: Layout): number {
  const plain = [0x2000, 0x1000 - 28, 0xffe4, 0x200, 0x3_0000 - 8];
  if (random.chance(85)) return random.pick(plain);
  return random.pick([registers - 112, registersEnd + 8, regionBoundary - 128, words.stdout - 100]);
}

function ownCode({ codeInHeap, codeBase }: Ground, codeLength: number): Range[] {
  switch (codeInHeap) {
    case 'no':
      return [];
    case 'yes':
      return [{ base: codeBase, length: codeLength + 24 }];
    case 'half':
      return [{ base: codeBase + (codeLength >>> 1), length: (codeLength >>> 1) + 16 }];
  }
}

function drawMerge(random: Random, heap: Range, beside: boolean): HeapRange {
  const aligned = (heap.base + heap.length) % 8 === 0;
  const base = !beside && aligned && heap.base < 0x7_0000_0000 ? heap.base + heap.length : 0x6_8000_0000;
  return { base, length: 8 * random.from(1, 6), merge: random.from(1, 6) as MergeType };
}

function drawImage(random: Random, stack: Range): ImageRun {
  const address = stack.base + random.below(24);
  return { address, bytes: Uint8Array.from({ length: random.from(1, 40) }, () => random.below(256)) };
}
