/** Ranges as the model sees them: sets of bytes. */

export interface Extent {
  readonly base: number;
  readonly length: number;
}

export function isIn({ base, length }: Extent, address: number): boolean {
  return address >= base && address < base + length;
}

export function within(ranges: readonly Extent[], address: number): boolean {
  for (const range of ranges) if (isIn(range, address)) return true;
  return false;
}

export function overlap(a: Extent, b: Extent): boolean {
  return a.length > 0 && b.length > 0 && a.base < b.base + b.length && b.base < a.base + a.length;
}

/** Sorted, and what overlaps or touches as one. */
export function united(ranges: readonly Extent[]): Extent[] {
  const done: Extent[] = [];
  for (const { base, length } of ranges.filter((r) => r.length > 0).sort((a, b) => a.base - b.base)) {
    const last = done.at(-1);
    if (last === undefined || base > last.base + last.length) done.push({ base, length });
    else done.push({ base: last.base, length: Math.max(last.length, base + length - done.pop()!.base) });
  }
  return done;
}

/** `within`, for ranges that are united. */
export function holds(sorted: readonly Extent[], address: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.base <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && address < sorted[low - 1]!.base + sorted[low - 1]!.length;
}

/** The bytes at these addresses, united. */
export function extentsOf(addresses: Iterable<number>): Extent[] {
  const runs: { base: number; length: number }[] = [];
  for (const at of [...addresses].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last === undefined || at > last.base + last.length) runs.push({ base: at, length: 1 });
    else if (at === last.base + last.length) last.length += 1;
  }
  return runs;
}
