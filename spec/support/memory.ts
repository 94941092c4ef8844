/** Drawn ranges and spans on a small strip of memory, so that they meet; and the sets of bytes that they mean. */

import fc from 'fast-check';
import type { MergeType } from '../../src/memory/merge.ts';
import type { Range } from '../../src/memory/ranges.ts';
import type { Span } from '../../src/memory/span.ts';

/** Bytes in the strip; ranges of it start anywhere, also at the top of the address space. */
export const STRIP = 64;

export const anyRange: fc.Arbitrary<Range> = fc.record({
  base: fc.nat(STRIP - 1),
  length: fc.oneof(fc.nat(4), fc.nat(24)),
});

export const anyRanges = fc.array(anyRange, { maxLength: 8 });

/** A plain span anywhere, or contributions to whole words; types are few so that equal ones meet. */
export const anySpan: fc.Arbitrary<Span> = fc.oneof(
  anyRange.map((range) => ({ ...range, merge: 0 as MergeType })),
  fc.record({
    base: fc.nat(STRIP / 8 - 1).map((word) => word * 8),
    length: fc.nat(3).map((words) => words * 8),
    merge: fc.constantFrom<MergeType>(1, 1, 2, 6),
  }),
);

export const anySpans = fc.array(anySpan, { maxLength: 4 });

/** The addresses in ranges. */
export function bytesOf(ranges: readonly Range[]): Set<number> {
  return new Set(ranges.flatMap(({ base, length }) => Array.from({ length }, (_, i) => base + i)));
}

/** Each written address with its merge type; plain where it is written in two ways. */
export function kindsOf(spans: readonly Span[]): Map<number, MergeType> {
  const kinds = new Map<number, MergeType>();
  for (const span of spans) {
    for (const byte of bytesOf([span])) {
      kinds.set(byte, (kinds.get(byte) ?? span.merge) === span.merge ? span.merge : 0);
    }
  }
  return kinds;
}
