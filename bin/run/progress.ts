/** One line on a terminal that tells how a long run goes. */

import type { Machine } from '../../src/actors/node/machine.ts';
import type { RunnerState } from '../../src/actors/trace-event.ts';

/** Milliseconds before the first line, and between two. */
const PERIOD = 1000;

export class Progress {
  readonly #terminal: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout;
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
  #shown = false;

  constructor(machine: Machine, terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
    this.#unsubscribe = [
      machine.on('runner', ({ runner, state }) => this.#moved(runner, state)),
      machine.on('commit', () => {
        this.#commits += 1;
      }),
      machine.on('conflict', () => {
        this.#conflicts += 1;
      }),
    ];
    this.#timer = setInterval(() => this.#show(), PERIOD);
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    if (this.#shown) this.#terminal.write(CLEAR);
    this.#shown = false;
  }

  #moved(runner: bigint, state: RunnerState): void {
    const before = this.#states.get(runner);
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[state] += 1;
    if (state === 'finished') this.#states.delete(runner);
    else this.#states.set(runner, state);
  }

  #show(): void {
    const { running, schedulable, watching, finished } = this.#counts;
    const runners = `${running} running, ${schedulable} schedulable, ${watching} watching, ${finished} finished`;
    const line = `${runners}; ${this.#commits} commits/s, ${this.#conflicts} conflicts/s`;
    this.#terminal.write(`${CLEAR}${line.slice(0, (this.#terminal.columns ?? 80) - 1)}`);
    this.#shown = true;
    this.#commits = 0;
    this.#conflicts = 0;
  }
}

/** Back to the first column, and the rest of the line erased. */
const CLEAR = '\r\x1b[2K';
