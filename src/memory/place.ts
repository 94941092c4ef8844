/** A runner's place in the tree of runners, and the tree's order: parents before children, siblings by index. */

import { invariant } from '../invariant.ts';

/**
 * Each place also knows one far ancestor. The lengths of these jumps are skew-binary (Myers, "An applicative
 * random-access stack", 1983), so any ancestor is O(log depth) steps away: a chain of a million runners is no worse
 * than a tree. A place must be made once: the order goes by identity of common ancestors.
 */
export class Place {
  readonly parent: Place | null;
  /** Among its siblings, from 0. */
  readonly index: number;
  readonly depth: number;
  readonly jump: Place | null;

  private constructor(parent: Place | null, index: number) {
    this.parent = parent;
    this.index = index;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.jump = jumpOf(parent);
  }

  /** The place of an entry runner. */
  static root(): Place {
    return new Place(null, 0);
  }

  child(index: number): Place {
    return new Place(this, index);
  }
}

/** Negative if `a` comes before `b`, 0 for the same place, else positive. O(log depth). */
export function compare(a: Place, b: Place): number {
  const depth = Math.min(a.depth, b.depth);
  const x = ancestorAt(a, depth);
  const y = ancestorAt(b, depth);
  return x === y ? a.depth - b.depth : branchOrder(x, y);
}

/** The order of two different places of one depth: that of the two siblings above which their ways are one. */
function branchOrder(a: Place, b: Place): number {
  let x = a;
  let y = b;
  while (x.parent !== y.parent) {
    const far = x.jump !== y.jump;
    x = (far ? x.jump : x.parent)!;
    y = (far ? y.jump : y.parent)!;
  }
  invariant(x.parent !== null, 'compared places belong to one tree');
  invariant(x.index !== y.index, 'a place is made once');
  return x.index - y.index;
}

function ancestorAt(place: Place, depth: number): Place {
  let at = place;
  while (at.depth > depth) at = (at.jump!.depth >= depth ? at.jump : at.parent)!;
  return at;
}

/** Two jumps of one length end where a jump over both begins. */
function jumpOf(parent: Place | null): Place | null {
  const near = parent?.jump ?? null;
  const far = near?.jump ?? null;
  if (parent === null || near === null || far === null) return parent;
  return parent.depth - near.depth === near.depth - far.depth ? far : parent;
}
