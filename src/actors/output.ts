/**
 * What leaves the machine: an output channel appends, an output file is written in place. Both get committed bytes
 * only, each once: a repeated message is known by its offset or its sequence number.
 */

import { invariant } from '../invariant.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { type Step, send } from './behaviour.ts';
import type { ToOutput } from './protocol.ts';

export interface OutputState {
  readonly kind: 'output';
  readonly id: number;
  /** Address of the file's first byte; 0 for a channel. */
  readonly base: number;
  /** Bytes of the channel so far. */
  offset: number;
  /** Writes heeded so far, by home. */
  readonly writes: Map<number, number>;
  /** Writes to wait for before the flush; null while no flush is asked for. */
  flushing: number | null;
  failed: boolean;
  /** How often the outside has become full, or ready again. */
  changes: number;
}

export function createOutput(id: number, base: number): Step<OutputState> {
  return [
    { kind: 'output', id, base, offset: 0, writes: new Map(), flushing: null, failed: false, changes: 0 },
  ];
}

export function receiveAsOutput(state: OutputState, message: ToOutput): Step<OutputState> {
  const device = addressOf('device', state.id);
  switch (message.type) {
    case 'output': {
      if (message.offset < state.offset) {
        sometimes('output is heard twice');
        return [state];
      }
      invariant(message.offset === state.offset, 'a channel has no gaps');
      state.offset += message.bytes.length;
      return [state, send(device, { type: 'device-write', offset: message.offset, bytes: message.bytes })];
    }
    case 'write': {
      if (message.sequence <= (state.writes.get(message.home) ?? 0)) return [state];
      state.writes.set(message.home, message.sequence);
      const write = send(device, {
        type: 'device-write',
        offset: message.address - state.base,
        bytes: message.bytes,
      });
      return [state, write, ...flushIfComplete(state)];
    }
    case 'flush':
      state.flushing = message.writes;
      return [state, ...flushIfComplete(state)];
    case 'device-full':
      if (message.isFull === (state.changes % 2 === 1)) return [state];
      state.changes += 1;
      return [state, send(addressOf('master'), { type: 'congested', io: state.id, changes: state.changes })];
    case 'device-flushed':
      return [state, flushed(state, null)];
    case 'device-failed': {
      const already = state.failed;
      state.failed = true;
      return already
        ? [state, flushed(state, message.error)]
        : [state, send(addressOf('master'), { type: 'io-failed', io: state.id, error: message.error })];
    }
  }
}

function flushIfComplete(state: OutputState) {
  if (state.flushing === null) return [];
  let heeded = 0;
  for (const sequence of state.writes.values()) heeded += sequence;
  if (heeded < state.flushing) return [];
  state.flushing = null;
  return [send(addressOf('device', state.id), { type: 'device-flush' })];
}

function flushed(state: OutputState, error: string | null) {
  return send(addressOf('master'), { type: 'flushed', io: state.id, error });
}
