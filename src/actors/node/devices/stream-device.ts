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
  /** Bytes taken so far. */
  #taken = 0;
  #ended = false;

  constructor(source: Readable, reply: Reply) {
    this.#source = source;
    this.#reply = reply;
    source.on('readable', this.#take);
    source.on('end', this.#end);
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
    this.#source.off('readable', this.#take).off('end', this.#end).off('error', this.#fail);
    this.#source.pause();
  }

  readonly #take = (): void => {
    while (!this.#ended && this.#credit > 0 && this.#source.readableLength > 0) {
      const bytes: Buffer | null = this.#source.read(Math.min(this.#credit, this.#source.readableLength));
      if (bytes === null) return;
      this.#credit -= bytes.length;
      this.#reply({ type: 'input', offset: this.#taken, bytes: new Uint8Array(bytes) });
      this.#taken += bytes.length;
    }
    // Takes nothing; but only a read tells the source that it is empty, and so lets it end.
    if (!this.#ended && this.#source.readableLength === 0) this.#source.read(0);
  };

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#reply({ type: 'input-ended' });
  };

  readonly #fail = (error: Error): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#reply({ type: 'device-failed', error: error.message });
  };
}
