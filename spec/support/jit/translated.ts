/** Machines that run translated code over linear memory, one memory used by trial after trial as in a compartment. */

import { LinearCompartment } from '../../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../../src/actors/linear-memory.ts';
import { terrainOf } from '../../../src/actors/terrain.ts';
import { type Cpu, interpret, type Stop } from '../../../src/isa/interpreter.ts';
import type { FetchMissing } from '../../../src/isa/jit/calls.ts';
import { CACHES_AT, CACHES_END, REGISTERS_AT } from '../../../src/isa/jit/linear-layout.ts';
import type { LinearPort } from '../../../src/isa/jit/linear-port.ts';
import { RULES, type Rules } from '../../../src/isa/jit/rules.ts';
import { Tier } from '../../../src/isa/jit/tier.ts';
import { UnitCache } from '../../../src/isa/jit/unit-cache.ts';
import type { Machine } from './attempt.ts';
import type { World } from './world.ts';

/** Pages of 64 KiB: room for everything; for a part of what some trials declare; for next to nothing. */
const SIZES = { large: 4096, small: 64, tiny: 16 } as const;

type MemorySize = keyof typeof SIZES;

/** Memories that are looked through after each attempt. */
const SMALL_BYTES = SIZES.small * 2 ** 16;
const ZEROS = new Uint8Array(SMALL_BYTES);

/** Attempts after which units and instances are made anew, lest they become ever more. */
const FRESH_AFTER = 400;

export class TranslatedMachine implements Machine<LinearCompartment> {
  translated = 0;
  interpreted = 0;
  readonly #rules: Rules;
  readonly #memories = new Map<MemorySize, LinearMemory>();
  readonly #tiers = new Map<string, Tier>();
  #left = FRESH_AFTER;
  #world: World | null = null;

  constructor(rules: Rules = RULES) {
    this.#rules = rules;
  }

  forget(): void {
    this.#tiers.clear();
    this.#left = FRESH_AFTER;
  }

  memory(world: World): LinearCompartment {
    const { config, map, control, linear } = world;
    this.#left -= 1;
    if (this.#left === 0) this.forget();
    this.#world = world;
    return new LinearCompartment(config, terrainOf(map), control, 0, this.#memoryOf(linear));
  }

  run(cpu: Cpu, memory: LinearCompartment, budget: number, fuel: number): Stop {
    const tier = this.tierFor(memory);
    const { translated, interpreted } = tier.stats;
    try {
      return tier.run(cpu, memory, budget, fuel);
    } finally {
      this.translated += tier.stats.translated - translated;
      this.interpreted += tier.stats.interpreted - interpreted;
    }
  }

  /** I17: nothing is left of an attempt for the next one. */
  release(compartment: LinearCompartment): void {
    const { buffer } = compartment.memory;
    compartment.release();
    if (buffer.byteLength > SMALL_BYTES) return;
    for (const [from, to] of [
      [REGISTERS_AT, CACHES_AT],
      [CACHES_END, buffer.byteLength],
    ] as const)
      if (Buffer.compare(new Uint8Array(buffer, from, to - from), ZEROS.subarray(from, to)) !== 0)
        throw new Error('an attempt leaves bytes behind');
  }

  /** A memory whose attempt came to no end is of no use any more. */
  abandon(): void {
    this.#memories.clear();
    this.forget();
  }

  /** Of all instructions, how many ran translated. */
  share(): number {
    return this.translated / (this.translated + this.interpreted);
  }

  text(): string {
    return `${(100 * this.share()).toFixed(2)} % of the instructions translated`;
  }

  #memoryOf(size: MemorySize): LinearMemory {
    const known = this.#memories.get(size) ?? new LinearMemory(SIZES[size]);
    this.#memories.set(size, known);
    return known;
  }

  protected tierFor({ memory, layout }: LinearCompartment): Tier {
    const { pages } = this.#world!;
    const key = `${memory.buffer.byteLength} ${layout.regionBoundary} ${pages === 'fetched'}`;
    let tier = this.#tiers.get(key);
    if (tier === undefined) {
      const cache = new UnitCache(layout, this.#rules);
      tier = new Tier(memory, cache, pages === 'fetched' ? this.fetchMissing() : null);
      this.#tiers.set(key, tier);
    }
    return tier;
  }

  /** How pages come in the middle of translated code. */
  protected fetchMissing(): FetchMissing {
    return { suspends: false, fetch: (port) => this.provideMissing(port) };
  }

  protected provideMissing(port: LinearPort): void {
    const memory = port as LinearCompartment;
    memory.provide(memory.missing.map((page) => this.#world!.snapshot.page(page)));
  }
}

/** Is suspended while pages are fetched; for worlds whose pages are. */
export class SuspendedTranslatedMachine extends TranslatedMachine {
  runSuspended(cpu: Cpu, memory: LinearCompartment, budget: number, fuel: number): Promise<Stop> {
    return this.tierFor(memory).runSuspended(cpu, memory, budget, fuel);
  }

  protected override fetchMissing(): FetchMissing {
    return { suspends: true, fetch: async (port) => this.provideMissing(port) };
  }
}

/** The interpreter over linear memory: what differs then is the memory's doing. */
export class InterpretedLinearMachine extends TranslatedMachine {
  override run(cpu: Cpu, memory: LinearCompartment, budget: number, fuel: number): Stop {
    return interpret(cpu, memory, budget, fuel);
  }
}
