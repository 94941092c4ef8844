/** An input stream's outside: any `Readable`, of which never more is taken than the I/O actor has room for. */

import type { Readable } from 'node:stream';
import { invariant } from '../../../invariant.ts';
import type { ToDevice } from '../../protocol.ts';
import type { Device, Reply } from './device.ts';

export class StreamDevice implements Device {
  readonly #source: Readable;
  readonly #reply: Reply;
  /** Bytes that are welcome. */
  #credit = 0;
  /** What the source has given and is not welcome yet. */
  #held: Uint8Array | null = null;
  /** Bytes taken so far. */
  #taken = 0;
  #exhausted = false;
  /** Nothing more is said. */
  #ended = false;

  constructor(source: Readable, reply: Reply) {
    this.#source = source;
    this.#reply = reply;
    source.on('readable', this.#take);
    source.on('end', this.#exhaust);
    source.on('error', this.#fail);
  }

  receive(message: ToDevice): void {
    invariant(message.type === 'device-credit', 'an input stream is only read');
    this.#credit += message.bytes;
    this.#take();
  }

  /** The source is left paused where it is; it is its owner's to end. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#source.off('readable', this.#take).off('end', this.#exhaust).off('error', this.#fail);
    this.#source.pause();
  }

  readonly #take = (): void => {
    while (!this.#ended && this.#credit > 0) {
      const chunk = this.#held ?? this.#read();
      if (chunk === null) break;
      const bytes = chunk.slice(0, this.#credit);
      this.#held = bytes.length < chunk.length ? chunk.subarray(bytes.length) : null;
      this.#credit -= bytes.length;
      this.#reply({ type: 'input', offset: this.#taken, bytes });
      this.#taken += bytes.length;
    }
    if (this.#ended) return;
    if (this.#exhausted && this.#held === null) {
      this.#ended = true;
      this.#reply({ type: 'input-ended' });
    } else if (this.#source.readableLength === 0) {
      // Takes nothing; but only a read tells the source that it is empty, and so lets it end.
      this.#source.read(0);
    }
  };

  /** What the source has, not more than is welcome; a source of objects gives what it likes. */
  #read(): Uint8Array | null {
    const { readableLength, readableObjectMode } = this.#source;
    if (readableLength === 0) return null;
    const chunk: unknown = this.#source.read(
      readableObjectMode ? undefined : Math.min(this.#credit, readableLength),
    );
    return chunk === null ? null : new Uint8Array(Buffer.from(chunk as string | Uint8Array));
  }

  readonly #exhaust = (): void => {
    this.#exhausted = true;
    this.#take();
  };

  readonly #fail = (error: Error): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#reply({ type: 'device-failed', error: error.message });
  };
}
