import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NIL, Treap } from '../../src/memory/treap.ts';

/** Bare nodes that sum up how many they are. */
class Sequence extends Treap {
  readonly #sizes: number[] = [0];

  insert(base: number): number {
    const node = this.take(base);
    this.root = this.insertNode(this.root, node);
    return node;
  }

  remove(node: number): void {
    this.root = this.removeNode(this.root, node);
    this.release(node);
  }

  /** Parts the tree at a base, counts what is below, and joins it again. */
  countBelow(base: number): number {
    this.split(this.root, base, NIL);
    const below = this.#sizes[this.before]!;
    this.root = this.join(this.before, this.after);
    return below;
  }

  inOrder(node = this.root): number[] {
    if (node === NIL) return [];
    return [...this.inOrder(this.left[node]), this.bases[node]!, ...this.inOrder(this.right[node])];
  }

  depth(node = this.root): number {
    return node === NIL ? 0 : 1 + Math.max(this.depth(this.left[node]), this.depth(this.right[node]));
  }

  protected override pull(node: number): void {
    this.#sizes[node] = 1 + this.#sizes[this.left[node]!]! + this.#sizes[this.right[node]!]!;
  }
}

describe('treaps', () => {
  test('whatever is inserted and removed, the order is that of the bases and sums are right', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(20)), { maxLength: 60 }), (steps) => {
        const treap = new Sequence();
        const model: { base: number; node: number }[] = [];
        for (const [removes, draw] of steps) {
          if (removes && model.length > 0) treap.remove(model.splice(draw % model.length, 1)[0]!.node);
          else model.push({ base: draw, node: treap.insert(draw) });
          const sorted = model.map(({ base }) => base).sort((a, b) => a - b);

          expect(treap.inOrder()).toEqual(sorted);
          expect(treap.countBelow(draw)).toBe(sorted.filter((base) => base < draw).length);
        }
      }),
    );
  });

  test('released nodes are taken again, so a tree is as large as it ever had to be', () => {
    const treap = new Sequence();
    const first = Array.from({ length: 1000 }, (_, i) => treap.insert(i));
    for (const node of first) treap.remove(node);
    const second = Array.from({ length: 1000 }, (_, i) => treap.insert(i));

    expect(new Set(second)).toEqual(new Set(first));
  });

  test('the shape is no matter of chance: ascending and descending bases give mirror images, and shallow ones', () => {
    const depths = [1, -1].map((sign) => {
      const treap = new Sequence();
      for (let i = 0; i < 10_000; i++) treap.insert(sign * i);
      return treap.depth();
    });

    expect(depths[0]).toBe(depths[1]);
    expect(depths[0]).toBeLessThan(3.5 * Math.log2(10_000));
  });
});
