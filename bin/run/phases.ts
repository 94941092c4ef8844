/**
 * Where the time of attempts goes, by the clock of whoever watches them from outside. Attempts overlap, so that the sums
 * may be longer than the run.
 */

import type { Address } from '../../src/actors/address.ts';
import { type AttemptId, attemptKey } from '../../src/actors/control-block.ts';
import type { Costs } from '../../src/actors/node/compartments/costs.ts';
import type { Message } from '../../src/actors/node/host.ts';
import type { Machine } from '../../src/actors/node/machine.ts';

/**
 * - `wait`: from schedulable to the start of an attempt.
 * - `snapshot`: until the first pages are together, and putting them in place.
 * - `translate`: making and compiling Wasm.
 * - `execute`: executing, in whatever way.
 * - `fetch`: waiting for pages that were missing.
 * - `stage`: gathering what was written, and until the homes hold it.
 * - `commit`: until it is decided.
 */
export const PHASES = ['wait', 'snapshot', 'translate', 'execute', 'fetch', 'stage', 'commit'] as const;

type Phase = (typeof PHASES)[number];
export type PhaseTimes = Readonly<Record<Phase, number>>;

interface Watched {
  phase: Phase;
  since: number;
}

export class Phases {
  readonly #sums: Record<Phase, number> = forEachPhase(() => 0);
  /** By attempt; by runner as long as it waits for one. */
  readonly #watched = new Map<string, Watched>();

  follow(machine: Machine): void {
    machine.on('runner', ({ runner, state }) => {
      if (state === 'schedulable') this.#enter(String(runner), 'wait');
      if (state === 'finished') this.#leave(String(runner));
    });
    machine.on('start', ({ attempt }) => {
      this.#leave(String(attempt.runner));
      this.#enter(attemptKey(attempt), 'snapshot');
    });
    machine.on('attempt', ({ attempt }) => this.#move(attempt, 'commit'));
    machine.on('commit', ({ attempt }) => this.#leave(attemptKey(attempt)));
    machine.on('conflict', ({ attempt }) => this.#leave(attemptKey(attempt)));
    machine.on('ended', ({ attempt }) => this.#leave(attemptKey(attempt)));
  }

  /** Must see every message as it is heard. */
  heard(to: Address, message: Message): void {
    if (to.kind === 'rcomp' && (message.type === 'start' || message.type === 'pages'))
      this.#move(message.attempt, 'execute');
    else if (to.kind === 'agent' && message.type === 'need') this.#move(message.attempt, 'fetch');
    else if (to.kind === 'home' && message.type === 'stage') this.#move(message.attempt, 'stage');
  }

  /** Milliseconds by phase; what threads tell of themselves was part of `execute` and `fetch` so far. */
  times(costs: Costs): PhaseTimes {
    const { translate, snapshot, stage } = costs;
    const sums = this.#sums;
    return {
      ...sums,
      translate,
      snapshot: sums.snapshot + snapshot,
      stage: sums.stage + stage,
      execute: Math.max(0, sums.execute - translate - snapshot - stage),
    };
  }

  #move(attempt: AttemptId, phase: Phase): void {
    const key = attemptKey(attempt);
    const watched = this.#watched.get(key);
    if (watched === undefined || watched.phase === phase) return;
    this.#add(watched);
    watched.phase = phase;
  }

  #enter(key: string, phase: Phase): void {
    this.#watched.set(key, { phase, since: performance.now() });
  }

  #leave(key: string): void {
    const watched = this.#watched.get(key);
    if (watched === undefined) return;
    this.#add(watched);
    this.#watched.delete(key);
  }

  #add(watched: Watched): void {
    const now = performance.now();
    this.#sums[watched.phase] += now - watched.since;
    watched.since = now;
  }
}

function forEachPhase<T>(make: (phase: Phase) => T): Record<Phase, T> {
  return Object.fromEntries(PHASES.map((phase) => [phase, make(phase)])) as Record<Phase, T>;
}
