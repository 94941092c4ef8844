import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import { compare, Place } from '../../src/memory/place.ts';
import { runs } from '../support/runs.ts';

interface Grown {
  readonly place: Place;
  readonly path: readonly number[];
}

/** Each step hangs a child on a place drawn before; late ones are drawn more often, so that chains form. */
const anyTree = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 40 }).map((steps) => {
  const tree: Grown[] = [{ place: Place.root(), path: [] }];
  const children = new Map<Place, number>();
  for (const [draw, last] of steps) {
    const parent = last ? tree.at(-1)! : tree[draw % tree.length]!;
    const index = children.get(parent.place) ?? 0;
    children.set(parent.place, index + 1);
    tree.push({ place: parent.place.child(index), path: [...parent.path, index] });
  }
  return tree;
});

function comparePaths(a: readonly number[], b: readonly number[]): number {
  const fork = a.findIndex((index, depth) => index !== b[depth]);
  if (fork === -1) return a.length - b.length;
  return fork < b.length ? a[fork]! - b[fork]! : 1;
}

describe('places in the runner tree', () => {
  test('the order of places is that of their paths: parents before children, siblings by index', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        for (const a of tree) {
          for (const b of tree) {
            expect(Math.sign(compare(a.place, b.place))).toBe(Math.sign(comparePaths(a.path, b.path)));
          }
        }
      }),
      runs(200),
    );
  });

  test('every ancestor is O(log depth) jumps away, on a chain of a million', () => {
    const depth = 1_000_000;
    let deep = Place.root();
    for (let i = 0; i < depth; i++) deep = deep.child(0);
    for (const goal of [0, 1, 2, 1023, 499_999, 999_998]) {
      let at: Place = deep;
      let steps = 0;
      for (; at.depth > goal; steps++) at = (at.jump!.depth >= goal ? at.jump : at.parent)!;

      expect(at.depth).toBe(goal);
      expect(steps).toBeLessThanOrEqual(3 * Math.log2(depth));
    }
  });

  test('a million runners deep, cousins are told apart by the fork above them', () => {
    let left = Place.root();
    for (let i = 0; i < 1000; i++) left = left.child(0);
    const fork = left;
    left = fork.child(1);
    let right = fork.child(2);
    for (let i = 0; i < 1_000_000; i++) {
      left = left.child(9);
      if (i % 2 === 0) right = right.child(0);
    }

    expect(compare(left, right)).toBeLessThan(0);
    expect(compare(right, left)).toBeGreaterThan(0);
    expect(compare(fork, left)).toBeLessThan(0);
    expect(compare(left, left)).toBe(0);
  });

  test('places of two trees, and places made twice, are our own mistakes', () => {
    const root = Place.root();

    expect(() => compare(root, Place.root())).toThrow(InvariantError);
    expect(() => compare(root.child(1), root.child(1))).toThrow(InvariantError);
  });
});
