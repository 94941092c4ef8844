/**
 * Executes the first instructions of attempts where their RComp lives, by translated code. Memories are few and taken in
 * turns: an attempt has one for as long as it is executed here, and thousands of machines in one process share them.
 */

import { Tier } from '../isa/jit/tier.ts';
import { UnitCache } from '../isa/jit/unit-cache.ts';
import { layoutOf } from '../isa/layout.ts';
import type { MachineConfig, MemoryMap } from './config.ts';
import { type Engine, interpreterEngine } from './execution.ts';
import { LinearCompartment } from './linear-compartment.ts';
import { LinearMemory } from './linear-memory.ts';
import { type Terrain, terrainOf } from './terrain.ts';

/** Pages of 64 KiB: with less, private words would have no frames. They are committed as they are touched. */
const PAGES = 2048;

/** A memory, and what has been loaded into it. */
interface Seat {
  readonly linear: LinearMemory;
  readonly tiers: WeakMap<UnitCache, Tier>;
}

const FREE: Seat[] = [];

/** What a machine has translated: for all of its RComps here. */
const CACHES = new WeakMap<MachineConfig, UnitCache>();

/** What is translated here for a machine goes into this cache, and is taken from it. */
export function usePreludeCache(config: MachineConfig, cache: UnitCache): void {
  CACHES.set(config, cache);
}

export function preludeEngine(config: MachineConfig, map: MemoryMap): Engine {
  const terrain = terrainOf(map);
  // Whoever observes loads wants to see all of them, and translated code tells of none.
  if (config.engine === 'interpreter' || config.observeLoads) return interpreterEngine(config, terrain);
  return translatingEngine(config, terrain);
}

function translatingEngine(config: MachineConfig, terrain: Terrain): Engine<LinearCompartment> {
  const cache = CACHES.get(config) ?? new UnitCache(layoutOf(config.regionBoundary));
  CACHES.set(config, cache);
  const seats = new Map<LinearCompartment, Seat>();
  let translated = 0;
  return {
    open(control, sv) {
      const seat = FREE.pop() ?? { linear: new LinearMemory(PAGES), tiers: new WeakMap() };
      const memory = new LinearCompartment(config, terrain, control, sv, seat.linear);
      seats.set(memory, seat);
      return memory;
    },
    run(cpu, memory, budget, fuel) {
      const { linear, tiers } = seats.get(memory)!;
      const tier = tiers.get(cache) ?? new Tier(linear.memory, cache);
      tiers.set(cache, tier);
      const before = tier.stats.translated;
      const stop = tier.run(cpu, memory, budget, fuel);
      translated += tier.stats.translated - before;
      return stop;
    },
    close(memory) {
      memory.release();
      FREE.push(seats.get(memory)!);
      seats.delete(memory);
    },
    get translated() {
      return translated;
    },
  };
}
