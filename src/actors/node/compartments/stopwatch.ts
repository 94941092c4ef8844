/** Where the time of one execution goes. */

import type { Engine } from '../../execution.ts';
import type { Costs } from './costs.ts';
import type { ThreadEngine } from './thread-engine.ts';

export class Stopwatch {
  /** The engine to execute with. */
  readonly engine: Engine;
  readonly #used: ThreadEngine;
  readonly #translated: number;
  readonly #translating: number;
  #mark = performance.now();
  #snapshot = 0;
  #running = 0;
  #fetch = 0;
  /** Milliseconds that the engine last ran without a break. */
  lastRun = 0;

  constructor(used: ThreadEngine) {
    this.#used = used;
    this.#translated = used.translated;
    this.#translating = used.translating;
    this.engine = {
      open: (control, sv) => used.open(control, sv),
      run: (cpu, memory, budget, fuel) => {
        this.#mark = performance.now();
        const stop = used.run(cpu, memory, budget, fuel);
        this.lastRun = this.#lap();
        this.#running += this.lastRun;
        return stop;
      },
    };
  }

  /** The pages that have come are in place. */
  ready(): void {
    this.#snapshot += this.#lap();
  }

  /** The pages that were missing have come. */
  fetched(): void {
    this.#fetch += this.#lap();
  }

  /** Of the whole execution; since the engine came back, what was written has been gathered. */
  costs(executed: number): Costs {
    const translate = this.#used.translating - this.#translating;
    const translated = this.#used.translated - this.#translated;
    return {
      translate,
      snapshot: this.#snapshot,
      execute: this.#running - translate,
      fetch: this.#fetch,
      stage: this.#lap(),
      translated,
      interpreted: executed - translated,
    };
  }

  #lap(): number {
    const now = performance.now();
    const lap = now - this.#mark;
    this.#mark = now;
    return lap;
  }
}
