/** Attempts that two memories see: ranges of all kinds on a few neighbourhoods, and what the attempts do there. */

import fc from 'fast-check';
import { build } from '../../sim/programs/build.ts';
import type { MachineConfig, MemoryMap } from '../../src/actors/config.ts';
import type { ControlBlock, HeapRange } from '../../src/actors/control-block.ts';
import { encode } from '../../src/isa/codec.ts';
import type { AccessSize } from '../../src/isa/value-type.ts';
import { unite } from '../../src/memory/ranges.ts';
import { CONFIG, controlBlock, EMPTY_MAP } from './actors.ts';

export const RB = 2 ** 22;
/** A neighbourhood of small ranges, which meet, touch and overlap. */
export const TOWN = 0x100_0000;
const TOWN_BYTES = 0x400;
/** A range that is larger than a little linear memory, and one that is larger than any. */
export const LAND = 0x1000_0000;
const LAND_BYTES = 2 ** 21;
export const CONTINENT = 0x100_0000_0000;
const CONTINENT_BYTES = 2 ** 40;

export interface Scene {
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  readonly control: ControlBlock;
  readonly deeds: readonly Deed[];
}

export type Deed =
  | { readonly type: 'load'; readonly address: number; readonly size: AccessSize }
  | { readonly type: 'store'; readonly address: number; readonly size: AccessSize; readonly bits: bigint }
  /** By way of a segment that was granted before, if it still holds. */
  | { readonly type: 'direct'; readonly pick: number; readonly offset: number; readonly size: AccessSize }
  | { readonly type: 'execute'; readonly address: number }
  | { readonly type: 'guard'; readonly address: number; readonly length: number }
  | { readonly type: 'newr'; readonly stack: readonly [number, number] }
  /** Loads an aligned word and stores it, as who reads a merge word does. */
  | { readonly type: 'increment'; readonly address: number }
  /** Touches a long stretch of memory, here and there. */
  | { readonly type: 'sweep'; readonly from: number }
  | { readonly type: 'pin'; readonly address: number };

const EXIT = encode(build('exit:c'));

/** The byte of the snapshot: every other page is full of instructions, and some are zero pages. */
export function snapshotByte(address: number, pageSize: number): number {
  const page = Math.floor(address / pageSize);
  if (page % 5 === 4) return 0;
  if (page % 2 === 0) return EXIT[address % EXIT.length]!;
  return (Math.imul(address >>> 0, 0x9e3779b1) >>> 24) & 0xff;
}

export function snapshotPage(page: number, pageSize: number): Uint8Array | null {
  if (page % 5 === 4) return null;
  return Uint8Array.from({ length: pageSize }, (_, i) => snapshotByte(page * pageSize + i, pageSize));
}

const anySize = fc.constantFrom<AccessSize>(1, 2, 4, 8);
const anyTown = fc.nat(TOWN_BYTES).map((offset) => TOWN + offset);

const anyRange = fc
  .tuple(fc.nat(TOWN_BYTES), fc.oneof(fc.nat(24), fc.nat(300)))
  .map(([offset, length]) => ({ base: TOWN + offset, length: length + 1 }));

