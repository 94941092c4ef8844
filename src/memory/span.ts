/** What a commit wrote, without the bytes: all that validation and watchers ask of it. */

import type { MergeType } from './merge.ts';
import type { Range } from './ranges.ts';

/** Bytes that a commit wrote, plainly or as contributions to merge words of one type. */
export interface Span extends Range {
  readonly merge: MergeType;
}

/**
 * The same writes as a sorted list of disjoint spans; touching spans of one merge type are one span.
 * A byte written in two ways is plain: it conflicts with every other write, as either way would.
 */
export function coalesce(spans: readonly Span[]): Span[] {
  const sorted = spans.filter((span) => span.length > 0).sort((a, b) => a.base - b.base);
  return join(sorted) ?? join(separate(sorted))!;
}

/** Null if two spans of different types overlap. */
function join(sorted: readonly Span[]): Span[] | null {
  const joined: Span[] = [];
  let last: { base: number; length: number; merge: MergeType } | null = null;
  for (const span of sorted) {
    const lastEnd: number = last === null ? Number.NEGATIVE_INFINITY : last.base + last.length;
    if (last !== null && span.base <= lastEnd && span.merge === last.merge) {
      last.length = Math.max(lastEnd, span.base + span.length) - last.base;
    } else if (span.base < lastEnd) {
      return null;
    } else {
      last = { base: span.base, length: span.length, merge: span.merge };
      joined.push(last);
    }
  }
  return joined;
}

/** The spans cut at each other's edges, so that what overlaps is one plain span. */
function separate(spans: readonly Span[]): Span[] {
  const edges = spans
    .flatMap(({ base, length, merge }) => [
      { address: base, merge, change: 1 },
      { address: base + length, merge, change: -1 },
    ])
    .sort((a, b) => a.address - b.address);
  const open = new Map<MergeType, number>();
  const disjoint: Span[] = [];
  let base = 0;
  for (const { address, merge, change } of edges) {
    const [only] = open.keys();
    if (only !== undefined && address > base) {
      disjoint.push({ base, length: address - base, merge: open.size === 1 ? only : 0 });
    }
    const count = (open.get(merge) ?? 0) + change;
    if (count === 0) open.delete(merge);
    else open.set(merge, count);
    base = address;
  }
  return disjoint;
}
