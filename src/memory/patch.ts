/** What an attempt wrote to one page, and the page that results. */

import { invariant } from '../invariant.ts';
import { pageOf } from './directory.ts';
import { MERGE_WORD, type MergeType, merge } from './merge.ts';
import { coalesce, type Span } from './span.ts';

/** Consecutive written bytes within one page; a merge run consists of whole aligned 8-byte operands. */
export interface PatchRun {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly merge: MergeType;
}

/** All that an attempt wrote to the page of that number. */
export interface PagePatch {
  readonly page: number;
  readonly runs: readonly PatchRun[];
}

/** Plain stores of bytes anywhere, cut at the edges of pages; runs in their order. */
export function patchesOf(
  stores: readonly { readonly address: number; readonly bytes: Uint8Array }[],
  pageSize: number,
): PagePatch[] {
  const byPage = new Map<number, PatchRun[]>();
  for (const store of stores) {
    for (let at = 0; at < store.bytes.length; ) {
      const address = store.address + at;
      const page = pageOf(address, pageSize);
      const bytes = store.bytes.subarray(at, at + (page + 1) * pageSize - address);
      const runs = byPage.get(page) ?? [];
      byPage.set(page, runs);
      runs.push({ address, bytes, merge: 0 });
      at += bytes.length;
    }
  }
  return [...byPage].map(([page, runs]) => ({ page, runs }));
}

/** What patches write, without the bytes. */
export function spansOf(patches: readonly PagePatch[]): Span[] {
  return coalesce(
    patches.flatMap(({ runs }) =>
      runs.map(({ address, bytes, merge }) => ({ base: address, length: bytes.length, merge })),
    ),
  );
}

/**
 * The page after the patch, as a new array: page arrays are values that snapshots share by reference. A run that is
 * all of the page is that array itself, as runs are never changed either. `page` null is the zero page.
 */
export function applyPatch(page: Uint8Array | null, pageSize: number, patch: PagePatch): Uint8Array {
  const start = patch.page * pageSize;
  const [whole] = patch.runs;
  if (patch.runs.length === 1 && whole!.merge === 0 && whole!.bytes.length === pageSize) {
    invariant(whole!.address === start, 'a run lies within its page');
    return whole!.bytes;
  }
  const result = new Uint8Array(pageSize);
  if (page !== null) result.set(page);
  for (const run of patch.runs) {
    const offset = run.address - start;
    invariant(offset >= 0 && offset + run.bytes.length <= pageSize, 'a run lies within its page');
    if (run.merge === 0) result.set(run.bytes, offset);
    else contribute(result, offset, run.bytes, run.merge);
  }
  return result;
}

function contribute(page: Uint8Array, offset: number, operands: Uint8Array, type: MergeType): void {
  invariant(
    offset % MERGE_WORD === 0 && operands.length % MERGE_WORD === 0,
    'a merge run consists of whole aligned words',
  );
  const words = new DataView(page.buffer, page.byteOffset + offset, operands.length);
  const contributions = new DataView(operands.buffer, operands.byteOffset, operands.length);
  for (let at = 0; at < operands.length; at += MERGE_WORD) {
    const old = words.getBigInt64(at, true);
    words.setBigInt64(at, merge(type, old, contributions.getBigInt64(at, true)), true);
  }
}
