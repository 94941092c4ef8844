/**
 * Follows one program's log, a step behind: another machine without runners, which writes its state down now and then, so
 * that the log before that is needed no longer. The machine itself is never stopped for it.
 */

import type { Program } from '../../../isa/program.ts';
import { boot } from '../../boot.ts';
import type { MachineConfig } from '../../config.ts';
import type { Decided } from '../../decided.ts';
import type { IoKind } from '../../init.ts';
import { Replayer } from '../../replay.ts';
import type { Before, KeptOutput } from '../company.ts';
import { encodeCheckpoint } from '../wire/checkpoint.ts';
import type { KeptCheckpoint } from './store.ts';

export interface CheckpointerOptions {
  readonly program: Program;
  readonly config: MachineConfig;
  readonly ios: readonly IoKind[];
  readonly before: Before | null;
  /** Steps in the log so far. */
  readonly steps: number;
  /** Steps from one checkpoint to the next. */
  readonly period: number;
  /** Of an output channel: bytes at its beginning that nobody wants any more. */
  readonly fetched: (io: number) => number;
  /** Takes the place of the checkpoint before it, and of the log up to its step; fulfilled when that is safe. */
  readonly save: (checkpoint: KeptCheckpoint) => Promise<void>;
}

export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #replayer: Replayer;
  /** What was put out and somebody may want, by channel. */
  readonly #outputs = new Map<number, KeptOutput[]>();
  #steps: number;
  #saved: number;
  #isSaving = false;

  constructor(options: CheckpointerOptions) {
    const { program, config, ios, before, steps } = options;
    const { inits, entry } = boot(program, config, ios);
    this.#options = options;
    this.#steps = steps;
    this.#saved = steps;
    for (const output of before?.outputs ?? []) this.#outputs.set(output.io, [output]);
    this.#replayer = new Replayer({
      inits,
      entry,
      from: before?.from ?? null,
      onTrace: () => {},
      toDevice: (io, message) => {
        if (message.type !== 'device-write' || ios[io]?.type !== 'channel') return;
        const { offset, bytes } = message;
        const outputs = this.#outputs.get(io);
        if (outputs === undefined) this.#outputs.set(io, [{ io, offset, bytes }]);
        else outputs.push({ io, offset, bytes });
      },
    });
    for (const record of before?.records ?? []) this.#replayer.heed(record);
  }

  /** One more step is safe in the log. */
  heed(records: readonly Decided[]): void {
    for (const record of records) this.#replayer.heed(record);
    this.#steps += 1;
    if (this.#steps - this.#saved < this.#options.period || this.#isSaving || !this.#replayer.mayBegin)
      return;
    this.#isSaving = true;
    this.#saved = this.#steps;
    void this.#options.save(this.#take()).finally(() => {
      this.#isSaving = false;
    });
  }

  #take(): KeptCheckpoint {
    const outputs: KeptOutput[] = [];
    for (const [io, all] of this.#outputs) {
      const fetched = this.#options.fetched(io);
      const wanted = all.filter(({ offset, bytes }) => offset + bytes.length > fetched);
      const last = all.at(-1);
      const end = last === undefined ? 0 : last.offset + last.bytes.length;
      const kept = { io, offset: wanted[0]?.offset ?? end, bytes: joined(wanted) };
      this.#outputs.set(io, [kept]);
      outputs.push(kept);
    }
    return {
      steps: this.#steps,
      state: encodeCheckpoint(this.#replayer.checkpoint()),
      pages: this.#replayer.takeChanged(),
      outputs,
    };
  }
}

function joined(outputs: readonly KeptOutput[]): Uint8Array {
  return new Uint8Array(Buffer.concat(outputs.map(({ bytes }) => bytes)));
}
