/** Ranges as the model sees them: sets of bytes, asked one byte at a time. */

export interface Extent {
  readonly base: number;
  readonly length: number;
}

export function within(ranges: readonly Extent[], address: number): boolean {
  return ranges.some(({ base, length }) => address >= base && address < base + length);
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
