/** From what `newr` found in the control blocks to a runner's control block: the contract's rules about ranges. */

import type { RawControl, RawRange } from '../isa/control.ts';
import { ADDRESS_LIMIT, SYSTEM_RANGE } from '../isa/layout.ts';
import { FaultTrap } from '../isa/port.ts';
import type { RunnerId } from '../memory/ids.ts';
import { end, overlap, type Range, unite } from '../memory/ranges.ts';
import type { MemoryMap } from './config.ts';
import type { ControlBlock, HeapRange } from './control-block.ts';
import { NO_IMAGE } from './stack-images.ts';

// One for all: a machine may have a hundred thousand idle watchers.
const NO_RANGES: readonly HeapRange[] = [];
const NO_STACK: Range = { base: 0, length: 0 };

/** Bytes of a status record. */
export const STATUS_BYTES = 64;

export interface Kinship {
  readonly id: RunnerId;
  readonly parent: RunnerId;
  readonly index: number;
}

/** The control block without its stack image, which the parent completes at its end. Throws `bad-runner-control`, the range named. */
export function newborn(
  raw: RawControl,
  kinship: Kinship,
  regionBoundary: number,
  map: MemoryMap,
): ControlBlock {
  const shared = (range: RawRange, what: string) => sharedRange(range, what, regionBoundary);
  const stack = shared(raw.stack, 'stack') ?? NO_STACK;
  const heap = raw.heap.flatMap((given) => {
    const range = shared(given, 'heap range');
    if (range === null) return [];
    if (given.merge !== 0 && (range.base % 8 !== 0 || range.length % 8 !== 0))
      throw refused('merge range', given, 'is not made of aligned 8-byte words');
    return [{ ...range, merge: given.merge }];
  });
  const united = uniteHeap(heap);
  const common = stack.length === 0 ? null : overlap([stack], united);
  if (common !== null)
    throw refused('stack', raw.stack, `overlaps the runner's own heap at ${hex(common.base)}`);
  return {
    id: kinship.id,
    parent: kinship.parent,
    index: kinship.index,
    fi: firstInstruction(raw.fi, regionBoundary),
    stack,
    heap: united,
    watcher: raw.watched.length > 0,
    // A copy is as long as its content, where a grown array keeps room to spare: idle watchers are many.
    watched: unite(raw.watched.flatMap((given) => shared(given, 'watched range') ?? [])).slice(),
    persistent: raw.persistent && raw.watched.length > 0,
    serializable: raw.serializable,
    status: raw.status === null ? null : statusAddress(raw.status, regionBoundary, map),
    image: NO_IMAGE,
  };
}

/**
 * Heap ranges sorted and disjoint, those of one merge type united. Throws `bad-runner-control` where two types
 * overlap: a word cannot be both a store and a contribution.
 */
export function uniteHeap(ranges: readonly HeapRange[]): readonly HeapRange[] {
  if (ranges.length === 0) return NO_RANGES;
  if (ranges.length === 1) return ranges;
  const merges = [...new Set(ranges.map((range) => range.merge))];
  const united = merges
    .flatMap((merge) =>
      unite(ranges.filter((range) => range.merge === merge)).map((range) => ({ ...range, merge })),
    )
    .sort((a, b) => a.base - b.base);
  for (let i = 1; i < united.length; i++) {
    const [left, right] = [united[i - 1]!, united[i]!];
    if (end(left) > right.base)
      throw refused('heap range', wide(right), 'overlaps a heap range of another merge type');
  }
  return united;
}

/** The range, null if it is empty. */
function sharedRange(given: RawRange, what: string, regionBoundary: number): Range | null {
  const { base, length } = given;
  if (length === 0n) return null;
  if (base + length > 2n ** 64n) throw refused(what, given, 'wraps around the address space');
  if (base + length > BigInt(ADDRESS_LIMIT)) throw refused(what, given, 'leaves the 46-bit address space');
  if (base + length <= BigInt(regionBoundary)) throw refused(what, given, 'lies below the region boundary');
  if (base < BigInt(regionBoundary)) throw refused(what, given, 'crosses the region boundary');
  return { base: Number(base), length: Number(length) };
}

function firstInstruction(fi: bigint, regionBoundary: number): number {
  if (fi < BigInt(regionBoundary) || fi >= BigInt(ADDRESS_LIMIT))
    throw new FaultTrap('bad-runner-control', fi, 'the first instruction lies outside the shared region');
  return Number(fi);
}

function statusAddress(status: bigint, regionBoundary: number, map: MemoryMap): number {
  const refuse = (why: string) => new FaultTrap('bad-runner-control', status, `the status record ${why}`);
  if (status % 8n !== 0n) throw refuse('is not aligned to 8 bytes');
  if (status < BigInt(regionBoundary) || status + BigInt(STATUS_BYTES) > BigInt(ADDRESS_LIMIT))
    throw refuse('lies outside the shared region');
  const record = [{ base: Number(status), length: STATUS_BYTES }];
  if (overlap(record, unite([SYSTEM_RANGE, ...map.files, ...map.streams])) !== null)
    throw refuse('lies on memory that the machine itself writes');
  return Number(status);
}

function refused(what: string, { base, length }: RawRange, why: string): FaultTrap {
  return new FaultTrap('bad-runner-control', base, `${what} ${hex(base)} + ${hex(length)} ${why}`);
}

function wide({ base, length }: Range): RawRange {
  return { base: BigInt(base), length: BigInt(length) };
}

function hex(n: number | bigint): string {
  return `0x${n.toString(16)}`;
}
