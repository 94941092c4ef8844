/** How a long run goes, in one line on a terminal. */

import type { Machine } from '../../src/actors/node/machine.ts';
import type { RunnerState } from '../../src/actors/trace-event.ts';
import { StatusLine } from '../status-line.ts';

export class Progress {
  readonly #line: StatusLine;
  readonly #unsubscribe: readonly (() => void)[];
  /** Of runners that have not finished. */
  readonly #states = new Map<bigint, RunnerState>();
  readonly #counts: Record<RunnerState, number> = {
    created: 0,
    watching: 0,
    schedulable: 0,
    running: 0,
    finished: 0,
  };
  #commits = 0;
  #conflicts = 0;

  constructor(machine: Machine, terminal: NodeJS.WriteStream) {
    this.#unsubscribe = [
      machine.on('runner', ({ runner, state }) => this.#moved(runner, state)),
      machine.on('commit', () => {
        this.#commits += 1;
      }),
      machine.on('conflict', () => {
        this.#conflicts += 1;
      }),
    ];
    this.#line = new StatusLine(terminal, () => this.#text());
  }

  /** Takes the line away. */
  stop(): void {
    this.#line.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #moved(runner: bigint, state: RunnerState): void {
    const before = this.#states.get(runner);
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[state] += 1;
    if (state === 'finished') this.#states.delete(runner);
    else this.#states.set(runner, state);
  }

  /** Rates are counted from one line to the next. */
  #text(): string {
    const { running, schedulable, watching, finished } = this.#counts;
    const runners = `${running} running, ${schedulable} schedulable, ${watching} watching, ${finished} finished`;
    const text = `${runners}; ${this.#commits} commits/s, ${this.#conflicts} conflicts/s`;
    this.#commits = 0;
    this.#conflicts = 0;
    return text;
  }
}
