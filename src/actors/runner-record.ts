/** What the master knows of a runner or watcher that has not finished. */

import type { RunnerId } from '../memory/ids.ts';
import type { Place } from '../memory/place.ts';
import type { Version } from '../memory/version.ts';
import type { AttemptId, ControlBlock } from './control-block.ts';
import type { AttemptEnd } from './protocol.ts';
import type { RunnerState } from './trace-event.ts';

export interface RunnerRecord {
  readonly control: ControlBlock;
  readonly place: Place;
  /** The persistent watcher that this runner is an activation of. */
  readonly watcher: RunnerId | null;
  state: RunnerState;
  /** Number of the latest attempt; only its end is heeded (rule 12). */
  attempts: number;
  /** Attempts that lost: rule 10. */
  losses: number;
  /** Compartments that died under it. */
  deaths: number;
  /** Where the latest attempt was sent; null while none is out. */
  agent: number | null;
  /** The version that its dispatch named; the floor stays at or below it while the attempt is out. */
  pin: Version;
  /** A commit that waits for old versions to be collected: rule 14. */
  waiting: Extract<AttemptEnd, { type: 'commit' }> | null;
  /** Activations so far, of a watcher. */
  activation: number;
  /** A watcher that a decided commit has touched: its notice is on its way. */
  touched: boolean;
}

export function runnerRecord(
  control: ControlBlock,
  place: Place,
  watcher: RunnerId | null = null,
): RunnerRecord {
  return {
    control,
    place,
    watcher,
    state: 'created',
    attempts: 0,
    losses: 0,
    deaths: 0,
    agent: null,
    pin: 0,
    waiting: null,
    activation: 0,
    touched: false,
  };
}

export function attemptOf(record: RunnerRecord, epoch: number): AttemptId {
  return { runner: record.control.id, epoch, number: record.attempts };
}
