/** `--confluent`: whether all runs have made the same of memory. */

import type { Shown } from '../../sim/campaign.ts';

type Memory = NonNullable<Shown['memory']>;

/** Two seeds whose runs have ended well, and not alike. */
export interface MemoryDifference {
  readonly seeds: readonly [number, number];
  readonly memories: readonly [Memory, Memory];
}

interface Kept {
  readonly seed: number;
  readonly memory: Memory;
}

export class Memories {
  /** Of each memory the lowest seed that has led to it, whichever thread was faster. */
  readonly #kept = new Map<string, Kept>();

  /** Whether all are the same so far. */
  heed(seed: number, { memory }: Shown): boolean {
    if (memory === null) return !this.#differ;
    const text = JSON.stringify(memory);
    const known = this.#kept.get(text);
    if (known === undefined || seed < known.seed) this.#kept.set(text, { seed, memory });
    return !this.#differ;
  }

  /** The lowest two seeds that differ; null if none do. To be asked once all seeds below these were run. */
  get difference(): MemoryDifference | null {
    const [a, b] = [...this.#kept.values()].sort((one, other) => one.seed - other.seed);
    if (a === undefined || b === undefined) return null;
    return { seeds: [a.seed, b.seed], memories: [a.memory, b.memory] };
  }

  get #differ(): boolean {
    return this.#kept.size > 1;
  }
}
