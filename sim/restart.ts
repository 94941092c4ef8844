/** The master's node has died with the whole program, which begins anew from its log: what there is to know of that. */

import type { MasterState } from '../src/actors/master-state.ts';
import type { RunnerState, TraceEvent } from '../src/actors/trace-event.ts';

export interface Restart {
  /** Deliveries after which the log ends: nothing that came later has ever happened. */
  readonly survived: number;
  /** What the new master has decided again: all, or what came after a checkpoint. */
  readonly events: readonly TraceEvent[];
  readonly version: number;
  readonly floor: number;
  readonly epoch: number;
  /** Whoever has not finished. */
  readonly runners: ReadonlyMap<bigint, Going>;
  /** Conflicts that the master knows of. */
  readonly conflicts: number;
}

export interface Going {
  readonly state: RunnerState;
  /** Attempts that lost. */
  readonly losses: number;
}

/** `master`: as the log has made it, before it has heard of anything. */
export function restartOf(master: MasterState, survived: number, events: readonly TraceEvent[]): Restart {
  const { version, floor, epoch, tally } = master;
  const runners = new Map(
    [...master.runners].map(([id, { state, losses }]): [bigint, Going] => [id, { state, losses }]),
  );
  return { survived, events, version, floor, epoch, runners, conflicts: tally.conflicts };
}
