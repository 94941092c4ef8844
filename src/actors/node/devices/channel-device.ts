/** An output channel's outside: standard output, standard error, or any other `Writable`. */

import type { Writable } from 'node:stream';
import { invariant } from '../../../invariant.ts';
import type { ToDevice } from '../../protocol.ts';
import type { Device, Reply } from './device.ts';

/**
 * One write at a time is under way, and what has come meanwhile goes as the next one: so a reader that is slower than
 * the program costs memory here but no system call a line.
 */
export class ChannelDevice implements Device {
  readonly #sink: Writable;
  readonly #reply: Reply;
  #waiting: Uint8Array[] = [];
  #writing = false;
  /** Bytes received so far. */
  #offset = 0;
  #flushes = 0;
  #failure: string | null = null;

  constructor(sink: Writable, reply: Reply) {
    this.#sink = sink;
    this.#reply = reply;
    sink.on('error', this.#fail);
  }

  /** So many bytes were received by another one before. */
  resume(offset: number): void {
    invariant(this.#offset === 0, 'a channel begins once');
    this.#offset = offset;
  }

  receive(message: ToDevice): void {
    switch (message.type) {
      case 'device-write':
        invariant(message.offset === this.#offset, 'output reaches its channel in the order of its offsets');
        this.#offset += message.bytes.length;
        this.#waiting.push(message.bytes);
        break;
      case 'device-flush':
        this.#flushes += 1;
        break;
      case 'device-read':
      case 'device-credit':
        invariant(false, 'only output goes to an output channel');
    }
    this.#advance();
  }

  async close(): Promise<void> {
    this.#waiting = [];
    this.#sink.off('error', this.#fail);
  }

  #advance(): void {
    if (this.#failure !== null) this.#answerFlushes({ type: 'device-failed', error: this.#failure });
    else if (this.#waiting.length > 0) this.#write();
    else if (!this.#writing) this.#answerFlushes({ type: 'device-flushed' });
  }

  #write(): void {
    if (this.#writing) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#writing = true;
    this.#sink.write(bytes, (error) => {
      this.#writing = false;
      if (error != null) this.#fail(error);
      else this.#advance();
    });
  }

  #answerFlushes(answer: Parameters<Reply>[0]): void {
    for (; this.#flushes > 0; this.#flushes -= 1) this.#reply(answer);
  }

  readonly #fail = (error: Error): void => {
    if (this.#failure !== null) return;
    this.#failure = error.message;
    this.#waiting = [];
    this.#reply({ type: 'device-failed', error: error.message });
    this.#advance();
  };
}
