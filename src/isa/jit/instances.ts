/** The units that are instantiated in a linear memory, and where the segments of each lie. */

import { invariant } from '../../invariant.ts';
import { type CallWorld, callsOf, importable, type UnitCalls } from './calls.ts';
import { CACHE, CACHES_AT, CACHES_END } from './linear-layout.ts';
import type { CompiledUnit } from './unit-cache.ts';
import { Wasm, type WasmMemory } from './web-assembly.ts';

/** Instances that are kept: a program may write ever new code. */
const MOST_LOADED = 512;

/** A unit in this memory. */
export interface Loaded {
  readonly compiled: CompiledUnit;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly calls: UnitCalls;
  /** Pointers that led to private words in its locals. */
  aliases: number;
  /** Times that it left a loop for want of a segment, or for an instruction that it does not execute. */
  misses: number;
}

/** What whoever enters instances has to hear of. */
export interface InstanceEvents {
  /** A pointer led to a private word in the unit's locals. */
  readonly aliased: (loaded: Loaded) => void;
  /** There was no room: whatever had been loaded is not to be entered any more. */
  readonly unloaded: () => void;
}

export class Instances {
  readonly #memory: WasmMemory;
  readonly #world: Omit<CallWorld, 'aliased'>;
  readonly #events: InstanceEvents;
  readonly #loaded = new Map<CompiledUnit, Loaded>();
  #cachesEnd = CACHES_AT;

  constructor(memory: WasmMemory, world: Omit<CallWorld, 'aliased'>, events: InstanceEvents) {
    this.#memory = memory;
    this.#world = world;
    this.#events = events;
  }

  /** The instance of a unit, made if there is none. */
  of(compiled: CompiledUnit): Loaded {
    return this.#loaded.get(compiled) ?? this.#load(compiled);
  }

  #load(compiled: CompiledUnit): Loaded {
    const { unit, module } = compiled;
    const { port, fetchMissing } = this.#world;
    const cachesAt = this.#roomFor(unit.caches);
    const frames = unit.frames.map((frame, i) => [`f${i}`, port().frameAt(frame)] as const);
    const calls = callsOf(unit, cachesAt, { ...this.#world, aliased: () => this.#events.aliased(loaded) });
    const { exports } = new Wasm.Instance(module, {
      m: {
        memory: this.#memory,
        caches: cachesAt,
        ...importable(calls, fetchMissing),
        ...Object.fromEntries(frames),
      },
    });
    const loaded: Loaded = { compiled, exports, calls, aliases: 0, misses: 0 };
    this.#loaded.set(compiled, loaded);
    return loaded;
  }

  /** Where the segments of a unit will lie; they are empty. */
  #roomFor(caches: number): number {
    const bytes = CACHE.bytes * caches;
    if (this.#cachesEnd + bytes > CACHES_END || this.#loaded.size === MOST_LOADED) this.#unloadAll();
    invariant(this.#cachesEnd + bytes <= CACHES_END, 'there is room for the segments of one unit');
    const cachesAt = this.#cachesEnd;
    this.#cachesEnd += bytes;
    this.#world.segments.clear(cachesAt, this.#cachesEnd);
    return cachesAt;
  }

  #unloadAll(): void {
    this.#loaded.clear();
    this.#world.segments.forget();
    this.#cachesEnd = CACHES_AT;
    this.#events.unloaded();
  }
}
