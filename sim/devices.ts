/** The outside of I/O actors, simulated: files and pipes of bytes. */

import type { IoKind } from '../src/actors/init.ts';
import type { ToDevice, ToIo } from '../src/actors/protocol.ts';
import type { Choose } from './random.ts';

/** What the outside holds before a run. */
export interface Outside {
  /** Input files' and streams' bytes, by the I/O actor's id. */
  readonly inputs: ReadonlyMap<number, Uint8Array>;
}

/** Writes from one time that a device is full to the next. */
const FULL_EVERY = 3;

/** One device: what it answers, and what has been written to it. */
export class Device {
  readonly #io: IoKind;
  readonly #input: Uint8Array;
  readonly #choose: Choose;
  readonly #written: (number | undefined)[] = [];
  #writes = 0;
  #read = 0;
  #credit = 0;
  #ended = false;
  #rewritten: string | null = null;

  constructor(io: IoKind, input: Uint8Array, choose: Choose) {
    this.#io = io;
    this.#input = input;
    this.#choose = choose;
  }

  /** What was written, from offset 0; a hole is 0. */
  get written(): Uint8Array {
    return Uint8Array.from(this.#written, (byte) => byte ?? 0);
  }

  /** A channel's byte that was written twice, not alike, in words; null if there is none. */
  get rewritten(): string | null {
    return this.#rewritten;
  }

  receive(message: ToDevice): ToIo[] {
    switch (message.type) {
      case 'device-write':
        this.#write(message.offset, message.bytes);
        this.#writes += 1;
        // Full for a moment, now and then.
        if (this.#writes % FULL_EVERY !== 0) return [];
        return [
          { type: 'device-full', isFull: true },
          { type: 'device-full', isFull: false },
        ];
      case 'device-read': {
        const { offset, length } = message;
        return [{ type: 'device-bytes', offset, bytes: this.#input.slice(offset, offset + length) }];
      }
      case 'device-flush':
        return [{ type: 'device-flushed' }];
      case 'device-credit':
        this.#credit += message.bytes;
        return this.#pour();
    }
  }

  #write(offset: number, bytes: Uint8Array): void {
    bytes.forEach((byte, i) => {
      const before = this.#written[offset + i];
      if (this.#io.type === 'channel' && before !== undefined && before !== byte)
        this.#rewritten ??= `offset ${offset + i}: first ${before}, then ${byte}`;
      this.#written[offset + i] = byte;
    });
  }

  /**
   * Input in chunks of drawn sizes: as far as there is credit, or not so far, since what is fast at times leaves room
   * in the ring at others. Where a chunk is placed, there is credit again.
   */
  #pour(): ToIo[] {
    const messages: ToIo[] = [];
    let flows = true;
    while (flows && this.#credit > 0 && this.#read < this.#input.length) {
      const most = Math.min(this.#credit, this.#input.length - this.#read);
      const count = most - this.#choose(most);
      messages.push({
        type: 'input',
        offset: this.#read,
        bytes: this.#input.slice(this.#read, this.#read + count),
      });
      this.#read += count;
      this.#credit -= count;
      flows = this.#choose(3) < 2;
    }
    if (this.#read === this.#input.length && !this.#ended) {
      this.#ended = true;
      messages.push({ type: 'input-ended' });
    }
    return messages;
  }
}
