/** Balanced search trees in typed arrays: a million nodes are a dozen objects, nothing for the collector to trace. */

/** No node. */
export const NIL = 0;

const FIRST_CAPACITY = 16;

/**
 * A treap: ordered by `bases`, then by node number; heap-ordered by a hash of the node number, so its shape is
 * that of a tree built in random order and yet the same in every run. Expected depth O(log nodes).
 * A subclass adds its columns in `grow` and keeps what it sums up over subtrees in `pull`.
 */
export abstract class Treap {
  /** Nodes visited so far: what tests of cost count instead of time. */
  steps = 0;
  protected root = NIL;
  protected left = new Int32Array(FIRST_CAPACITY);
  protected right = new Int32Array(FIRST_CAPACITY);
  protected bases = new Float64Array(FIRST_CAPACITY);
  /** The two results of `split`. */
  protected before = NIL;
  protected after = NIL;
  #capacity = FIRST_CAPACITY;
  #made = 0;
  #live = 0;
  /** Released nodes, linked through `left`. */
  #free = NIL;

  /** Live nodes. */
  protected get nodes(): number {
    return this.#live;
  }

  /** Recomputes what `node` sums up over its subtree; its children are right. */
  protected abstract pull(node: number): void;

  protected grow(capacity: number): void {
    this.left = widened(this.left, new Int32Array(capacity));
    this.right = widened(this.right, new Int32Array(capacity));
    this.bases = widened(this.bases, new Float64Array(capacity));
  }

  /** A node without children. */
  protected take(base: number): number {
    let node = this.#free;
    if (node !== NIL) this.#free = this.left[node]!;
    else {
      node = ++this.#made;
      if (node === this.#capacity) {
        this.#capacity *= 2;
        this.grow(this.#capacity);
      }
    }
    this.#live++;
    this.left[node] = NIL;
    this.right[node] = NIL;
    this.bases[node] = base;
    return node;
  }

  protected release(node: number): void {
    this.#live--;
    this.left[node] = this.#free;
    this.#free = node;
  }

  /** Parts a tree into what comes `before` (base, number) and what comes `after`, or is, that. */
  protected split(node: number, base: number, number: number): void {
    if (node === NIL) {
      this.before = NIL;
      this.after = NIL;
      return;
    }
    this.steps++;
    if (this.#comesBefore(node, base, number)) {
      this.split(this.right[node]!, base, number);
      this.right[node] = this.before;
      this.before = node;
    } else {
      this.split(this.left[node]!, base, number);
      this.left[node] = this.after;
      this.after = node;
    }
    this.pull(node);
  }

  /** One tree of two, all nodes of the first before all of the second. */
  protected join(a: number, b: number): number {
    if (a === NIL) return b;
    if (b === NIL) return a;
    this.steps++;
    if (priority(a) > priority(b)) {
      this.right[a] = this.join(this.right[a]!, b);
      this.pull(a);
      return a;
    }
    this.left[b] = this.join(a, this.left[b]!);
    this.pull(b);
    return b;
  }

  /** The tree with a fresh node in its place. */
  protected insertNode(tree: number, node: number): number {
    if (tree === NIL || priority(node) > priority(tree)) {
      this.split(tree, this.bases[node]!, node);
      this.left[node] = this.before;
      this.right[node] = this.after;
      this.pull(node);
      return node;
    }
    this.steps++;
    if (this.#comesBefore(tree, this.bases[node]!, node)) {
      this.right[tree] = this.insertNode(this.right[tree]!, node);
    } else {
      this.left[tree] = this.insertNode(this.left[tree]!, node);
    }
    this.pull(tree);
    return tree;
  }

  /** The tree without a node that is in it; the node is not released. */
  protected removeNode(tree: number, node: number): number {
    this.steps++;
    if (tree === node) return this.join(this.left[node]!, this.right[node]!);
    if (this.#comesBefore(tree, this.bases[node]!, node)) {
      this.right[tree] = this.removeNode(this.right[tree]!, node);
    } else {
      this.left[tree] = this.removeNode(this.left[tree]!, node);
    }
    this.pull(tree);
    return tree;
  }

  #comesBefore(node: number, base: number, number: number): boolean {
    const own = this.bases[node]!;
    return own < base || (own === base && node < number);
  }
}

/** `wide` with the content of `narrow` in front. */
export function widened<T extends Int32Array | Float64Array>(narrow: T, wide: T): T {
  wide.set(narrow);
  return wide;
}

/** A bijection of 32 bits (the finaliser of MurmurHash3), so no two nodes tie. */
function priority(node: number): number {
  let hash = node;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
