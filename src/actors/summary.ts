/** What a program has come to, as the master tells its client. */

import type { Fault } from '../isa/fault.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import type { RunnerEnd } from './protocol.ts';

/** What a program has come to. */
export interface Summary {
  readonly status: 'done' | 'cancelled' | 'failed';
  /** Why it failed: the outside's own words; empty otherwise. */
  readonly error: string;
  readonly version: Version;
  /** The newest version that touched each home, by home. */
  readonly homes: readonly Version[];
  readonly entry: RunnerEnd | null;
  readonly counts: Counts;
  /** The first thousand; `counts` has them all. */
  readonly faults: readonly { readonly runner: RunnerId; readonly fault: Fault }[];
  readonly watchers: readonly WaitingWatcher[];
}

export interface Counts {
  readonly committed: number;
  readonly aborted: number;
  readonly faulted: number;
  /** Attempts that lost, absorbed by a retry or not. */
  readonly conflicts: number;
  readonly retries: number;
  readonly watching: number;
}

/** A watcher that still watches at the end. */
export interface WaitingWatcher {
  readonly id: RunnerId;
  /** Address of its first instruction. */
  readonly fi: number;
  readonly ranges: readonly Range[];
  /** Other waiting watchers that could write them. */
  readonly writers: readonly RunnerId[];
  /** It waits only on inputs that have ended: no error. */
  readonly ended: boolean;
}
