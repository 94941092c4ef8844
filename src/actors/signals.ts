/** System words: event counters that runners may read and watch; each event becomes a commit (paper, section 3.4). */

import { addressOf } from './address.ts';
import { Arrivals, wordBytes } from './arrivals.ts';
import type { Effect, Step } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import type { ToSignals } from './protocol.ts';

export interface SignalsState {
  readonly kind: 'signals';
  readonly id: number;
  readonly arrivals: Arrivals;
  /** Events so far, by system word. */
  readonly counts: Map<number, number>;
  /** Words whose newest count is not yet on its way. */
  readonly changed: Set<number>;
}

/** `number`: arrivals that were decided before; `counts`: what they came to. */
export function createSignals(
  id: number,
  config: MachineConfig,
  number = 0,
  counts: ReadonlyMap<number, number> = new Map(),
): Step<SignalsState> {
  const arrivals = new Arrivals(id, config, number);
  return [{ kind: 'signals', id, arrivals, counts: new Map(counts), changed: new Set() }];
}

export function receiveAsSignals(state: SignalsState, message: ToSignals): Step<SignalsState> {
  switch (message.type) {
    case 'signal':
      state.counts.set(message.word, (state.counts.get(message.word) ?? 0) + 1);
      state.changed.add(message.word);
      return [state, ...announce(state)];
    case 'staged':
      return [state, ...state.arrivals.staged(message.replica, message.attempt)];
    case 'places':
      return [state, ...state.arrivals.moved(message.places)];
    case 'arrived':
      return state.arrivals.arrived(message.number) ? [state, ...announce(state)] : [state];
  }
}

/** All events since the last announcement in one commit. */
function announce(state: SignalsState): Effect[] {
  if (state.arrivals.pending || state.changed.size === 0) return [];
  const runs = [...state.changed].map((word) => ({
    address: word,
    bytes: wordBytes(state.counts.get(word)!),
  }));
  state.changed.clear();
  return state.arrivals.begin(runs, false);
}

/** Where the signals actor lives: the same for every machine. */
export const SIGNALS = addressOf('io', 2);
