/** Who follows a run, and what they have of what it puts out: what all who take it have, need be kept no longer. */

import type { Spool } from './spool.ts';

/** What those who follow a run may be told of as it comes. */
export const CHANNELS = ['stdout', 'stderr', 'trace'] as const;

export type FollowedChannel = (typeof CHANNELS)[number];

/** Bytes of each channel; null: whoever follows does not take it. */
export type Had = Record<FollowedChannel, number | null>;

export class Followers {
  readonly #all = new Set<Had>();
  readonly #spoolOf: (channel: FollowedChannel) => Spool | null;

  /** `spoolOf`: what comes through a channel; null: nothing does. */
  constructor(spoolOf: (channel: FollowedChannel) => Spool | null) {
    this.#spoolOf = spoolOf;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Somebody follows from now on, and says what it has by changing `had`. */
  add(had: Had): void {
    this.#all.add(had);
  }

  delete(had: Had): void {
    this.#all.delete(had);
  }

  /** Whether somebody takes the channel. */
  take(channel: FollowedChannel): boolean {
    return [...this.#all].some((had) => had[channel] !== null);
  }

  /** Somebody has more than before. */
  fetched(): void {
    for (const channel of CHANNELS) {
      const lengths = [...this.#all].flatMap((had) => had[channel] ?? []);
      if (lengths.length > 0) this.#spoolOf(channel)?.fetched(Math.min(...lengths));
    }
  }
}
