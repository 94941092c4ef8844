/** `--confluent`: whether all runs have made the same of memory. */

import type { Shown } from '../../sim/campaign.ts';

type Memory = NonNullable<Shown['memory']>;

/** Two seeds whose runs have ended well, and not alike. */
export interface MemoryDifference {
  readonly seeds: readonly [number, number];
  readonly memories: readonly [Memory, Memory];
}

export class Memories {
  difference: MemoryDifference | null = null;
  #first: { readonly seed: number; readonly memory: Memory; readonly text: string } | null = null;

  /** Whether to go on. */
  heed(seed: number, { memory }: Shown): boolean {
    if (memory === null || this.difference !== null) return this.difference === null;
    const text = JSON.stringify(memory);
    this.#first ??= { seed, memory, text };
    if (text === this.#first.text) return true;
    this.difference = { seeds: [this.#first.seed, seed], memories: [this.#first.memory, memory] };
    return false;
  }
}
