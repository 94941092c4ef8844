import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { end } from '../../src/memory/ranges.ts';
import { coalesce, type Span } from '../../src/memory/span.ts';
import { anySpans, kindsOf } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

describe('spans', () => {
  test('coalesced spans are the same writes; a byte written in two ways is plain', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        expect(kindsOf(coalesce(spans))).toEqual(kindsOf(spans));
      }),
      runs(1000),
    );
  });

  test('coalesced spans are disjoint, ascending, and touch only where the merge type changes', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const coalesced = coalesce(spans);
        for (const [i, span] of coalesced.entries()) {
          const last = coalesced[i - 1];

          expect(span.length).toBeGreaterThan(0);
          if (last === undefined) continue;
          expect(span.base).toBeGreaterThanOrEqual(end(last) + (last.merge === span.merge ? 1 : 0));
        }
      }),
      runs(1000),
    );
  });

  test('three types on nested ranges are separated at each edge', () => {
    const spans: Span[] = [
      { base: 0, length: 40, merge: 1 },
      { base: 8, length: 8, merge: 2 },
      { base: 24, length: 24, merge: 6 },
    ];

    expect(coalesce(spans)).toEqual([
      { base: 0, length: 8, merge: 1 },
      { base: 8, length: 8, merge: 0 },
      { base: 16, length: 8, merge: 1 },
      { base: 24, length: 16, merge: 0 },
      { base: 40, length: 8, merge: 6 },
    ]);
  });
});
