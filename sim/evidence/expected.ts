/** The runners that exist by the log: the entry, the newborns of decided commits, and activations. */

import type { Runner, World } from '../model/runner.ts';

/** A runner as its decided creation says it must be. */
export interface Expected {
  readonly control: Runner;
  /** The version that created it; 0 for the entry. */
  readonly born: number;
  /** The persistent watcher that it is an activation of. */
  readonly activationOf: bigint | null;
  /** Steps from the entry, in the runner tree. */
  readonly depth: number;
}

export class ExpectedRunners {
  readonly #world: World;
  readonly #runners = new Map<bigint, Expected>();

  constructor(world: World) {
    this.#world = world;
  }

  get all(): ReadonlyMap<bigint, Expected> {
    return this.#runners;
  }

  born(control: Runner, version: number): Expected {
    const serializable = control.serializable || this.#world.serializable;
    return this.#add({ ...control, serializable }, version, null);
  }

  /** A persistent watcher fires: its runner is one of its own. */
  activated(watcher: bigint, activation: number): void {
    const expected = this.#runners.get(watcher);
    if (expected === undefined || !expected.control.persistent) return;
    const index = activation - 1;
    const id = this.#world.childId(watcher, index);
    const control = { ...expected.control, id, parent: watcher, index, persistent: false };
    this.#add(control, expected.born, watcher);
  }

  /** Whether `a` comes before `b` in the runner tree: parents before children, siblings by index. */
  isBefore(a: bigint, b: bigint): boolean {
    let [x, y] = [this.#runners.get(a), this.#runners.get(b)];
    if (x === undefined || y === undefined || a === b) return false;
    const lower = x.depth < y.depth;
    while (x.depth > y.depth) x = this.#parentOf(x);
    while (y.depth > x.depth) y = this.#parentOf(y);
    if (x === y) return lower;
    while (x.depth > 0 && x.control.parent !== y.control.parent)
      [x, y] = [this.#parentOf(x), this.#parentOf(y)];
    return x.control.index < y.control.index;
  }

  #parentOf({ control }: Expected): Expected {
    return this.#runners.get(control.parent)!;
  }

  #add(control: Runner, born: number, activationOf: bigint | null): Expected {
    const depth = (this.#runners.get(control.parent)?.depth ?? -1) + 1;
    const expected: Expected = { control, born, activationOf, depth };
    this.#runners.set(control.id, expected);
    return expected;
  }
}
