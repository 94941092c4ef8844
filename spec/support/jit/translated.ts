/** Machines that run translated code over linear memory, one memory used by trial after trial as in a compartment. */

import { LinearCompartment } from '../../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../../src/actors/linear-memory.ts';
import { terrainOf } from '../../../src/actors/terrain.ts';
import { interpret } from '../../../src/isa/interpreter.ts';
import { RULES, type Rules } from '../../../src/isa/jit/rules.ts';
import { Tier } from '../../../src/isa/jit/tier.ts';
import { UnitCache } from '../../../src/isa/jit/unit-cache.ts';
import { type Layout, layoutOf } from '../../../src/isa/layout.ts';
import type { Machine } from './attempt.ts';

/** Pages of 64 KiB: room for everything; for a part of what some trials declare; for next to nothing. */
const SIZES = { large: 4096, small: 64, tiny: 16 } as const;

export type MemorySize = keyof typeof SIZES;

/** Attempts after which units and instances are made anew, lest they become ever more. */
const FRESH_AFTER = 400;

export class TranslatedMachine implements Machine<LinearCompartment> {
  readonly name = 'translator over linear memory';
  translated = 0;
  interpreted = 0;
  readonly #rules: Rules;
  readonly #memories = new Map<MemorySize, LinearMemory>();
  #tiers = new Map<string, Tier>();
  #left = FRESH_AFTER;

  constructor(rules: Rules = RULES) {
    this.#rules = rules;
  }

  forget(): void {
    this.#tiers.clear();
    this.#left = FRESH_AFTER;
  }

  memory({ config, map, control, linear }: Parameters<Machine['memory']>[0]): LinearCompartment {
    this.#left -= 1;
    if (this.#left === 0) this.forget();
    return new LinearCompartment(config, terrainOf(map), control, 0, this.#memoryOf(linear));
  }

  run(...[cpu, memory, budget, fuel]: Parameters<Machine<LinearCompartment>['run']>) {
    const tier = this.#tierFor(memory.memory, memory.layout);
    const { translated, interpreted } = tier.stats;
    try {
      return tier.run(cpu, memory, budget, fuel);
    } finally {
      this.translated += tier.stats.translated - translated;
      this.interpreted += tier.stats.interpreted - interpreted;
    }
  }

  release(memory: LinearCompartment): void {
    memory.release();
  }

  /** A memory whose attempt came to no end is of no use any more. */
  abandon(): void {
    this.#memories.clear();
    this.forget();
  }

  /** The share of instructions that ran translated. */
  text(): string {
    const share = (100 * this.translated) / (this.translated + this.interpreted);
    return `${share.toFixed(2)} % of the instructions translated`;
  }

  #memoryOf(size: MemorySize): LinearMemory {
    const known = this.#memories.get(size) ?? new LinearMemory(SIZES[size]);
    this.#memories.set(size, known);
    return known;
  }

  #tierFor(memory: WebAssembly.Memory, { regionBoundary }: Layout): Tier {
    const key = `${memory.buffer.byteLength} ${regionBoundary}`;
    const known =
      this.#tiers.get(key) ?? new Tier(memory, new UnitCache(layoutOf(regionBoundary), this.#rules));
    this.#tiers.set(key, known);
    return known;
  }
}

/** The interpreter over linear memory: what differs then is the memory's doing. */
export class InterpretedLinearMachine extends TranslatedMachine {
  override run(...[cpu, memory, budget, fuel]: Parameters<TranslatedMachine['run']>) {
    return interpret(cpu, memory, budget, fuel);
  }
}
