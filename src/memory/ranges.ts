/** Ranges of the address space, and lists of them as sets of bytes. */

/** The bytes `[base, base + length)`. Addresses lie below 2^46, so plain numbers are exact. */
export interface Range {
  readonly base: number;
  /** In bytes; above 0 in a united list. */
  readonly length: number;
}

/** The first address after a range. */
export function end(range: Range): number {
  return range.base + range.length;
}

/** The same bytes as a *united* list: sorted, nothing empty, and what overlaps or touches is one range. */
export function unite(ranges: readonly Range[]): Range[] {
  const sorted = ranges.filter((range) => range.length > 0).sort((a, b) => a.base - b.base);
  const united: Range[] = [];
  let last: { base: number; length: number } | null = null;
  for (const range of sorted) {
    if (last !== null && range.base <= end(last)) {
      last.length = Math.max(end(last), end(range)) - last.base;
    } else {
      last = { base: range.base, length: range.length };
      united.push(last);
    }
  }
  return united;
}

/** Whether a united list holds every byte of `[base, base + length)`; true of no bytes. */
export function covers(united: readonly Range[], base: number, length: number): boolean {
  if (length === 0) return true;
  const range = united[firstEndingAfter(united, 0, base)];
  return range !== undefined && range.base <= base && end(range) >= base + length;
}

/** Whether a united list holds the byte at `address`. */
export function includes(united: readonly Range[], address: number): boolean {
  return covers(united, address, 1);
}

/**
 * The first common part of two sorted lists of disjoint ranges, or null.
 * Costs O(m log(n / m)) for the shorter length m and the longer n.
 */
export function overlap(a: readonly Range[], b: readonly Range[]): Range | null {
  return commonParts(a, b, 1)[0] ?? null;
}

/** The bytes that two sorted lists of disjoint ranges share; united if both lists are. */
export function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  return commonParts(a, b, Number.POSITIVE_INFINITY);
}

function commonParts(a: readonly Range[], b: readonly Range[], limit: number): Range[] {
  const parts: Range[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length && parts.length < limit) {
    const x = a[i]!;
    const y = b[j]!;
    if (end(x) <= y.base) i = firstEndingAfter(a, i + 1, y.base);
    else if (end(y) <= x.base) j = firstEndingAfter(b, j + 1, x.base);
    else {
      const base = Math.max(x.base, y.base);
      parts.push({ base, length: Math.min(end(x), end(y)) - base });
      if (end(x) < end(y)) i++;
      else j++;
    }
  }
  return parts;
}

/** Index of the first range from `from` on that ends after `address`: in growing steps, then by halves. */
export function firstEndingAfter(sorted: readonly Range[], from: number, address: number): number {
  let low = from;
  let step = 1;
  while (low + step <= sorted.length && end(sorted[low + step - 1]!) <= address) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, sorted.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (end(sorted[middle]!) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
