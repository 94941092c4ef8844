/** Who has declared what: an index for whole clusters, where nobody asks every runner about every byte. */

import { type Extent, holds, overlap, united } from './extent.ts';

/** Bytes a bucket. */
const BUCKET = 4096;
/** Whoever declares more buckets is kept apart and asked each time. */
const MANY = 64;

interface Entry<T> {
  readonly owner: T;
  readonly extents: readonly Extent[];
  /** Null: it is asked each time. */
  readonly buckets: readonly number[] | null;
}

export class ExtentIndex<T> {
  readonly #entries = new Map<T, Entry<T>>();
  readonly #buckets = new Map<number, Set<Entry<T>>>();
  readonly #wide = new Set<Entry<T>>();

  get size(): number {
    return this.#entries.size;
  }

  add(owner: T, ranges: readonly Extent[]): void {
    this.delete(owner);
    const extents = united(ranges);
    const entry: Entry<T> = { owner, extents, buckets: bucketsOf(extents) };
    this.#entries.set(owner, entry);
    if (entry.buckets === null) this.#wide.add(entry);
    for (const bucket of entry.buckets ?? []) {
      const those = this.#buckets.get(bucket);
      if (those === undefined) this.#buckets.set(bucket, new Set([entry]));
      else those.add(entry);
    }
  }

  delete(owner: T): void {
    const entry = this.#entries.get(owner);
    if (entry === undefined) return;
    this.#entries.delete(owner);
    this.#wide.delete(entry);
    for (const bucket of entry.buckets ?? []) {
      const those = this.#buckets.get(bucket)!;
      those.delete(entry);
      if (those.size === 0) this.#buckets.delete(bucket);
    }
  }

  /** Whether the byte is anybody's. */
  has(address: number): boolean {
    if (this.size === 0) return false;
    for (const { extents } of this.#near(Math.floor(address / BUCKET)))
      if (holds(extents, address)) return true;
    return false;
  }

  /** Those of whom one of these bytes is. */
  touched(addresses: Iterable<number>): Set<T> {
    const owners = new Set<T>();
    if (this.size === 0) return owners;
    for (const address of addresses)
      for (const entry of this.#near(Math.floor(address / BUCKET)))
        if (!owners.has(entry.owner) && holds(entry.extents, address)) owners.add(entry.owner);
    return owners;
  }

  /** Those whose ranges overlap these. */
  overlapping(ranges: readonly Extent[]): Set<T> {
    const owners = new Set<T>();
    if (this.size === 0) return owners;
    const extents = united(ranges);
    const buckets = bucketsOf(extents);
    const near = buckets === null ? [this.#entries.values()] : buckets.map((bucket) => this.#near(bucket));
    for (const entries of near)
      for (const entry of entries)
        if (!owners.has(entry.owner) && entry.extents.some((x) => extents.some((y) => overlap(x, y))))
          owners.add(entry.owner);
    return owners;
  }

  *#near(bucket: number): Iterable<Entry<T>> {
    yield* this.#buckets.get(bucket) ?? [];
    yield* this.#wide;
  }
}

function bucketsOf(extents: readonly Extent[]): number[] | null {
  const buckets = new Set<number>();
  for (const { base, length } of extents)
    for (let bucket = Math.floor(base / BUCKET); bucket * BUCKET < base + length; bucket += 1) {
      buckets.add(bucket);
      if (buckets.size > MANY) return null;
    }
  return [...buckets];
}
