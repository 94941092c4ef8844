/** Commits of I/O actors: input that has come, signals. One at a time, staged like any commit, never validated. */

import type { RunnerId } from '../memory/ids.ts';
import { type PagePatch, patchesOf, spansOf } from '../memory/patch.ts';
import { addressOf } from './address.ts';
import { type Effect, send } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import type { AttemptId, ImageRun } from './control-block.ts';
import { type Places, placesAtFirst } from './places.ts';
import { Staging } from './staging.ts';

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
  readonly staging: Staging;
}

export class Arrivals {
  readonly #io: number;
  readonly #config: MachineConfig;
  #places: Places;
  #number: number;
  #pending: Pending | null = null;

  /** `number`: of the newest arrival that was decided before. */
  constructor(io: number, config: MachineConfig, number = 0) {
    this.#io = io;
    this.#config = config;
    this.#number = number;
    this.#places = placesAtFirst(config);
  }

  get places(): Places {
    return this.#places;
  }

  /** Whether an arrival is on its way; another may begin only after `arrived`. */
  get pending(): boolean {
    return this.#pending !== null;
  }

  /** Stages the next arrival. `last`: the input ends with it. */
  begin(runs: readonly ImageRun[], last: boolean): Effect[] {
    this.#number += 1;
    const patches = patchesOf(runs, this.#config.pageSize);
    const attempt = attemptOfArrival(this.#io, this.#number);
    const staging = new Staging(addressOf('io', this.#io), { attempt, sv: null, patches }, this.#places);
    this.#pending = { number: this.#number, patches, last, staging };
    return staging.ask();
  }

  /** A replica holds its part; with the last one the master is asked for a version. */
  staged(replica: number, attempt: AttemptId): Effect[] {
    const pending = this.#pending;
    if (pending?.number !== attempt.number || pending.staging.isHeld) return [];
    pending.staging.held(replica);
    return this.#askIfHeld(pending);
  }

  /**
   * Others keep the pages from now on. Danger: the master takes no notice of an arrival that was staged before they did, so
   * it has to be asked again.
   */
  moved(places: Places): Effect[] {
    if (places.generation <= this.#places.generation) return [];
    this.#places = places;
    const pending = this.#pending;
    if (pending === null) return [];
    return [...pending.staging.moved(places), ...this.#askIfHeld(pending)];
  }

  #askIfHeld({ number, patches, last, staging }: Pending): Effect[] {
    if (!staging.isHeld) return [];
    const { homes, generation } = staging;
    const spans = spansOf(patches);
    return [
      send(addressOf('master'), { type: 'arrival', io: this.#io, number, spans, homes, generation, last }),
    ];
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
