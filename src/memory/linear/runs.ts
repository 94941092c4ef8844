/** Written runs from several places, put together. */

import type { WrittenRun } from '../written.ts';

/** The first address of the page after the one that holds `address`. */
export function pageEnd(address: number, pageSize: number): number {
  return address - (address % pageSize) + pageSize;
}

/** Two lists by address as one. */
export function merged(a: readonly WrittenRun[], b: readonly WrittenRun[]): WrittenRun[] {
  const runs: WrittenRun[] = [];
  let i = 0;
  for (const run of b) {
    while (i < a.length && a[i]!.address < run.address) runs.push(a[i++]!);
    runs.push(run);
  }
  for (; i < a.length; i++) runs.push(a[i]!);
  return runs;
}

/** Runs that touch within a page as one, cut at the edges of pages; the bytes are copies where they are not alone. */
export function joined(sorted: readonly WrittenRun[], pageSize: number): WrittenRun[] {
  const runs: WrittenRun[] = [];
  let parts: Uint8Array[] = [];
  let base = 0;
  let length = 0;
  const flush = () => {
    if (length > 0)
      runs.push({ address: base, bytes: parts.length === 1 ? parts[0]! : concatenated(parts, length) });
    parts = [];
    length = 0;
  };
  for (const { address, bytes } of sorted) {
    for (let done = 0; done < bytes.length; ) {
      const at = address + done;
      if (base + length !== at || at % pageSize === 0) {
        flush();
        base = at;
      }
      const part = bytes.subarray(done, done + pageEnd(at, pageSize) - at);
      parts.push(part);
      length += part.length;
      done += part.length;
    }
  }
  flush();
  return runs;
}

function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
