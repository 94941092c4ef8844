/** `--trace`: one JSON line a transition of a runner and a commit, with the milliseconds since the start. */

import { constants, createWriteStream, fstatSync, ftruncateSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import winston from 'winston';
import { UsageError } from '../../errors.ts';
import { nameOf } from '../../memory/ids.ts';
import type { TraceEvent } from '../trace-event.ts';
import { reasonOf } from './devices/files.ts';
import type { Machine } from './machine.ts';

/** `attempt` has every written byte, and is for checkers. */
const TRACED = ['runner', 'start', 'commit', 'conflict', 'ended', 'fired', 'starving'] as const;

export class TraceFile {
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
    if (!this.#isEmptied && fstatSync(this.#file).isFile()) ftruncateSync(this.#file);
    this.#isEmptied = true;
    const t = Math.round((performance.now() - this.#began) * 1000) / 1000;
    this.#logger.info(JSON.stringify({ t, ...event }, plain));
  }
}

const ADDRESSES: ReadonlySet<string> = new Set(['base', 'address', 'pc']);

/** Runner ids and addresses as text, bytes as hexadecimal digits. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === 'number' && ADDRESSES.has(key)) return `0x${value.toString(16)}`;
  if (typeof value === 'bigint') return ADDRESSES.has(key) ? `0x${value.toString(16)}` : nameOf(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}
