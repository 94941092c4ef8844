/** `--trace`: one JSON line a transition of a runner and a commit, with the milliseconds since the start. */

import { closeSync, openSync } from 'node:fs';
import winston from 'winston';
import { UsageError } from '../../errors.ts';
import { nameOf } from '../../memory/ids.ts';
import type { TraceEvent } from '../trace-event.ts';
import { reasonOf } from './devices/files.ts';
import type { Machine } from './machine.ts';

/** `attempt` has every written byte, and is for checkers. */
const TRACED = ['runner', 'start', 'commit', 'conflict', 'ended', 'fired', 'starving'] as const;

export class TraceFile {
  readonly #logger: winston.Logger;
  readonly #transport: InstanceType<typeof winston.transports.File>;
  readonly #began = performance.now();

  private constructor(path: string) {
    this.#transport = new winston.transports.File({ filename: path, options: { flags: 'w' } });
    this.#logger = winston.createLogger({
      format: winston.format.printf(({ message }) => String(message)),
      transports: [this.#transport],
    });
  }

  /** Throws `UsageError`. */
  static open(path: string): TraceFile {
    try {
      closeSync(openSync(path, 'w'));
    } catch (error) {
      throw new UsageError(`cannot write the trace ${path}: ${reasonOf(error)}`);
    }
    return new TraceFile(path);
  }

  follow(machine: Machine): void {
    for (const type of TRACED) machine.on(type, (event) => this.#write(event));
  }

  /** Ends once all is written. */
  async close(): Promise<void> {
    const written = new Promise((resolve) => this.#transport.once('finish', resolve));
    this.#logger.end();
    await written;
  }

  #write(event: TraceEvent): void {
    const t = Math.round((performance.now() - this.#began) * 1000) / 1000;
    this.#logger.info(JSON.stringify({ t, ...event }, plain));
  }
}

/** Runner ids and 64-bit addresses as text, bytes as hexadecimal digits. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return nameOf(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}
