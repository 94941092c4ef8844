/** What executes attempts in a compartment's thread: translated code over one linear memory, attempt after attempt. */

import type { Cpu, Stop } from '../../../isa/interpreter.ts';
import type { FetchMissing } from '../../../isa/jit/calls.ts';
import { Tier } from '../../../isa/jit/tier.ts';
import type { Version } from '../../../memory/version.ts';
import type { ControlBlock } from '../../control-block.ts';
import type { Engine } from '../../execution.ts';
import { LinearCompartment } from '../../linear-compartment.ts';
import type { LinearMemory } from '../../linear-memory.ts';
import { type Terrain, terrainOf } from '../../terrain.ts';
import type { MachineSettings } from './posted.ts';
import { TimedCache } from './timed-cache.ts';

/** An engine that tells what it has cost. All of the counts only grow. */
export interface ThreadEngine extends Engine {
  /** As `run`, by an engine that suspends translated code while it fetches pages. */
  runSuspended(...given: Parameters<ThreadEngine['run']>): Promise<Stop>;
  /** Milliseconds spent on translating so far. */
  readonly translating: number;
}

export class TranslatingEngine implements ThreadEngine {
  readonly #linear: LinearMemory;
  readonly #settings: MachineSettings;
  readonly #terrain: Terrain;
  readonly #cache: TimedCache;
  readonly #tier: Tier;

  /** `fetchMissing`, `tick`: as of `Tier`. */
  constructor(
    settings: MachineSettings,
    linear: LinearMemory,
    fetchMissing: FetchMissing | null,
    tick: () => void,
  ) {
    this.#settings = settings;
    this.#linear = linear;
    this.#terrain = terrainOf(settings.map);
    this.#cache = new TimedCache(settings);
    this.#tier = new Tier(linear.memory, this.#cache, fetchMissing, tick);
  }

  get translated(): number {
    return this.#tier.stats.translated;
  }

  get translating(): number {
    return this.#cache.milliseconds;
  }

  open(control: ControlBlock, sv: Version): LinearCompartment {
    return new LinearCompartment(this.#settings.config, this.#terrain, control, sv, this.#linear);
  }

  run(cpu: Cpu, memory: LinearCompartment, budget: number, fuel: number): Stop {
    return this.#tier.run(cpu, memory, budget, fuel);
  }

  runSuspended(cpu: Cpu, memory: LinearCompartment, budget: number, fuel: number): Promise<Stop> {
    return this.#tier.runSuspended(cpu, memory, budget, fuel);
  }

  close(memory: LinearCompartment): void {
    memory.release();
  }
}
