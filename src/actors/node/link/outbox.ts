/** Frames from one node to another, numbered from 1 and kept until they are handled there: one half of a session. */

export interface Room {
  readonly frames: number;
  /** In frames that are taken and not handled; a frame that is longer than all of it is taken when nothing else is. */
  readonly bytes: number;
}

export class Outbox {
  readonly #room: Room;
  readonly #released: (frame: Uint8Array) => void;
  readonly #pending: Uint8Array[] = [];
  #bytes = 0;
  /** Frames that are handled. */
  #handled = 0;
  #refused = false;

  /** `released` hears of each frame that is handled. */
  constructor(room: Room, released: (frame: Uint8Array) => void) {
    this.#room = room;
    this.#released = released;
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
    for (const frame of this.#drop(handled - this.#handled)) this.#released(frame);
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

  /** Nobody will handle what is left. Danger: it may be on its way to somebody who does not know that. */
  abandon(): void {
    this.#drop(this.#pending.length);
  }

  #drop(count: number): readonly Uint8Array[] {
    const dropped = this.#pending.splice(0, Math.max(0, count));
    this.#handled += dropped.length;
    for (const { length } of dropped) this.#bytes -= length;
    return dropped;
  }
}
