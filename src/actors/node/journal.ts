/** Where a machine puts what must outlive its process. */

import type { Decided } from '../decided.ts';

export interface Journal {
  /** Adds the records of one step, all of them or none; answers how many steps have been added. */
  append(records: readonly Decided[]): number;
  /** How many of these outlive a crash. */
  readonly safe: number;
  /** Whoever waits for more to be safe. */
  onSafe: () => void;
}
