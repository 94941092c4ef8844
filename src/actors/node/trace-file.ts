/** `--trace`: one JSON line a transition of a runner and a commit, with the milliseconds since the start. */

import { constants, createWriteStream, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import winston from 'winston';
import { UsageError } from '../../errors.ts';
import type { TraceEvent } from '../trace-event.ts';
import { reasonOf } from './devices/files.ts';
import type { Machine } from './machine.ts';
import { TRACED, traceLine } from './trace-line.ts';

export class TraceFile {
  /** Takes lines as another process has made them. What goes wrong is for `close` to tell: nobody is held up by it. */
  readonly sink = new Writable({
    write: (lines: Uint8Array, _, done) => {
      this.#empty();
      this.#stream.write(lines, () => done());
    },
  });
  readonly #file: number;
  readonly #stream: Writable;
  readonly #logger: winston.Logger;
  readonly #began = performance.now();
  /** Null once all is written, else why it is not. */
  readonly #failure: Promise<string | null>;
  #isEmptied = false;

  private constructor(path: string, file: number) {
    this.#file = file;
    this.#stream = createWriteStream(path, { fd: file });
    this.#failure = finished(this.#stream).then(
      () => null,
      (error: unknown) => `cannot write the trace ${path}: ${reasonOf(error)}`,
    );
    // The file transport keeps errors to itself and then never ends, so the stream is our own.
    this.#logger = winston.createLogger({
      format: winston.format.printf(({ message }) => String(message)),
      transports: [new winston.transports.Stream({ stream: this.#stream, eol: '\n' })],
    });
  }

  /** What the file holds stays there until something has run. Throws `UsageError`. */
  static open(path: string): TraceFile {
    try {
      return new TraceFile(path, openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o666));
    } catch (error) {
      throw new UsageError(`cannot write the trace ${path}: ${reasonOf(error)}`);
    }
  }

  follow(machine: Machine): void {
    for (const type of TRACED) machine.on(type, (event) => this.#write(event));
  }

  /** Ends once all is written, with null, or cannot be, with the reason. May be called again. */
  async close(): Promise<string | null> {
    if (!this.#logger.writableEnded) this.#logger.once('finish', () => this.#stream.end()).end();
    return this.#failure;
  }

  #write(event: TraceEvent): void {
    this.#empty();
    this.#logger.info(traceLine(this.#began, event));
  }

  /** Of what the file held before. */
  #empty(): void {
    if (!this.#isEmptied && fstatSync(this.#file).isFile()) ftruncateSync(this.#file);
    this.#isEmptied = true;
  }
}
