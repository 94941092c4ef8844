/** Whether the order of messages can be seen in what a program leaves behind. */

import type { Program } from '../../src/isa/program.ts';
import { changedBytes } from '../final-memory.ts';
import type { Step } from './event.ts';
import { type Exploration, type ExploreOptions, explore } from './explore.ts';

/** A final memory. */
export interface FinalMemory {
  /** Bytes that are not as they were loaded, by address. */
  readonly changed: ReadonlyMap<number, number>;
  /** How many orders lead to it, and the first of them. */
  readonly orders: number;
  readonly order: readonly Step[];
}

export interface Memories {
  readonly exploration: Exploration;
  /** In the order in which they were found. One: the program is confluent, if the exploration is complete. */
  readonly memories: readonly FinalMemory[];
}

/** Explores a program and keeps one order for each distinct final memory. */
export function distinctMemories(program: Program, options: ExploreOptions): Memories {
  const found = new Map<string, { changed: Map<number, number>; orders: number; order: readonly Step[] }>();
  const seen: ExploreOptions['seen'] = (result, order) => {
    options.seen(result, order);
    const changed = changedBytes(result);
    const key = [...changed].join();
    const known = found.get(key);
    if (known === undefined) found.set(key, { changed, orders: 1, order });
    else known.orders += 1;
  };
  const exploration = explore(program, { ...options, seen });
  return { exploration, memories: [...found.values()] };
}
