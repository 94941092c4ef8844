/** Where things lie in shared memory. Of each list a length, and as many cells for values as will ever be appended. */

import { STATUS_BYTES } from '../../../src/actors/newborn.ts';
import type { HistoryPlan } from './plan.ts';

const LISTS = 0x6_0000_0000;
/** Far enough for a home of its own at any size of pages. */
const APART = 0x1_0000;
const STATUS = 0x6_4000_0000;

/** Behind all lists, on the last one's page unless they lie apart. */
export function counterAddress(plan: HistoryPlan): number {
  const { lists, layout, cell, capacity } = plan;
  if (layout === 'apart') return LISTS + lists * APART;
  return Math.ceil((LISTS + lists * (capacity + 1) * cell) / 8) * 8;
}

/** Where the machine leaves its record of a runner's end. */
export function statusAddress(id: number): number {
  return STATUS + id * STATUS_BYTES;
}

/** Of a list: its length is at `base`, value i (from 1) at `base + i · stride`. */
export function listAt({ lists, layout, cell, capacity }: HistoryPlan, key: number) {
  switch (layout) {
    case 'apart':
      return { base: LISTS + key * APART, stride: cell };
    case 'packed':
      return { base: LISTS + key * (capacity + 1) * cell, stride: cell };
    case 'interleaved':
      return { base: LISTS + key * cell, stride: lists * cell };
  }
}

/** The range that a runner declares in order to use a list: the whole block where lists are interleaved. */
export function rangeOf(plan: HistoryPlan, key: number): { readonly base: number; readonly length: number } {
  const { lists, layout, cell, capacity } = plan;
  const length = (capacity + 1) * cell;
  return layout === 'interleaved'
    ? { base: LISTS, length: lists * length }
    : { base: listAt(plan, key).base, length };
}

/** Values of eight bytes are too long for a double, so that one on the way would show. */
const LONG = 1n << 62n;

/** A value as its cell holds it, for the assembler. */
export function wordOfValue({ cell }: HistoryPlan, value: number): bigint {
  return cell === 8 ? LONG + BigInt(value) : BigInt(value);
}

/** The list that a length and the values' cells make; [0], which nobody appends, if they make none. */
export function listOf(
  plan: HistoryPlan,
  byteAt: (offset: number) => number,
  stride: number,
  length = cellAt(plan, byteAt, 0),
): number[] {
  if (length > BigInt(plan.capacity)) return [0];
  return Array.from({ length: Number(length) }, (_, i) => {
    const value = cellAt(plan, byteAt, (i + 1) * stride) - (plan.cell === 8 ? LONG : 0n);
    return value > 0n && value <= BigInt(plan.capacity) ? Number(value) : 0;
  });
}

function cellAt({ cell }: HistoryPlan, byteAt: (offset: number) => number, offset: number): bigint {
  let word = 0n;
  for (let i = cell - 1; i >= 0; i -= 1) word = (word << 8n) | BigInt(byteAt(offset + i));
  return word;
}
