/**
 * What carries frames between nodes. Between two nodes there is one session for as long as both live, over as many
 * connections as it takes; so actors on different nodes may count on what actors on one node can: first in, first out.
 */

import type { Soon } from '../soon.ts';

/** Whoever sits at a node's end. */
export interface Receiver {
  /**
   * A frame from another node: each exactly once, in the order of sending from one node to another, however often a
   * connection breaks. The next frame from that node comes only when the promise is fulfilled.
   */
  receive(from: number, frame: Uint8Array): Soon<void>;
  /**
   * A frame that this node sent is handled, and nobody heeds its bytes any more: its memory may be used again. Said once at the
   * most; a transport that hands over the frame itself never says so.
   */
  released?(frame: Uint8Array): void;
  /** A frame to this node was refused, and there is room again. */
  room(to: number): void;
}

/** A node's end. */
export interface Endpoint {
  /**
   * Takes a frame, which nobody changes afterwards unless it is released. False, and it is not taken, while a full window of frames to this
   * node is not yet handled there, or if this end is closed. A node that has not joined yet gets its frames when it
   * does; what is sent to one that has left is lost.
   */
  send(to: number, frame: Uint8Array): boolean;
  /**
   * Nothing more is taken or received; what waits for a node that has not joined is lost. Fulfilled when all other
   * frames that were taken are handled, or lost because their receiver has left.
   */
  close(): Promise<void>;
}

export interface Transport {
  /** Frames from one node to another that may be taken and not yet handled. */
  readonly window: number;
  /** Opens the end of a node, by its number; each number once. */
  join(node: number, receiver: Receiver): Soon<Endpoint>;
}
