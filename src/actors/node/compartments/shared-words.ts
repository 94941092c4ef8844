/** The memory that the main thread and one compartment's thread share: two rings, and words that both look at. */

import type { RingWords } from './ring.ts';

/** Bytes a ring; a record that is longer than a quarter of it travels apart. */
export const RING_BYTES = 2 ** 18;

/** Words that different threads write lie in different cache lines. */
const LINE = 16;

/** From the main thread to the compartment's. */
export const INWARD: RingWords = { tail: 0, head: LINE };
/** From the compartment's thread to the main one. */
export const OUTWARD: RingWords = { tail: 2 * LINE, head: 3 * LINE };

export const WORD = {
  /** 1 while the compartment's thread sleeps, or is about to. */
  compartmentSleeps: 4 * LINE,
  /** 1 while the main thread looks at no ring until it is rung for. */
  mainSleeps: 5 * LINE,
  /** The newest execution that is to be dropped. */
  dropped: 6 * LINE,
  /** Counted up by the compartment's thread as long as it gets on. */
  beat: 7 * LINE,
} as const;

const WORD_BYTES = 8 * LINE * Int32Array.BYTES_PER_ELEMENT;

export interface SharedWords {
  readonly words: Int32Array;
  readonly inward: Uint8Array;
  readonly outward: Uint8Array;
}

export function newSharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORD_BYTES + 2 * RING_BYTES);
}

export function sharedWordsIn(buffer: SharedArrayBuffer): SharedWords {
  return {
    words: new Int32Array(buffer, 0, WORD_BYTES / Int32Array.BYTES_PER_ELEMENT),
    inward: new Uint8Array(buffer, WORD_BYTES, RING_BYTES),
    outward: new Uint8Array(buffer, WORD_BYTES + RING_BYTES, RING_BYTES),
  };
}
