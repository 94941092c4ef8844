/** Whether code that was met before is what lies in a snapshot: asked anew for each attempt, so it must cost little. */

import type { SnapshotPages } from './snapshot-pages.ts';

/** Pauses where pages are missing. `bytes` and page arrays never change, so that a comparison holds for ever. */
export function sameCode(pages: SnapshotPages, base: number, bytes: Uint8Array): boolean {
  const { pageSize } = pages;
  const first = Math.floor(base / pageSize);
  const last = Math.floor((base + bytes.length - 1) / pageSize);
  const here: (Uint8Array | null)[] = [];
  for (let page = first; page <= last; page++) {
    const content = pages.get(page);
    if (content === undefined) pages.pause(numbers(first, last));
    here.push(content);
  }
  const known = COMPARED.get(bytes);
  if (known?.base === base && sameArrays(known.pages, here)) return known.same;
  let same = true;
  for (let at = 0; same && at < bytes.length; ) {
    const offset = (base + at) % pageSize;
    const length = Math.min(bytes.length - at, pageSize - offset);
    const content = here[Math.floor((base + at) / pageSize) - first]!;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== (content?.[offset + i] ?? 0)) same = false;
    at += length;
  }
  COMPARED.set(bytes, { base, pages: here, same });
  return same;
}

interface Comparison {
  readonly base: number;
  readonly pages: readonly (Uint8Array | null)[];
  readonly same: boolean;
}

/** The latest comparison of each piece of code. */
const COMPARED = new WeakMap<Uint8Array, Comparison>();

function sameArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
