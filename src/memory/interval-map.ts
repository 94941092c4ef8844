/** Disjoint intervals of addresses with versioned values, found by place and by age. */

import { NIL, Treap, widened } from './treap.ts';
import type { Version } from './version.ts';

/** `[base, end)` and its value. */
export interface Interval<V> {
  readonly base: number;
  readonly end: number;
  readonly value: V;
}

/**
 * A map from each address to a value or to nothing, stored by interval. Subtrees know their oldest and newest
 * version, so whatever is too old for a question is not looked at. Every operation costs O(log size), plus O(log
 * size) for each interval that it replaces, removes, or offers to `accepts` in vain.
 */
export class IntervalMap<V extends { readonly version: Version }> extends Treap {
  #ends = new Float64Array(this.bases.length);
  /** The values' versions, beside the sums: `pull` then reads no object. */
  #versions = new Float64Array(this.bases.length);
  #oldest = new Float64Array(this.bases.length);
  #newest = new Float64Array(this.bases.length);
  readonly #values: (V | null)[] = [];

  /** Intervals. */
  get size(): number {
    return this.nodes;
  }

  /** Maps `[base, end)` to `value`, whatever was there. */
  assign(base: number, end: number, value: V): void {
    const next = (): V => value;
    if (this.#replace(this.root, base, end, next) || this.#fill(base, end, next)) return;
    const [before, within, after] = this.#cutOut(base, end);
    this.#releaseAll(within);
    this.root = this.join(this.join(before, this.#make(base, end, value)), after);
  }

  /** Maps each piece of `[base, end)` to a function of its present value, or of null where there is none. */
  update(base: number, end: number, next: (old: V | null) => V): void {
    if (this.#replace(this.root, base, end, next) || this.#fill(base, end, next)) return;
    const [before, within, after] = this.#cutOut(base, end);
    let tree = before;
    let start = base;
    let from = base;
    let pending: V | null = null;
    const extend = (through: number, old: V | null): void => {
      const value = next(old);
      if (pending !== null && pending !== value) {
        tree = this.join(tree, this.#make(start, from, pending));
        start = from;
      }
      pending = value;
      from = through;
    };
    for (const piece of this.#inOrder(within)) {
      if (this.bases[piece]! > from) extend(this.bases[piece]!, null);
      extend(this.#ends[piece]!, this.#values[piece]!);
    }
    if (end > from) extend(end, null);
    this.#releaseAll(within);
    if (pending !== null) tree = this.join(tree, this.#make(start, end, pending));
    this.root = this.join(tree, after);
  }

  /** The lowest interval that overlaps `[base, end)`, is newer than `version`, and is accepted. */
  find(
    base: number,
    end: number,
    version: Version,
    accepts: (value: V) => boolean = () => true,
  ): Interval<V> | null {
    const node = this.#find(this.root, base, end, version, accepts);
    if (node === NIL) return null;
    return { base: this.bases[node]!, end: this.#ends[node]!, value: this.#values[node]! };
  }

  /** Removes every interval that is not newer than `version`. */
  dropThrough(version: Version): void {
    this.root = this.#dropThrough(this.root, version);
  }

  protected override pull(node: number): void {
    const left = this.left[node]!;
    const right = this.right[node]!;
    const version = this.#versions[node]!;
    let oldest = version;
    let newest = version;
    if (left !== NIL) {
      oldest = Math.min(oldest, this.#oldest[left]!);
      newest = Math.max(newest, this.#newest[left]!);
    }
    if (right !== NIL) {
      oldest = Math.min(oldest, this.#oldest[right]!);
      newest = Math.max(newest, this.#newest[right]!);
    }
    this.#oldest[node] = oldest;
    this.#newest[node] = newest;
  }

  protected override grow(capacity: number): void {
    super.grow(capacity);
    this.#ends = widened(this.#ends, new Float64Array(capacity));
    this.#versions = widened(this.#versions, new Float64Array(capacity));
    this.#oldest = widened(this.#oldest, new Float64Array(capacity));
    this.#newest = widened(this.#newest, new Float64Array(capacity));
  }

  #make(base: number, end: number, value: V): number {
    const node = this.take(base);
    this.#ends[node] = end;
    this.#set(node, value);
    this.pull(node);
    return node;
  }

  #set(node: number, value: V): void {
    this.#values[node] = value;
    this.#versions[node] = value.version;
  }

  /** Words that are written again and again keep their interval: whether `[base, end)` was one, with its value replaced. */
  #replace(node: number, base: number, end: number, next: (old: V | null) => V): boolean {
    if (node === NIL) return false;
    this.steps++;
    const own = this.bases[node]!;
    if (own === base) {
      if (this.#ends[node] !== end) return false;
      this.#set(node, next(this.#values[node]!));
    } else if (!this.#replace(base < own ? this.left[node]! : this.right[node]!, base, end, next)) {
      return false;
    }
    this.pull(node);
    return true;
  }

  /** Whether `[base, end)` was free of intervals and is one now. */
  #fill(base: number, end: number, next: (old: V | null) => V): boolean {
    const occupied = this.#find(this.root, base, end, Number.NEGATIVE_INFINITY, () => true);
    if (occupied !== NIL) return false;
    this.root = this.insertNode(this.root, this.#make(base, end, next(null)));
    return true;
  }

  /** The map as three trees: below `base`, within, and from `end` on; what straddled an edge is in two pieces. */
  #cutOut(base: number, end: number): [before: number, within: number, after: number] {
    this.#cut(base);
    this.#cut(end);
    this.split(this.root, base, NIL);
    const before = this.before;
    this.split(this.after, end, NIL);
    return [before, this.before, this.after];
  }

  /** Parts the interval that holds both `at − 1` and `at`. */
  #cut(at: number): void {
    let node = this.root;
    let below: number = NIL;
    while (node !== NIL) {
      this.steps++;
      if (this.bases[node]! < at) {
        below = node;
        node = this.right[node]!;
      } else {
        node = this.left[node]!;
      }
    }
    if (below === NIL || this.#ends[below]! <= at) return;
    const upper = this.#make(at, this.#ends[below]!, this.#values[below]!);
    this.#ends[below] = at;
    this.root = this.insertNode(this.root, upper);
  }

  #find(node: number, base: number, end: number, version: Version, accepts: (value: V) => boolean): number {
    if (node === NIL || this.#newest[node]! <= version) return NIL;
    this.steps++;
    const own = this.bases[node]!;
    const ownEnd = this.#ends[node]!;
    if (own > base) {
      const found = this.#find(this.left[node]!, base, end, version, accepts);
      if (found !== NIL) return found;
    }
    const overlaps = own < end && ownEnd > base;
    if (overlaps && this.#versions[node]! > version && accepts(this.#values[node]!)) return node;
    return ownEnd < end ? this.#find(this.right[node]!, base, end, version, accepts) : NIL;
  }

  #dropThrough(node: number, version: Version): number {
    if (node === NIL || this.#oldest[node]! > version) return node;
    this.steps++;
    const left = this.#dropThrough(this.left[node]!, version);
    const right = this.#dropThrough(this.right[node]!, version);
    if (this.#versions[node]! > version) {
      this.left[node] = left;
      this.right[node] = right;
      this.pull(node);
      return node;
    }
    this.#release(node);
    return this.join(left, right);
  }

  #releaseAll(tree: number): void {
    if (tree === NIL) return;
    this.#releaseAll(this.right[tree]!);
    const left = this.left[tree]!;
    this.#release(tree);
    this.#releaseAll(left);
  }

  #release(node: number): void {
    this.#values[node] = null;
    this.release(node);
  }

  #inOrder(tree: number, nodes: number[] = []): number[] {
    if (tree !== NIL) {
      this.steps++;
      this.#inOrder(this.left[tree]!, nodes);
      nodes.push(tree);
      this.#inOrder(this.right[tree]!, nodes);
    }
    return nodes;
  }
}