const anyHeap: fc.Arbitrary<HeapRange[]> = fc
  .tuple(
    fc.array(anyRange, { maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(TOWN_BYTES / 8), fc.integer({ min: 1, max: 8 }), fc.constantFrom(1, 2)), {
      maxLength: 2,
    }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([plain, merged, land, continent]) => {
    const free = unite(plain);
    const heap: HeapRange[] = free.map((range) => ({ ...range, merge: 0 }));
    for (const [word, words, type] of merged) {
      const range = { base: TOWN + 8 * word, length: 8 * words };
      const meets = heap.some((r) => r.base < range.base + range.length && range.base < r.base + r.length);
      if (!meets) heap.push({ ...range, merge: type as 1 | 2 });
    }
    if (land) heap.push({ base: LAND + 5, length: LAND_BYTES, merge: 0 });
    if (continent) heap.push({ base: CONTINENT, length: CONTINENT_BYTES, merge: 0 });
    return heap.sort((a, b) => a.base - b.base);
  });

/** Within a few bytes of an edge where something may begin: of chunks, blocks, frames, pages. */
const anyEdge = (base: number, bytes: number) =>
  fc
    .tuple(fc.nat(70), fc.integer({ min: -9, max: 9 }))
    .map(([step, by]) => base + Math.max(0, Math.min(bytes - 8, step * 0x4000 + by)));

const PRIVATE = [0x1_0000, RB / 4 + 0x100, RB / 4 + 0x208, RB / 4 + 0x800, RB / 2 + 512, 3 * 0x4_0000];

const anyPrivate = fc
  .oneof(
    fc.tuple(fc.constantFrom(...PRIVATE), fc.integer({ min: -12, max: 12 })).map(([base, by]) => base + by),
    anyEdge(0, 2 ** 20),
  )
  .filter((address) => address + 8 <= RB / 2 || (address >= RB / 2 + 512 && address + 8 <= RB));

export const anyAddress = fc.oneof(
  { weight: 6, arbitrary: anyTown },
  { weight: 4, arbitrary: anyPrivate },
  { weight: 3, arbitrary: anyEdge(LAND, LAND_BYTES) },
  { weight: 2, arbitrary: anyEdge(CONTINENT, CONTINENT_BYTES) },
);

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('load' as const), address: anyAddress, size: anySize }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('store' as const),
      address: anyAddress,
      size: anySize,
      bits: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('direct' as const),
      pick: fc.nat(30),
      offset: fc.nat(5000),
      size: anySize,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('increment' as const),
      address: fc.nat(TOWN_BYTES / 8).map((word) => TOWN + 8 * word),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('execute' as const), address: anyTown }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('guard' as const),
      address: anyTown,
      length: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('newr' as const),
      stack: fc.tuple(fc.oneof(anyTown, anyEdge(LAND, LAND_BYTES)), fc.nat(200)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('sweep' as const),
      from: fc.constantFrom(0x2000, 0x2000, LAND + 0x2000, CONTINENT + 0x2004),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pin' as const), address: anyPrivate }) },
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

export const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    pageSize: fc.constantFrom(16, 64, 256, 4096),
    heap: anyHeap,
    stack: maybe(anyRange),
    watched: fc.array(anyRange, { maxLength: 2 }),
    assembled: fc.array(anyRange, { maxLength: 2 }),
    file: maybe(anyRange),
    image: fc.uint8Array({ maxLength: 40 }),
    serializable: fc.boolean(),
    lazyReads: fc.boolean(),
    observeLoads: fc.boolean(),
    privatePages: fc.constantFrom(4, 8, 50, 90, 2_500, 2 ** 20),
    deeds: fc.array(anyDeed, { maxLength: 60, size: 'max' }),
  })
  .map((drawn): Scene => {
    const { pageSize, heap, watched, assembled, serializable, lazyReads, observeLoads } = drawn;
    const clear = (range: { base: number; length: number }) =>
      heap.every((r) => r.base >= range.base + range.length || range.base >= r.base + r.length);
    const stack = drawn.stack !== undefined && clear(drawn.stack) ? drawn.stack : { base: 0, length: 0 };
    const image = drawn.image.slice(0, Math.max(0, stack.length - 1));
    return {
      config: {
        ...CONFIG,
        regionBoundary: RB,
        pageSize,
        lazyReads,
        observeLoads: observeLoads && lazyReads,
        limits: { ...CONFIG.limits, privateBytes: drawn.privatePages * 512 },
      },
      map: {
        ...EMPTY_MAP,
        assembled: unite(assembled),
        files: drawn.file === undefined ? [] : [{ ...drawn.file, io: 1 }],
      },
      control: controlBlock({
        heap,
        stack,
        watched: unite(watched),
        watcher: watched.length > 0,
        serializable,
        image: image.length === 0 ? [] : [{ address: stack.base + 1, bytes: image }],
      }),
      deeds: drawn.deeds,
    };
  });
