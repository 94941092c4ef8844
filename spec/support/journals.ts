/** Journals in memory that lag behind, and machines that begin anew from a part of one. */

import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Dice } from '../../sim/dice.ts';
import { boot } from '../../src/actors/boot.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { Decided } from '../../src/actors/decided.ts';
import type { IoKind } from '../../src/actors/init.ts';
import { LocalityPolicy } from '../../src/actors/locality.ts';
import type { Company, KeptOutput } from '../../src/actors/node/company.ts';
import type { Journal } from '../../src/actors/node/journal.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/actors/node/wire/checkpoint.ts';
import { Replayer } from '../../src/actors/replay.ts';
import type { Beginning } from '../../src/actors/revived-actors.ts';
import { Machine, type MachineOptions, type Program, type RunReport } from '../../src/index.ts';

/** What was decided is safe a while later, or never: then all is lost that comes after it. */
export class LaggingJournal implements Journal {
  readonly steps: (readonly Decided[])[] = [];
  readonly #dice: Dice;
  #safe = 0;
  #isDue = false;
  onSafe: () => void = () => {};

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  get safe(): number {
    return this.#safe;
  }

  append(records: readonly Decided[]): number {
    this.steps.push(records);
    this.#goOn();
    return this.steps.length;
  }

  #goOn(): void {
    if (this.#isDue || this.#safe === this.steps.length) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      // Slower than the machine, now and then by far.
      if (this.#dice.chance(0.2))
        this.#safe += this.#dice.between(0, Math.min(5, this.steps.length - this.#safe));
      this.onSafe();
      this.#goOn();
    });
  }
}

export interface Kept {
  readonly program: Program;
  readonly config: MachineConfig;
  readonly ios: readonly IoKind[];
  readonly machine: Machine;
  readonly report: RunReport;
  readonly steps: readonly (readonly Decided[])[];
  /** Everything that was put out, and how many steps were safe when each byte was. */
  /** Runners whose attempts have started, each as often. */
  readonly started: readonly bigint[];
  readonly stdout: readonly { readonly byte: number; readonly safe: number }[];
}

/** Runs a program whose decisions are kept; `before`: what an earlier process had decided. */
export async function runKept(
  program: Program,
  options: MachineOptions,
  dice: Dice,
  before: readonly (readonly Decided[])[] | null = null,
  checkpoint: Checkpointed | null = null,
): Promise<Kept> {
  const journal = new LaggingJournal(dice);
  const stdout: { byte: number; safe: number }[] = [];
  const sink = new Writable({
    write(chunk: Uint8Array, _, done) {
      for (const byte of chunk) stdout.push({ byte, safe: journal.safe });
      done();
    },
  });
  let config: MachineConfig | null = null;
  let ios: readonly IoKind[] = [];
  const company: Company = {
    abroad: { isAbroad: () => false, send: () => {} },
    rcomps: options.rcomps ?? 3,
    replicas: 2,
    policy: new LocalityPolicy(),
    keeping: {
      journal,
      epoch: before === null ? 1 : 2,
      before: before && {
        from: checkpoint?.from ?? null,
        records: before.slice(checkpoint?.steps ?? 0).flat(),
        outputs: checkpoint?.outputs ?? [],
      },
    },
    begun: (begun) => {
      ({ config, ios } = begun);
    },
    over: () => {},
  };
  const machine = new Machine(program, { engine: 'interpreter', ...options, stdout: sink }, { company });
  onTestFinished(() => machine[Symbol.asyncDispose]());
  const started: bigint[] = [];
  machine.on('start', ({ attempt }) => started.push(attempt.runner));
  const report = await machine.run();
  return {
    program,
    config: config!,
    ios,
    machine,
    report,
    started,
    steps: [...(before ?? []), ...journal.steps],
    stdout,
  };
}

/** A checkpoint after so many steps. */
export interface Checkpointed {
  readonly steps: number;
  readonly from: Beginning;
  readonly outputs: readonly KeptOutput[];
}

/** What can be kept in the place of a run's first steps: null if it was closed by then. */
export function checkpointOf({ program, config, ios, steps }: Kept, count: number): Checkpointed | null {
  const { inits, entry } = boot(program, config, ios);
  const told = new Map<number, number[]>();
  const replayer = new Replayer({
    inits,
    entry,
    from: null,
    onTrace: () => {},
    toDevice: (io, message) => {
      if (message.type === 'device-write') told.set(io, [...(told.get(io) ?? []), ...message.bytes]);
    },
  });
  for (const record of steps.slice(0, count).flat()) replayer.heed(record);
  if (!replayer.mayBegin) return null;
  const decoded = decodeCheckpoint(encodeCheckpoint(replayer.checkpoint()));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return {
    steps: count,
    from: { checkpoint: decoded.value, pages: replayer.takeChanged() },
    outputs: [...told].map(([io, bytes]) => ({ io, offset: 0, bytes: Uint8Array.from(bytes) })),
  };
}
