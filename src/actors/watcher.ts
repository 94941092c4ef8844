/** A watcher: waits until a commit touches its ranges, then starts once (rules 20–22). */

import type { RunnerId } from '../memory/ids.ts';
import { overlap, type Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import { addressOf } from './address.ts';
import { STOP, type Step, send } from './behaviour.ts';
import type { Init } from './init.ts';
import type { ToWatcher } from './protocol.ts';

export interface WatcherState {
  readonly id: RunnerId;
  readonly ranges: readonly Range[];
  /** Commits after this version count. */
  since: Version;
  /** Starts so far; more than one only for a persistent watcher. */
  activation: number;
  watching: boolean;
}

export function createWatcher(init: Extract<Init, { kind: 'watcher' }>): Step<WatcherState> {
  return [{ id: init.id, ranges: init.ranges, since: init.since, activation: 0, watching: true }];
}

export function receiveAsWatcher(state: WatcherState, message: ToWatcher): Step<WatcherState> {
  switch (message.type) {
    case 'committed':
      if (!state.watching || message.version <= state.since || overlap(state.ranges, message.spans) === null)
        return [state];
      state.watching = false;
      state.activation += 1;
      return [
        state,
        send(addressOf('master'), { type: 'activate', watcher: state.id, activation: state.activation }),
      ];
    case 'finished':
      if (message.activation !== state.activation) return [state];
      if (message.since === null) return [state, STOP];
      state.watching = true;
      state.since = message.since;
      return [state];
  }
}
