/** Drawing from a seed. */

import { type Choose, seeded } from './random.ts';

const FINE = 2 ** 30;

/** The nth of the seeds that follow from one; neighbours share nothing. */
export function seedAfter(seed: number, nth: number): number {
  return (seed + Math.imul(nth, 0x9e37_79b1)) >>> 0;
}

export class Dice {
  readonly #choose: Choose;

  constructor(seed: number) {
    this.#choose = seeded(seed);
  }

  /** A natural below `n` (n ≥ 1). */
  below(n: number): number {
    return this.#choose(n);
  }

  /** From 0 to 1, without 1. */
  fraction(): number {
    return this.#choose(FINE) / FINE;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Both ends included. */
  between(least: number, most: number): number {
    return least + this.#choose(most - least + 1);
  }

  /** As often between 1 and 10 as between 10 and 100. */
  logarithmic(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.fraction());
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#choose(list.length)]!;
  }
}
