/** Nonces that were given to strangers: each may be answered once, and soon. */

import { drawNonce } from './token.ts';

export class Challenges {
  readonly #milliseconds: number;
  readonly #most: number;
  /** When each was given, oldest first. */
  readonly #open = new Map<string, number>();

  /** `milliseconds`: for an answer. `most`: unanswered ones that are kept; of more the oldest are forgotten. */
  constructor(milliseconds: number, most: number) {
    this.#milliseconds = milliseconds;
    this.#most = most;
  }

  /** `now`: milliseconds of a clock that never goes back. */
  give(now: number): string {
    this.#forget(now, this.#most - 1);
    const nonce = drawNonce();
    this.#open.set(nonce, now);
    return nonce;
  }

  /** Whether it was given, not long ago, and not taken before. */
  take(nonce: string, now: number): boolean {
    this.#forget(now, this.#most);
    return this.#open.delete(nonce);
  }

  /** Leaves so many at the most. */
  #forget(now: number, most: number): void {
    for (const [nonce, given] of this.#open) {
      if (now - given <= this.#milliseconds && this.#open.size <= most) return;
      this.#open.delete(nonce);
    }
  }
}
