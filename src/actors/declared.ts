/** Whether a commit keeps to what its runner has declared (rule 17): asked again by whoever decides it. */

import { MERGE_WORD } from '../memory/merge.ts';
import { end, firstEndingAfter } from '../memory/ranges.ts';
import type { Span } from '../memory/span.ts';
import type { ControlBlock } from './control-block.ts';

/**
 * A compartment refuses such stores itself. But what it says came from where a stranger's program was executed, so it is
 * not believed: a runner whose thread has lost its mind could else overwrite any other's memory.
 */
export function keepsToHeap({ heap }: ControlBlock, spans: readonly Span[]): boolean {
  return spans.every((span) => {
    const range = heap[firstEndingAfter(heap, 0, span.base)];
    if (range === undefined || range.base > span.base || end(range) < end(span)) return false;
    const whole = span.base % MERGE_WORD === 0 && span.length % MERGE_WORD === 0;
    return range.merge === span.merge && (span.merge === 0 || whole);
  });
}
