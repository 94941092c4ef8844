/**
 * Where the time of attempts goes, by the clock of whoever watches them from outside. Attempts overlap, so that the sums
 * may be longer than the run. Each node measures what passes there; an attempt's way between nodes is in no phase.
 */

import type { RunnerId } from '../../memory/ids.ts';
import type { Address } from '../address.ts';
import { type AttemptId, attemptKey } from '../control-block.ts';
import { PHASES, type Phase } from '../tally.ts';
import type { TraceEvent } from '../trace-event.ts';
import type { Costs } from './compartments/costs.ts';
import type { Message } from './host.ts';

interface Watched {
  phase: Phase;
  since: number;
}

export class Phases {
  readonly #sums: Record<Phase, number> = forEachPhase(() => 0);
  /** By attempt; by runner as long as it waits for one. */
  readonly #watched = new Map<string, Watched>();

  /** Must see every event of this node. */
  note(event: TraceEvent): void {
    switch (event.type) {
      case 'runner':
        if (event.state === 'schedulable') this.#enter(String(event.runner), 'wait');
        if (event.state === 'finished') this.#leave(String(event.runner));
        break;
      case 'start':
        this.started(event.attempt.runner);
        this.#enter(attemptKey(event.attempt), 'snapshot');
        break;
      case 'attempt':
        this.#move(event.attempt, 'commit');
        break;
      case 'commit':
      case 'conflict':
      case 'ended':
        this.#leave(attemptKey(event.attempt));
        break;
      case 'fired':
      case 'places':
      case 'starving':
        break;
    }
  }

  /** An attempt of that runner has started, at whichever node. */
  started(runner: RunnerId): void {
    this.#leave(String(runner));
  }

  /** Must see every message as it is heard at this node. */
  heard(to: Address, message: Message): void {
    if (to.kind === 'rcomp' && (message.type === 'start' || message.type === 'pages'))
      this.#move(message.attempt, 'execute');
    else if (to.kind === 'agent' && message.type === 'need') this.#move(message.attempt, 'fetch');
    else if (to.kind === 'agent' && message.type === 'revoke') this.#leave(attemptKey(message.attempt));
    else if (to.kind === 'home' && message.type === 'stage') this.#move(message.attempt, 'stage');
    else if (to.kind === 'master' && message.type === 'ends')
      for (const { attempt } of message.ends) this.#arrive(attempt);
  }

  /** Must see every message to another node as it is sent. */
  sent(to: Address, message: Message): void {
    if (to.kind === 'home' && message.type === 'stage') this.#move(message.attempt, 'stage');
    else if (to.kind === 'master' && message.type === 'ends')
      for (const { attempt } of message.ends) this.#leave(attemptKey(attempt));
  }

  /** Milliseconds by phase; what threads tell of themselves was part of `execute` and `fetch` so far. */
  times(costs: Costs): Readonly<Record<Phase, number>> {
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

  /** Its end has come to the master; if it ran at another node, nothing was known of it here. */
  #arrive(attempt: AttemptId): void {
    const key = attemptKey(attempt);
    if (!this.#watched.has(key)) this.#enter(key, 'commit');
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
