/** Counts what happens in a run. */

import type { RunObserver } from './cluster.ts';
import type { Traced } from './result.ts';

export class Census implements RunObserver {
  deliveries = 0;
  commits = 0;
  attempts = 0;
  conflicts = 0;

  delivered(): void {
    this.deliveries += 1;
  }

  traced({ event: { type } }: Traced): void {
    if (type === 'commit') this.commits += 1;
    else if (type === 'attempt') this.attempts += 1;
    else if (type === 'conflict') this.conflicts += 1;
  }
}
