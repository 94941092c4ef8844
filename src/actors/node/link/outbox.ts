/** Frames from one node to another, numbered from 1 and kept until they are handled there: one half of a session. */

import { invariant } from '../../../invariant.ts';

export interface Room {
  readonly frames: number;
  /** In frames that are taken and not handled; a frame that is longer than all of it is taken when nothing else is. */
  readonly bytes: number;
}

export class Outbox {
  readonly #room: Room;
  readonly #pending: Uint8Array[] = [];
  #bytes = 0;
  /** Frames that are handled. */
  #handled = 0;
  #refused = false;

  constructor(room: Room) {
    this.#room = room;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** The number of the first frame that is not known to be handled. */
  get first(): number {
    return this.#handled + 1;
  }

  /** From `first` on. */
  get pending(): readonly Uint8Array[] {
    return this.#pending;
  }

  /** Whether there is room for the frame, and it is taken. */
  take(frame: Uint8Array): boolean {
    const { frames, bytes } = this.#room;
    const fits = this.isEmpty || this.#bytes + frame.length <= bytes;
    if (this.#pending.length >= frames || !fits) {
      this.#refused = true;
      return false;
    }
    this.#pending.push(frame);
    this.#bytes += frame.length;
    return true;
  }

  /** So many frames are handled in all; less than was known says nothing new. False if that many were never taken. */
  acknowledge(handled: number): boolean {
    if (handled > this.#handled + this.#pending.length) return false;
    for (const frame of this.#pending.splice(0, Math.max(0, handled - this.#handled))) {
      this.#bytes -= frame.length;
      this.#handled += 1;
    }
    return true;
  }

  /** Whether a frame was refused and there is room again; once for each time. */
  hasNews(): boolean {
    const { frames, bytes } = this.#room;
    if (!this.#refused || this.#pending.length >= frames || (!this.isEmpty && this.#bytes >= bytes))
      return false;
    this.#refused = false;
    return true;
  }

  /** Nobody will handle what is left. */
  abandon(): void {
    const handled = this.#handled + this.#pending.length;
    invariant(this.acknowledge(handled), 'all that was taken can be acknowledged');
  }
}
