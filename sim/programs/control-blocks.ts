/** The control blocks that the runners of a plan are created from, as data. */

import { BAD_CONTROLS, badControls, type Control } from './bad-controls.ts';
import type { Target } from './code.ts';
import type { Ground } from './ground.ts';

/** Four pointers and the blocks that they point to. */
export interface Block {
  readonly address: number;
  readonly words: readonly bigint[];
}

/** Behind the plans' blocks: a runner whose first instruction is none, too many ranges, and what must be refused. */
export const STILLBORN = 0;
export const TOO_MANY_RANGES = 1;
export const badControl = (variant: number) => 2 + (variant % BAD_CONTROLS);

export function controlBlocks(ground: Ground, target: Target): Block[] {
  const { plans, arenas } = ground;
  const odd: Control[] = [{ fi: BigInt(arenas.data) }, { heapCount: 1n << 40n }, ...badControls(arenas)];
  const entry = BigInt(target('plan0'));
  return [
    ...plans.map((_, index) => blockAt(ground, index, planned(ground, index, target))),
    ...odd.map(({ stack = [0n, 0n], heap = [], heapCount, watched = [0n], fi = entry, status = 0n }, i) =>
      blockAt(ground, plans.length + i, [
        stack,
        [heapCount ?? BigInt(heap.length / 2), ...heap],
        watched,
        [fi, status],
      ]),
    ),
  ];
}

function planned(ground: Ground, index: number, target: Target): bigint[][] {
  const { base, length } = ground.stackOf(index);
  const heap = ground.heapOf(index, target);
  const watch = ground.watchOf(index);
  const watched = watch?.ranges.map((range) => ground.watched(range)) ?? [];
  const status = ground.statusOf(index);
  let count = BigInt(watched.length);
  if (watch?.persistent) count |= 1n << 63n;
  if (status !== null) count |= 1n << 62n;
  if (ground.plans[index]!.serializable) count |= 1n << 61n;
  return [
    [BigInt(base), BigInt(length)],
    [
      BigInt(heap.length),
      ...heap.flatMap((range) => [BigInt(range.base), BigInt(range.length) | (BigInt(range.merge) << 56n)]),
    ],
    [count, ...watched.flatMap((range) => [BigInt(range.base), BigInt(range.length)])],
    [BigInt(target(`plan${index}`)), BigInt(status ?? 0)],
  ];
}

function blockAt(ground: Ground, index: number, blocks: readonly (readonly bigint[])[]): Block {
  const address = ground.blockPointer(index, 0);
  const pointers: bigint[] = [];
  let next = ground.blockPointer(index, blocks.length);
  for (const block of blocks) {
    pointers.push(BigInt(next));
    next += block.length * 8;
  }
  return { address, words: [...pointers, ...blocks.flat()] };
}
