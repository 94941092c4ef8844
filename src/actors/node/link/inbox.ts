/** Frames from another node, each once and in order, whatever connections brought them: the other half of a session. */

export type Heard = 'next' | 'again' | 'gap' | 'too-many';

export class Inbox {
  readonly #most: number;
  readonly #handle: (frame: Uint8Array) => Promise<void>;
  readonly #waiting: Uint8Array[] = [];
  #arrived = 0;
  #handled = 0;
  #handling = false;

  /** `most`: frames that may have arrived and not be handled. `handle` is called for one frame at a time. */
  constructor(most: number, handle: (frame: Uint8Array) => Promise<void>) {
    this.#most = most;
    this.#handle = handle;
  }

  get handled(): number {
    return this.#handled;
  }

  /** Frame `number` has come. Danger: an earlier connection may have brought it before it broke. */
  hear(number: number, frame: Uint8Array): Heard {
    if (number <= this.#arrived) return 'again';
    if (number > this.#arrived + 1) return 'gap';
    if (this.#arrived - this.#handled >= this.#most) return 'too-many';
    this.#arrived += 1;
    this.#waiting.push(frame);
    void this.#drain();
    return 'next';
  }

  async #drain(): Promise<void> {
    if (this.#handling) return;
    this.#handling = true;
    for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) {
      await this.#handle(frame);
      this.#handled += 1;
    }
    this.#handling = false;
  }
}
