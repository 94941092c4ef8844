/** An output file's outside: committed bytes are written at their offsets, one write after the other. */

import { invariant } from '../../../invariant.ts';
import type { ToDevice } from '../../protocol.ts';
import type { Device, Reply } from './device.ts';
import type { OutputFile } from './files.ts';

export class OutFileDevice implements Device {
  readonly #file: OutputFile;
  readonly #reply: Reply;
  /** Ends when all that has been received is done. The order matters: a later commit may write the same bytes. */
  #work: Promise<void> = Promise.resolve();
  #failure: string | null = null;
  #closed = false;

  constructor(file: OutputFile, reply: Reply) {
    this.#file = file;
    this.#reply = reply;
  }

  receive(message: ToDevice): void {
    if (message.type === 'device-write') {
      this.#work = this.#work.then(() => this.#write(message.offset, message.bytes));
    } else {
      invariant(message.type === 'device-flush', 'an output file is only written');
      this.#work = this.#work.then(() => this.#answer(this.#failure));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    await this.#file.close();
  }

  async #write(offset: number, bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) return;
    try {
      await this.#file.write(offset, bytes);
    } catch (error) {
      this.#failure = (error as Error).message;
      this.#answer(this.#failure);
    }
  }

  #answer(failure: string | null): void {
    if (this.#closed) return;
    this.#reply(failure === null ? { type: 'device-flushed' } : { type: 'device-failed', error: failure });
  }
}
