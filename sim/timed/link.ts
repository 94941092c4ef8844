/** The way from one node to another: its delay, whether it is cut, and what the sender has no acknowledgement for. */

import type { Flight } from './flight.ts';

/** Frames that are delivered and not yet acknowledged when a connection breaks, at the most. */
const UNACKNOWLEDGED = 4;

export class Link {
  readonly from: number;
  readonly to: number;
  /** Microseconds. */
  readonly latency: number;
  /** When the latest message arrives: on one connection the next one does not arrive before. */
  last = 0;
  /** Nothing passes before then. */
  cutUntil = 0;
  /** What came while it was cut, oldest first. */
  held: Flight[] = [];
  /** Whether what was delivered last comes again when the link is mended. */
  resends = false;
  readonly #recent: Flight[] = [];

  constructor(from: number, to: number, latency: number) {
    this.from = from;
    this.to = to;
    this.latency = latency;
  }

  /** Also once it is mended, as long as something waits that came before. */
  isHolding(now: number): boolean {
    return now < this.cutUntil || this.held.length > 0;
  }

  delivered(flight: Flight): void {
    this.#recent.push(flight);
    if (this.#recent.length > UNACKNOWLEDGED) this.#recent.shift();
  }

  /** What its sender sends again on the next connection. */
  takeUnacknowledged(): Flight[] {
    return this.#recent.splice(0);
  }
}
