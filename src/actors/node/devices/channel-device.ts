/** An output channel's outside: standard output, standard error, or any other `Writable`. */

import type { Writable } from 'node:stream';
import { invariant } from '../../../invariant.ts';
import type { ToDevice } from '../../protocol.ts';
import type { Device, Reply } from './device.ts';

/** Bytes that wait, from which on the outside counts as full, and those below which it no longer does. */
export const FULL = 2 ** 24;
const ROOMY = 2 ** 22;

/**
 * One write at a time is under way, and what has come meanwhile goes as the next one: so a reader that is slower than
 * the program costs no system call a line. If too much waits, the outside is full, and the program is held up.
 */
export class ChannelDevice implements Device {
  readonly #sink: Writable;
  readonly #reply: Reply;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Bytes that are being written; null: none, not even nothing. */
  #writing: number | null = null;
  #isFull = false;
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
        this.#waitingBytes += message.bytes.length;
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

  /** Tells again what may have been told to nobody. */
  remind(): void {
    if (this.#isFull) this.#reply({ type: 'device-full', isFull: true });
  }

  async close(): Promise<void> {
    this.#waiting = [];
    this.#sink.off('error', this.#fail);
  }

  #advance(): void {
    if (this.#failure !== null) this.#answerFlushes({ type: 'device-failed', error: this.#failure });
    else if (this.#waiting.length > 0) this.#write();
    else if (this.#writing === null) this.#answerFlushes({ type: 'device-flushed' });
    this.#tell();
  }

  #tell(): void {
    const waiting = this.#waitingBytes + (this.#writing ?? 0);
    if (this.#isFull ? waiting > ROOMY : waiting <= FULL) return;
    this.#isFull = !this.#isFull;
    this.#reply({ type: 'device-full', isFull: this.#isFull });
  }

  #write(): void {
    if (this.#writing !== null) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#writing = bytes.length;
    this.#sink.write(bytes, (error) => {
      this.#writing = null;
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
    this.#waitingBytes = 0;
    this.#reply({ type: 'device-failed', error: error.message });
    this.#advance();
  };
}
