/** Counts what a run costs at one node. */

import type { RunnerId } from '../../memory/ids.ts';
import type { Address } from '../address.ts';
import { PHASES, type Phase, type Tally } from '../tally.ts';
import type { TraceEvent } from '../trace-event.ts';
import type { Costs } from './compartments/costs.ts';
import { HOSTED_KINDS, type HostedKind, type Message } from './host.ts';
import type { Machine } from './machine.ts';
import { Phases } from './phases.ts';

/** The part of a run that lives in this process: a `Machine`, or a `Site`. */
interface Metered {
  costs(): Costs;
  liveActors(): Readonly<Record<HostedKind, number>>;
}

export class Meter {
  readonly #messages = Object.fromEntries(HOSTED_KINDS.map((kind) => [kind, 0])) as Record<
    HostedKind,
    number
  >;
  readonly #phases = new Phases();
  #attempts = 0;
  #instructions = 0;
  /** By translated code, where RComps live. */
  #translated = 0;

  /** Must see every message as it is heard at this node. */
  readonly heard = (to: Address, message: Message): void => {
    this.#messages[to.kind as HostedKind] += 1;
    this.#phases.heard(to, message);
  };

  /** Must see every message to another node as it is sent. */
  sent(to: Address, message: Message): void {
    this.#phases.sent(to, message);
  }

  /** Must see every event of this node. */
  note(event: TraceEvent): void {
    this.#phases.note(event);
    if (event.type !== 'attempt') return;
    this.#attempts += 1;
    this.#translated += event.translated;
    if ('executed' in event.end) this.#instructions += event.end.executed;
  }

  follow(machine: Machine): void {
    for (const type of ['runner', 'start', 'attempt', 'commit', 'conflict', 'ended'] as const)
      machine.on(type, (event) => this.note(event));
  }

  /** An attempt of that runner has started, at another node. */
  started(runner: RunnerId): void {
    this.#phases.started(runner);
  }

  /** So far. */
  tally(metered: Metered): Tally {
    const costs = metered.costs();
    const times = this.#phases.times(costs);
    return {
      attempts: this.#attempts,
      instructions: this.#instructions,
      translated: costs.translated + this.#translated,
      phases: Object.fromEntries(PHASES.map((phase) => [phase, Math.round(times[phase] * 1000)])) as Record<
        Phase,
        number
      >,
      messages: { ...this.#messages },
      actors: { ...metered.liveActors() },
      memory: process.memoryUsage.rss(),
    };
  }
}
