/** How many runners of a machine are in which state, as they move. */

import type { RunnerState } from '../trace-event.ts';
import type { Machine } from './machine.ts';

/** How far a run has come. */
export interface Counted {
  readonly states: Readonly<Record<RunnerState, number>>;
  /** Of runners, arrivals and status records so far. */
  readonly commits: number;
  readonly conflicts: number;
}

/** Before anything has happened. */
export const NOTHING_COUNTED: Counted = {
  states: { created: 0, watching: 0, schedulable: 0, running: 0, finished: 0 },
  commits: 0,
  conflicts: 0,
};

export class RunnerCounts implements Counted {
  /** Of runners that have not finished. */
  readonly #states = new Map<bigint, RunnerState>();
  readonly #counts: Record<RunnerState, number> = { ...NOTHING_COUNTED.states };
  commits = 0;
  conflicts = 0;
  readonly #unsubscribe: (() => void)[];

  constructor(machine: Machine) {
    this.#unsubscribe = [
      machine.on('runner', ({ runner, state }) => this.#moved(runner, state)),
      machine.on('commit', () => {
        this.commits += 1;
      }),
      machine.on('conflict', () => {
        this.conflicts += 1;
      }),
    ];
  }

  get states(): Readonly<Record<RunnerState, number>> {
    return this.#counts;
  }

  /** It holds on to its machine no longer. */
  stop(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
  }

  #moved(runner: bigint, state: RunnerState): void {
    const before = this.#states.get(runner);
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[state] += 1;
    if (state === 'finished') this.#states.delete(runner);
    else this.#states.set(runner, state);
  }
}
