/** Commits of I/O actors: input that has come, signals. One at a time, staged like any commit, never validated. */

import { byHome } from '../memory/directory.ts';
import type { RunnerId } from '../memory/ids.ts';
import { type PagePatch, patchesOf, spansOf } from '../memory/patch.ts';
import { addressOf } from './address.ts';
import { type Effect, send } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import type { AttemptId, ImageRun } from './control-block.ts';

/** The id under which an I/O actor commits. */
export function writerOf(io: number): RunnerId {
  return BigInt(io) + 1n;
}

/** Numbers go on when a master is made anew, so the epoch says nothing here. */
export function attemptOfArrival(io: number, number: number): AttemptId {
  return { runner: writerOf(io), epoch: 1, number };
}

interface Pending {
  readonly number: number;
  readonly patches: readonly PagePatch[];
  readonly last: boolean;
  readonly unstaged: Set<number>;
}

export class Arrivals {
  readonly #io: number;
  readonly #config: MachineConfig;
  #number: number;
  #pending: Pending | null = null;

  /** `number`: of the newest arrival that was decided before. */
  constructor(io: number, config: MachineConfig, number = 0) {
    this.#io = io;
    this.#config = config;
    this.#number = number;
  }

  /** Whether an arrival is on its way; another may begin only after `arrived`. */
  get pending(): boolean {
    return this.#pending !== null;
  }

  /** Stages the next arrival. `last`: the input ends with it. */
  begin(runs: readonly ImageRun[], last: boolean): Effect[] {
    this.#number += 1;
    const patches = patchesOf(runs, this.#config.pageSize);
    const parts = byHome(patches, this.#config.homes);
    this.#pending = { number: this.#number, patches, last, unstaged: new Set(parts.keys()) };
    return [...parts].map(([home, homePatches]) =>
      send(addressOf('home', home), {
        type: 'stage',
        from: addressOf('io', this.#io),
        attempt: attemptOfArrival(this.#io, this.#number),
        sv: null,
        patches: homePatches,
      }),
    );
  }

  /** A home holds its part; with the last one the master is asked for a version. */
  staged(home: number, attempt: AttemptId): Effect[] {
    const pending = this.#pending;
    if (pending?.number !== attempt.number || !pending.unstaged.delete(home) || pending.unstaged.size > 0)
      return [];
    const spans = spansOf(pending.patches);
    const homes = [...byHome(pending.patches, this.#config.homes).keys()];
    const { number, last } = pending;
    return [send(addressOf('master'), { type: 'arrival', io: this.#io, number, spans, homes, last })];
  }

  /** The master has decided it; false if it speaks of another one. */
  arrived(number: number): boolean {
    if (this.#pending?.number !== number) return false;
    this.#pending = null;
    return true;
  }
}

/** A 64-bit word as bytes, little endian. */
export function wordBytes(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}
