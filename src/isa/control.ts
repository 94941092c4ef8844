/** What `newr` finds in its four control blocks, before anyone judges it against a runner's ranges. */

import { FaultTrap } from './port.ts';

/** As given by the program: 64-bit numbers that may wrap, overlap or lie anywhere. */
export interface RawControl {
  readonly stack: RawRange;
  readonly heap: readonly (RawRange & { readonly merge: MergeNumber })[];
  /** Empty for a plain runner; a list of empty ranges watches for ever. */
  readonly watched: readonly RawRange[];
  readonly persistent: boolean;
  readonly serializable: boolean;
  /** Address of the first instruction. */
  readonly fi: bigint;
  /** Address of the status record, if one is asked for. */
  readonly status: bigint | null;
}

export interface RawRange {
  readonly base: bigint;
  readonly length: bigint;
}

/** 0 none, 1 sum, 2 min, 3 max, 4 and, 5 or, 6 xor: the top byte of a heap range's length. */
type MergeNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Where the four blocks lie: the words that `newr`'s operands hold, left to right. */
export interface ControlPointers {
  readonly stack: bigint;
  readonly heap: bigint;
  readonly watched: bigint;
  readonly code: bigint;
}

/**
 * Reads the blocks in operand order, each from its first word to its last, by way of `load`, which checks addresses.
 * Throws a `FaultTrap`: `too-many-ranges` before a list is read that makes the heap and watched ranges, counted as
 * given, more than `limits.ranges`; `bad-runner-control` for an unknown flag or merge type; and what `load` throws.
 */
export function readControlBlocks(
  load: (address: bigint) => bigint,
  pointers: ControlPointers,
  limits: { readonly ranges: number },
): RawControl {
  const word = (block: bigint, index: number): bigint => load(BigInt.asUintN(64, block + BigInt(index) * 8n));
  const ranges = (block: bigint, count: number): RawRange[] =>
    Array.from({ length: count }, (_, i) => {
      const base = word(block, 1 + 2 * i);
      return { base, length: word(block, 2 + 2 * i) };
    });
  const atMost = (limit: number, count: bigint, block: bigint): number => {
    if (count > BigInt(limit))
      throw new FaultTrap('too-many-ranges', BigInt.asUintN(64, block), `limit ${limits.ranges}`);
    return Number(count);
  };

  const stack = { base: word(pointers.stack, 0), length: word(pointers.stack, 1) };

  const heapCount = atMost(limits.ranges, word(pointers.heap, 0), pointers.heap);
  const heap = ranges(pointers.heap, heapCount).map(mergeable);

  const head = word(pointers.watched, 0);
  const flags = head & FLAG_BYTE;
  if ((flags & ~KNOWN_FLAGS) !== 0n)
    throw new FaultTrap(
      'bad-runner-control',
      pointers.watched,
      'unknown flag in the count of watched ranges',
    );
  const watchedCount = atMost(limits.ranges - heapCount, head & ~FLAG_BYTE, pointers.watched);
  const watched = ranges(pointers.watched, watchedCount);

  return {
    stack,
    heap,
    watched,
    persistent: (flags & PERSISTENT) !== 0n,
    serializable: (flags & SERIALIZABLE) !== 0n,
    fi: word(pointers.code, 0),
    status: (flags & HAS_STATUS) === 0n ? null : word(pointers.code, 1),
  };
}

const PERSISTENT = 1n << 63n;
const HAS_STATUS = 1n << 62n;
const SERIALIZABLE = 1n << 61n;
const KNOWN_FLAGS = PERSISTENT | HAS_STATUS | SERIALIZABLE;

/** The top byte of the count of watched ranges holds flags, as that of a heap range's length holds its merge type. */
const FLAG_BYTE = 0xffn << 56n;

function mergeable({ base, length }: RawRange): RawRange & { readonly merge: MergeNumber } {
  const merge = Number(length >> 56n);
  if (!isMergeNumber(merge)) throw new FaultTrap('bad-runner-control', base, `unknown merge type ${merge}`);
  return { base, length: BigInt.asUintN(56, length), merge };
}

function isMergeNumber(merge: number): merge is MergeNumber {
  return merge <= 6;
}
