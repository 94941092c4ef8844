/** The outside of RComps, simulated: compartments that execute what they are given, as threads do, but at once. */

import type { MachineConfig, MemoryMap } from '../src/actors/config.ts';
import type { AttemptId } from '../src/actors/control-block.ts';
import { sameAttempt } from '../src/actors/control-block.ts';
import { type Engine, Execution, interpreterEngine } from '../src/actors/execution.ts';
import type { SnapshotPage, ToCompartment, ToRComp } from '../src/actors/protocol.ts';
import { terrainOf } from '../src/actors/terrain.ts';

/** One compartment: what it answers. */
export class SimulatedCompartment {
  readonly #engine: Engine;
  readonly #config: MachineConfig;
  #attempt: AttemptId | null = null;
  #execution: Execution | null = null;
  /** Instructions executed before the last answer. */
  worked = 0;

  constructor(config: MachineConfig, map: MemoryMap) {
    this.#config = config;
    this.#engine = interpreterEngine(config, terrainOf(map));
  }

  /** `dies`: under the attempt that it is given or has. */
  receive(message: ToCompartment, dies: boolean): ToRComp[] {
    switch (message.type) {
      case 'execute':
        this.#attempt = message.attempt;
        this.#execution = new Execution(this.#engine, this.#config, message.control, message.sv);
        return this.#goOn(message.attempt, message.pages, dies);
      case 'supply':
        return this.#has(message.attempt) ? this.#goOn(message.attempt, message.pages, dies) : [];
      case 'cancel':
        if (this.#has(message.attempt)) this.#execution = null;
        return [];
    }
  }

  #has(attempt: AttemptId): boolean {
    return this.#execution !== null && this.#attempt !== null && sameAttempt(this.#attempt, attempt);
  }

  #goOn(attempt: AttemptId, pages: readonly SnapshotPage[], dies: boolean): ToRComp[] {
    const execution = this.#execution!;
    this.worked = 0;
    if (dies) {
      this.#execution = null;
      return [{ type: 'compartment-ended', attempt, outcome: null, loads: [] }];
    }
    execution.provide(pages);
    const before = execution.cpu.executed;
    let progress = execution.run(this.#config.slice);
    while (progress.type === 'going') progress = execution.run(this.#config.slice);
    this.worked = execution.cpu.executed - before;
    if (progress.type === 'needs') return [{ type: 'compartment-needs', attempt, pages: progress.pages }];
    this.#execution = null;
    const { loads } = execution.memory;
    return [{ type: 'compartment-ended', attempt, outcome: progress, loads }];
  }
}
