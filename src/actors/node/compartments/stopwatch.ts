/** Where the time of one execution goes. */

import type { Costs } from './costs.ts';
import type { ThreadEngine } from './thread-engine.ts';

export class Stopwatch {
  readonly #used: ThreadEngine;
  readonly #translated: number;
  readonly #translating: number;
  #mark = performance.now();
  #snapshot = 0;
  #running = 0;
  #fetch = 0;

  constructor(used: ThreadEngine) {
    this.#used = used;
    this.#translated = used.translated;
    this.#translating = used.translating;
  }

  /** The engine begins to run. */
  begins(): void {
    this.#mark = performance.now();
  }

  /** The engine has come back, or waits for pages in the middle of translated code. */
  ran(): void {
    this.#running += this.#lap();
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
