/** Which of many keys have a range that a commit touches: how the watchers of a commit are found (rule 20). */

import { invariant } from '../invariant.ts';
import { end, type Range } from './ranges.ts';
import { NIL, Treap, widened } from './treap.ts';

/**
 * Keys with their ranges, which may overlap and repeat at will. `insert` and `delete` cost O(log n) a range, a
 * question O(log n + hits) a span: subtrees know how far their ranges reach.
 */
export class RangeIndex<K> extends Treap {
  #ends = new Float64Array(this.bases.length);
  #reaches = new Float64Array(this.bases.length);
  /** The next node of the same key. */
  #siblings = new Int32Array(this.bases.length);
  readonly #keys: (K | null)[] = [];
  /** The first node of each key; NIL for a key that watches nothing. */
  readonly #first = new Map<K, number>();

  /** Keys. */
  get size(): number {
    return this.#first.size;
  }

  has(key: K): boolean {
    return this.#first.has(key);
  }

  /** Adds a key that is not there. Empty ranges are touched by nothing. */
  insert(key: K, ranges: readonly Range[]): void {
    invariant(!this.#first.has(key), 'a key is indexed once');
    let first: number = NIL;
    for (const range of ranges) {
      if (range.length === 0) continue;
      const node = this.take(range.base);
      this.#ends[node] = end(range);
      this.#keys[node] = key;
      this.#siblings[node] = first;
      first = node;
      this.root = this.insertNode(this.root, node);
    }
    this.#first.set(key, first);
  }

  /** Removes a key; false if it is not there. */
  delete(key: K): boolean {
    let node = this.#first.get(key);
    if (node === undefined) return false;
    this.#first.delete(key);
    while (node !== NIL) {
      const sibling: number = this.#siblings[node]!;
      this.root = this.removeNode(this.root, node);
      this.#keys[node] = null;
      this.release(node);
      node = sibling;
    }
    return true;
  }

  /** The keys that have a byte in common with the spans, in no promised order. */
  touched(spans: readonly Range[]): Set<K> {
    const hits = new Set<K>();
    for (const span of spans) {
      if (span.length > 0) this.#collect(this.root, span.base, end(span), hits);
    }
    return hits;
  }

  protected override pull(node: number): void {
    let reach = this.#ends[node]!;
    const left = this.left[node]!;
    const right = this.right[node]!;
    if (left !== NIL) reach = Math.max(reach, this.#reaches[left]!);
    if (right !== NIL) reach = Math.max(reach, this.#reaches[right]!);
    this.#reaches[node] = reach;
  }

  protected override grow(capacity: number): void {
    super.grow(capacity);
    this.#ends = widened(this.#ends, new Float64Array(capacity));
    this.#reaches = widened(this.#reaches, new Float64Array(capacity));
    this.#siblings = widened(this.#siblings, new Int32Array(capacity));
  }

  #collect(node: number, base: number, stop: number, hits: Set<K>): void {
    if (node === NIL || this.#reaches[node]! <= base) return;
    this.steps++;
    this.#collect(this.left[node]!, base, stop, hits);
    if (this.bases[node]! >= stop) return;
    if (this.#ends[node]! > base) hits.add(this.#keys[node]!);
    this.#collect(this.right[node]!, base, stop, hits);
  }
}
