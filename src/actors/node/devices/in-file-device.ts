/** An input file's outside: bytes are read when a page home asks for them. */

import { invariant } from '../../../invariant.ts';
import type { ToDevice } from '../../protocol.ts';
import type { Device, Reply } from './device.ts';
import type { InputFile } from './files.ts';

export class InFileDevice implements Device {
  readonly #file: InputFile;
  readonly #reply: Reply;
  #closed = false;

  constructor(file: InputFile, reply: Reply) {
    this.#file = file;
    this.#reply = reply;
  }

  receive(message: ToDevice): void {
    invariant(message.type === 'device-read', 'an input file is only read');
    void this.#read(message.offset, message.length);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#file.close();
  }

  async #read(offset: number, length: number): Promise<void> {
    const answer = await this.#file.read(offset, length).then(
      (bytes) => ({ type: 'device-bytes', offset, bytes }) as const,
      (error: Error) => ({ type: 'device-failed', error: error.message }) as const,
    );
    if (!this.#closed) this.#reply(answer);
  }
}
