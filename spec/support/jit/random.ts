/** Draws of the fuzzer: fast, and a function of the seed alone. */

import { type Choose, seeded } from '../../../sim/random.ts';

export class Random {
  readonly #choose: Choose;

  constructor(seed: number) {
    this.#choose = seeded(seed);
  }

  /** A natural below `n`, at most 2^32. */
  below(n: number): number {
    return this.#choose(n);
  }

  /** A natural from `low` to `high`, both included. */
  from(low: number, high: number): number {
    return low + this.#choose(high - low + 1);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.#choose(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#choose(list.length)]!;
  }

  /** One of the values, each as likely as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let total = 0;
    for (const [weight] of choices) total += weight;
    let left = this.#choose(total);
    for (const [weight, value] of choices) {
      if (left < weight) return value;
      left -= weight;
    }
    throw new Error('a weight is a natural');
  }

  word(): bigint {
    return (BigInt(this.#choose(2 ** 32)) << 32n) | BigInt(this.#choose(2 ** 32));
  }
}
