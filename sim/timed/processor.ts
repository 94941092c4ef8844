/** What handles messages one at a time: a node's main thread, an RComp, a compartment's thread. */

import type { Flight } from './flight.ts';

export interface Processor {
  readonly node: number;
  /** Busy until then. */
  freeAt: number;
  /** What has arrived and waits, oldest first. */
  readonly inbox: Flight[];
  /** Where in `inbox` the oldest one is. */
  first: number;
  /** Whether it will be looked at again without a new arrival. */
  awaited: boolean;
}

export function processorOn(node: number): Processor {
  return { node, freeAt: 0, inbox: [], first: 0, awaited: false };
}

export function isWaiting({ inbox, first }: Processor): boolean {
  return first < inbox.length;
}

/** The oldest message that waits. */
export function takeOldest(processor: Processor): Flight {
  const oldest = processor.inbox[processor.first]!;
  processor.first += 1;
  if (processor.first === processor.inbox.length) {
    processor.inbox.length = 0;
    processor.first = 0;
  }
  return oldest;
}
