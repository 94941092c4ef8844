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
  readonly before: Before;
  /** Steps in the log so far, and those that the checkpoint before stands for. */
  readonly steps: number;
  readonly saved: number;
  /** Steps from one checkpoint to the next. */
  readonly period: number;
  /** Of an output channel: bytes at its beginning that nobody wants any more. */
  readonly fetched: (io: number) => number;
  /** It makes no more checkpoints. Called once. */
  readonly onFailure: (error: Error) => void;
  /** Takes the place of the checkpoint before it, and of the log up to its step; fulfilled when that is safe. */
  readonly save: (checkpoint: KeptCheckpoint) => Promise<void>;
}

/** Bytes of a checkpoint's state that are worth a step of the log. */
const BYTES_A_STEP = 1_000;

export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #replayer: Replayer;
  /** What was put out and somebody may want, by channel. */
  readonly #outputs = new Map<number, KeptOutput[]>();
  #steps: number;
  /** The step from which on a checkpoint is made. */
  #due: number;
  #hasFailed = false;
  #isSaving = false;

  constructor(options: CheckpointerOptions) {
    const { program, config, ios, before, steps, saved } = options;
    const { inits, entry } = boot(program, config, ios);
    this.#options = options;
    this.#steps = steps;
    this.#due = saved + options.period;
    for (const output of before.outputs) this.#outputs.set(output.io, [output]);
    this.#replayer = new Replayer({
      inits,
      entry,
      from: before.from,
      onTrace: () => {},
      toDevice: (io, message) => {
        if (message.type !== 'device-write' || ios[io]?.type !== 'channel') return;
        const { offset, bytes } = message;
        const outputs = this.#outputs.get(io);
        if (outputs === undefined) this.#outputs.set(io, [{ io, offset, bytes }]);
        else outputs.push({ io, offset, bytes });
      },
    });
    for (const record of before.records) this.#replayer.heed(record);
  }

  /** One more step is safe in the log. */
  heed(records: readonly Decided[]): void {
    if (this.#hasFailed) return;
    try {
      for (const record of records) this.#replayer.heed(record);
      this.#steps += 1;
      if (this.#steps >= this.#due && !this.#isSaving && this.#replayer.mayBegin) this.#save(this.#take());
    } catch (error) {
      // The log is whole without it, only longer.
      this.#hasFailed = true;
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #save(checkpoint: KeptCheckpoint): void {
    this.#isSaving = true;
    // Writing down many runners takes time in which nothing is decided: then it is done less often.
    this.#due = this.#steps + Math.max(this.#options.period, checkpoint.state.length / BYTES_A_STEP);
    void this.#options.save(checkpoint).finally(() => {
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
