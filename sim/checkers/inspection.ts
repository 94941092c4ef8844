/** Watches one run with many checkers. */

import type { RunObserver } from '../cluster.ts';
import { Evidence } from '../evidence.ts';
import type { Delivery, Envelope } from '../network.ts';
import type { Restart } from '../restart.ts';
import type { Setting, SimResult, Traced } from '../result.ts';
import { Violated } from '../violated.ts';
import { CHECKERS } from './all.ts';
import { type Checker, NOTHING, type Violations } from './checker.ts';

export interface InspectionOptions {
  readonly checkers?: readonly Checker[];
  /** `throw`: the first violation ends the run. `collect`: the run goes on, and the first of each invariant is kept. */
  readonly onViolation: 'throw' | 'collect';
}

/** One thing, at that step. */
interface Heard {
  readonly step: number;
  readonly again: () => void;
}

/** Whoever wants to hear of one kind of thing. */
interface Listener {
  readonly checker: Checker;
  readonly tell: (happened: never) => Violations;
}

type Listeners = Map<string, Listener[]>;

/** For one run. What breaks an invariant of ours, stands still or never ends is the cluster's to tell (I31). */
export class Inspection implements RunObserver {
  readonly #checkers: readonly Checker[];
  readonly #throws: boolean;
  readonly #violations = new Map<string, Violated>();
  readonly #observers: Listeners = new Map();
  /** By the type of the message. */
  readonly #senders: Listeners = new Map();
  readonly #receivers: Listeners = new Map();
  #evidence: Evidence | null = null;
  #step = 0;
  /** All that was heard, where it may have to be heard again; null: nowhere. */
  #heard: Heard[] | null = null;

  constructor({ checkers = CHECKERS, onViolation }: InspectionOptions) {
    this.#checkers = checkers;
    this.#throws = onViolation === 'throw';
  }

  /** The first violation of each invariant, by its id. */
  get violations(): ReadonlyMap<string, Violated> {
    return this.#violations;
  }

  begun(setting: Setting): void {
    if (setting.config.keepsAll) this.#heard = [];
    this.#begin(setting);
  }

  #begin(setting: Setting): void {
    for (const listeners of [this.#observers, this.#senders, this.#receivers]) listeners.clear();
    this.#evidence = new Evidence(setting);
    for (const checker of this.#checkers) {
      const { sent, delivered, ...observer } = checker.watch(this.#evidence);
      listen(this.#observers, checker, observer);
      listen(this.#senders, checker, sent ?? {});
      listen(this.#receivers, checker, delivered ?? {});
    }
  }

  sent(envelope: Envelope): void {
    this.#heard?.push({ step: this.#step, again: () => this.#sent(envelope) });
    this.#sent(envelope);
  }

  #sent(envelope: Envelope): void {
    this.#evidence!.sent(envelope);
    this.#tell(this.#senders.get(envelope.message.type), envelope);
  }

  delivered(delivery: Delivery): void {
    this.#heard?.push({ step: this.#step + 1, again: () => this.#delivered(delivery) });
    this.#delivered(delivery);
  }

  #delivered(delivery: Delivery): void {
    this.#tell(this.#observers.get('stepped'), null);
    this.#step += 1;
    this.#tell(this.#receivers.get(delivery.message.type), delivery);
  }

  traced(traced: Traced): void {
    this.#heard?.push({ step: this.#step, again: () => this.#traced(traced) });
    this.#traced(traced);
  }

  /** Nobody knows any more of what has come after the log's end: all that came before is told again, to others. */
  restarted(restart: Restart): void {
    const step = this.#step;
    this.#heard = this.#heard!.filter(({ step }) => step <= restart.survived);
    this.#begin(this.#evidence!.setting);
    for (const { again } of this.#heard) again();
    this.#step = step;
    this.#tell(this.#observers.get('stepped'), null);
    this.#heard.push({ step: restart.survived, again: () => this.#restarted(restart) });
    this.#restarted(restart);
  }

  #restarted(restart: Restart): void {
    this.#tell(this.#observers.get('restarted'), restart);
    this.#evidence!.restarted();
  }

  #traced({ event }: Traced): void {
    const evidence = this.#evidence!;
    switch (event.type) {
      case 'start':
        this.#tell(this.#observers.get('started'), event);
        break;
      case 'attempt':
        this.#tell(this.#observers.get('attempted'), evidence.attempted(event));
        break;
      case 'commit':
        this.#tell(this.#observers.get('committed'), evidence.committed(event));
        break;
      case 'conflict':
        this.#tell(this.#observers.get('rejected'), event);
        break;
      case 'ended':
        evidence.ended(event);
        this.#tell(this.#observers.get('ended'), event);
        break;
      case 'runner':
        evidence.runner(event);
        this.#tell(this.#observers.get('runner'), event);
        break;
      case 'fired':
        evidence.fired(event);
        this.#tell(this.#observers.get('fired'), event);
        break;
      case 'starving':
        this.#tell(this.#observers.get('starving'), event);
        break;
      case 'places':
        this.#tell(this.#observers.get('places'), event);
        break;
      default:
        event satisfies never;
    }
  }

  over(result: SimResult): void {
    this.#tell(this.#observers.get('stepped'), null);
    this.#tell(this.#observers.get('over'), result);
  }

  #tell(listeners: readonly Listener[] | undefined, happened: unknown): void {
    if (listeners === undefined) return;
    for (const { checker, tell } of listeners) {
      if (this.#violations.has(checker.id)) continue;
      const violations = tell(happened as never);
      if (violations === NOTHING) continue;
      for (const text of violations) {
        this.#found(checker, text);
        break;
      }
    }
  }

  #found({ id, sentence }: Checker, text: string): void {
    const violated = new Violated(id, sentence, text, this.#step);
    if (this.#throws) throw violated;
    this.#violations.set(id, violated);
  }
}

function listen(all: Listeners, checker: Checker, hooks: Readonly<Record<string, Listener['tell']>>): void {
  for (const [hook, tell] of Object.entries(hooks))
    all.set(hook, [...(all.get(hook) ?? []), { checker, tell }]);
}
