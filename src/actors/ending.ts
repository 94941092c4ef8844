/** The end of a program (rule 19): when it is over, and that everything committed is applied and outside by then. */

import { SYSTEM_WORDS } from '../isa/layout.ts';
import { RangeIndex } from '../memory/range-index.ts';
import { intersect, type Range, unite } from '../memory/ranges.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { log, send } from './behaviour.ts';
import { dropsAt } from './drops.ts';
import { lossText, rangesOf } from './homing.ts';
import { type MasterState, type Out, pendingEnd } from './master-state.ts';
import { keepersOf } from './places.ts';
import type { ToMaster } from './protocol.ts';
import { attemptOf, type RunnerRecord } from './runner-record.ts';
import { announceFloor } from './scheduling.ts';
import type { Summary, WaitingWatcher } from './summary.ts';

/** No runner is created, schedulable or running, no commit waits, no input can bring anything: the program is over. */
export function endIfOver(state: MasterState, out: Out): void {
  if (state.live > 0 || inputOpen(state)) return;
  settle(state, out);
}

/**
 * Drops all that has not been decided: what was committed stays, nothing is half committed. `done`: the faults that
 * are listed say why.
 */
export function cancel(state: MasterState, status: Summary['status'], out: Out): void {
  if (state.phase !== 'running' && state.phase !== 'idle') {
    if (status === 'failed') state.ending.status = status;
    return;
  }
  state.ending.status = status;
  out.push(log({ type: 'closed', status, error: state.ending.error }));
  if (state.out.size > 0) sometimes('a program is cancelled under running attempts');
  for (const record of state.out) {
    const agent = state.agents.get(record.agent ?? -1);
    const attempt = attemptOf(record, state.epoch);
    if (agent !== undefined) out.push(send(agent.address, { type: 'revoke', epoch: state.epoch, attempt }));
    // One that waits for its verdict is at no agent any more, and its homes hold what it has staged.
    const end = pendingEnd(state, record);
    if (end?.type === 'commit') out.push(...dropsAt(state.homing.places, end.homes, state.epoch, attempt));
  }
  state.out.clear();
  state.capped.clear();
  settle(state, out);
}

/** A home has applied everything. */
export function settled(state: MasterState, message: Extract<ToMaster, { type: 'settled' }>, out: Out): void {
  // Another replica may have said so before.
  if (state.phase !== 'settling' || !state.ending.unsettled.delete(message.home)) return;
  for (const { io, count } of message.writes)
    state.ending.writes.set(io, (state.ending.writes.get(io) ?? 0) + count);
  flushIfSettled(state, out);
}

/** Nobody has these homes' pages any more: the program cannot go on. */
export function losePages(state: MasterState, homes: readonly number[], out: Out): void {
  if (homes.length === 0) return;
  state.ending.error ||= lossText(rangesOf(state, homes));
  for (const home of homes) state.ending.unsettled.delete(home);
  cancel(state, 'failed', out);
  flushIfSettled(state, out);
}

function flushIfSettled(state: MasterState, out: Out): void {
  if (state.phase !== 'settling' || state.ending.unsettled.size > 0) return;
  state.phase = 'flushing';
  const silent = new Set(
    [...state.channels.values()].filter(({ offset }) => offset === 0).map(({ io }) => io),
  );
  for (const io of state.outputs) {
    // Nothing has been said there, so nothing is left to bring outside.
    if (silent.has(io)) continue;
    state.ending.unflushed.add(io);
    out.push(send(addressOf('io', io), { type: 'flush', writes: state.ending.writes.get(io) ?? 0 }));
  }
  endIfFlushed(state, out);
}

/** An output has brought everything outside, or has failed. */
export function flushed(state: MasterState, message: Extract<ToMaster, { type: 'flushed' }>, out: Out): void {
  if (state.phase !== 'flushing' || !state.ending.unflushed.delete(message.io)) return;
  if (message.error !== null) {
    state.ending.status = 'failed';
    state.ending.error ||= message.error;
  }
  endIfFlushed(state, out);
}

function settle(state: MasterState, out: Out): void {
  state.phase = 'settling';
  announceFloor(state, 1, out);
  state.homes.forEach((version, home) => {
    for (const keeper of keepersOf(state.homing.places, home)) {
      state.ending.unsettled.add(home);
      out.push(send(keeper, { type: 'settle', version }));
    }
  });
}

/** The last step: the client hears what the program has come to. */
export function endIfFlushed(state: MasterState, out: Out): void {
  if (state.phase !== 'flushing' || state.ending.unflushed.size > 0 || state.client === null) return;
  state.phase = 'done';
  out.push(send(state.client, { type: 'done', summary: summaryOf(state) }));
}

/** A stream that has not ended and has room; a timer that a watcher waits for. */
function inputOpen(state: MasterState): boolean {
  for (const input of state.inputs.values()) if (input.open && !input.stalled) return true;
  if (!state.config.ticks) return false;
  return state.index.touched([{ base: SYSTEM_WORDS.timerTicks, length: 8 }]).size > 0;
}

function summaryOf(state: MasterState): Summary {
  const { tally, ending } = state;
  const { entry, faults, ...counts } = tally;
  const watchers = waiting(state);
  return {
    status: ending.status,
    error: ending.error,
    version: state.version,
    homes: [...state.homes],
    entry,
    counts: { ...counts, watching: watchers.length },
    faults,
    watchers,
  };
}

function waiting(state: MasterState): WaitingWatcher[] {
  const records = [...state.runners.values()].filter(
    (record) => record.state === 'watching' && state.index.has(record.control.id),
  );
  const ended = unite(
    [...state.inputs.values()].flatMap((input) =>
      input.stream !== null && !input.open ? [input.stream] : [],
    ),
  );
  const writers = new RangeIndex<RunnerRecord>();
  for (const record of records) writers.insert(record, record.control.heap);
  return records.map((record) => {
    const { id, fi, watched } = record.control;
    return {
      id,
      fi,
      ranges: watched,
      writers: [...writers.touched(watched)]
        .filter((writer) => writer !== record)
        .map(({ control }) => control.id),
      ended: watched.length > 0 && sizeOf(intersect(watched, ended)) === sizeOf(watched),
    };
  });
}

function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + range.length, 0);
}
