/** Inspects a run, and counts what happens in it. */

import { Inspection } from './checkers/inspection.ts';
import type { RunWatcher } from './cluster.ts';
import type { Delivery, Envelope } from './network.ts';
import type { Setting, SimResult, Traced } from './result.ts';

export class Census implements RunWatcher {
  deliveries = 0;
  commits = 0;
  attempts = 0;
  conflicts = 0;
  readonly #inspection = new Inspection({ onViolation: 'throw' });

  begun(setting: Setting): void {
    this.#inspection.begun(setting);
  }

  sent(envelope: Envelope): void {
    this.#inspection.sent(envelope);
  }

  delivered(delivery: Delivery): void {
    this.deliveries += 1;
    this.#inspection.delivered(delivery);
  }

  handled(): void {}

  suffered(): void {}

  traced(traced: Traced): void {
    const { type } = traced.event;
    if (type === 'commit') this.commits += 1;
    else if (type === 'attempt') this.attempts += 1;
    else if (type === 'conflict') this.conflicts += 1;
    this.#inspection.traced(traced);
  }

  over(result: SimResult): void {
    this.#inspection.over(result);
  }
}
