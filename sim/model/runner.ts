/** A runner of the reference model, and how `newr` judges what it finds in the control blocks. */

import type { RawControl, RawRange } from '../../src/isa/control.ts';
import { ADDRESS_LIMIT } from '../../src/isa/layout.ts';
import { FaultTrap } from '../../src/isa/port.ts';
import { type Extent, overlap, united, within } from './extent.ts';

/** All that an attempt depends on besides its snapshot and its runner. */
export interface World {
  readonly regionBoundary: number;
  readonly lazyReads: boolean;
  readonly serializable: boolean;
  readonly fuel: number;
  readonly limits: { readonly children: number; readonly ranges: number };
  /** Readable by all, undeclared: assembled bytes outside the entry's heap, input files, system words. */
  readonly readable: readonly Extent[];
  /** Written by no runner: input files, system words, an input stream but for its cursor. */
  readonly readOnly: readonly Extent[];
  /** Memory that the machine writes: no status record lies there. */
  readonly machineWritten: readonly Extent[];
  /** Ids and seeds are hashes that no rule describes; the model takes the product's. */
  readonly childId: (parent: bigint, index: number) => bigint;
  readonly seedOf: (id: bigint) => bigint;
}

export interface Runner {
  readonly id: bigint;
  readonly parent: bigint;
  readonly index: number;
  readonly fi: number;
  readonly stack: Extent;
  readonly heap: readonly (Extent & { readonly merge: number })[];
  readonly watcher: boolean;
  readonly watched: readonly Extent[];
  readonly persistent: boolean;
  readonly serializable: boolean;
  readonly status: number | null;
  /** Stack bytes that are not 0, by address. */
  readonly image: ReadonlyMap<number, number>;
}

/** The child that the blocks describe. Throws `bad-runner-control`. */
export function childOf(world: World, parent: bigint, index: number, raw: RawControl): Runner {
  const extent = (range: RawRange) => extentOf(world, range);
  const stack = extent(raw.stack) ?? { base: 0, length: 0 };
  const heap = raw.heap.flatMap((given) => {
    const range = extent(given);
    if (range === null) return [];
    if (given.merge !== 0 && (range.base % 8 !== 0 || range.length % 8 !== 0)) throw bad(given.base);
    return [{ ...range, merge: given.merge }];
  });
  const clash = heap.find((a) => heap.some((b) => a.merge !== b.merge && b.base <= a.base && overlap(a, b)));
  if (clash !== undefined) throw bad(BigInt(clash.base));
  if (heap.some((range) => overlap(range, stack))) throw bad(raw.stack.base);
  const { fi, status } = raw;
  if (fi < world.regionBoundary || fi >= ADDRESS_LIMIT) throw bad(fi);
  const watched = raw.watched.flatMap((range) => extent(range) ?? []);
  if (status !== null) checkStatus(world, status);
  return {
    id: world.childId(parent, index),
    parent,
    index,
    fi: Number(fi),
    stack,
    heap,
    watcher: raw.watched.length > 0,
    watched: united(watched),
    persistent: raw.persistent && raw.watched.length > 0,
    serializable: raw.serializable,
    status: status === null ? null : Number(status),
    image: new Map(),
  };
}

function extentOf(world: World, { base, length }: RawRange): Extent | null {
  if (length === 0n) return null;
  if (base < world.regionBoundary || base + length > ADDRESS_LIMIT) throw bad(base);
  return { base: Number(base), length: Number(length) };
}

function checkStatus(world: World, status: bigint): void {
  if (status % 8n !== 0n || status < world.regionBoundary || status + 64n > ADDRESS_LIMIT) throw bad(status);
  for (let at = Number(status); at < Number(status) + 64; at += 1)
    if (within(world.machineWritten, at)) throw bad(status);
}

function bad(address: bigint): FaultTrap {
  return new FaultTrap('bad-runner-control', address);
}
