/** Watchers as the master sees them: arming, firing, activation, watching again (rules 19–24). */

import type { RunnerId } from '../memory/ids.ts';
import { childId } from '../memory/ids.ts';
import type { Span } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { send, spawn, trace } from './behaviour.ts';
import type { MasterState, Out } from './master-state.ts';
import { type RunnerRecord, runnerRecord } from './runner-record.ts';
import { enqueue } from './scheduling.ts';

/**
 * A newborn watcher: into the index, and a look at what was decided since its creator's snapshot, in one step.
 *
 * Danger: a watcher that counted from its creator's commit would lose a wake-up. W fires on A and takes its snapshot;
 * B commits; W, which has not seen B, creates itself again and commits: nobody will ever write again, and it waits.
 */
export function arm(
  state: MasterState,
  record: RunnerRecord,
  since: Version,
  creator: RunnerId,
  out: Out,
): void {
  const { id, watched } = record.control;
  record.state = 'watching';
  out.push(
    spawn({ kind: 'watcher', id, ranges: watched, since }),
    trace({ type: 'runner', runner: id, state: 'watching', end: null }),
  );
  watch(state, record, since, creator, out);
}

/** A decided commit: the watchers that it touches count as schedulable from this step on (rule 19). */
export function fire(state: MasterState, version: Version, spans: readonly Span[], out: Out): void {
  if (spans.length === 0 || state.index.size === 0) return;
  const touched = state.index.touched(spans);
  if (touched.size > 1) sometimes('a commit touches several watchers');
  for (const id of touched) {
    state.index.delete(id);
    notify(state, state.runners.get(id)!, version, spans, out);
  }
}

/** The watcher has answered its notice: it becomes a runner, or a persistent one gets an activation. Idempotent. */
export function activate(state: MasterState, id: RunnerId, activation: number, out: Out): void {
  const record = state.runners.get(id);
  if (record === undefined || !record.touched || activation !== record.activation + 1) {
    sometimes('an activation is heard twice');
    return;
  }
  record.touched = false;
  record.activation = activation;
  state.notices -= 1;
  if (!record.control.persistent) {
    enqueue(state, record, out);
    return;
  }
  sometimes('a persistent watcher gets an activation');
  const control = {
    ...record.control,
    id: childId(id, activation - 1),
    parent: id,
    index: activation - 1,
    persistent: false,
  };
  const runner = runnerRecord(control, record.place.child(control.index), id);
  state.runners.set(control.id, runner);
  out.push(trace({ type: 'runner', runner: control.id, state: 'created', end: null }));
  enqueue(state, runner, out);
}

/**
 * A runner has finished. A one-shot watcher is consumed only now, so that a retry or a lost node keeps the trigger
 * (rule 21). A persistent one watches again from its activation's snapshot `since`, or ends with `since` null.
 */
export function letGo(state: MasterState, record: RunnerRecord, since: Version | null, out: Out): void {
  const { control } = record;
  if (record.watcher === null) {
    if (control.watcher) finished(control.id, record.activation, null, out);
    return;
  }
  const watcher = state.runners.get(record.watcher)!;
  finished(record.watcher, watcher.activation, since, out);
  sometimes(since === null ? 'a persistent watcher ends' : 'a persistent watcher watches again');
  if (since === null) {
    watcher.state = 'finished';
    state.runners.delete(record.watcher);
    out.push(trace({ type: 'runner', runner: record.watcher, state: 'finished', end: null }));
    return;
  }
  watch(state, watcher, since, control.id, out);
}

/** Replays (since, decided], then waits in the index; `except` is the writer whose commits do not count. */
function watch(state: MasterState, record: RunnerRecord, since: Version, except: RunnerId, out: Out): void {
  const { id, watched } = record.control;
  const touch = state.history.firstTouch(watched, since, except);
  if (touch === null) {
    state.index.insert(id, watched);
    return;
  }
  sometimes('a watcher was touched before it was armed');
  notify(state, record, touch.version, [{ base: touch.base, length: touch.length, merge: 0 }], out);
}

function notify(
  state: MasterState,
  record: RunnerRecord,
  version: Version,
  spans: readonly Span[],
  out: Out,
): void {
  const { id, persistent } = record.control;
  record.touched = true;
  state.notices += 1;
  state.live += 1;
  out.push(
    trace({ type: 'fired', watcher: id, version, activation: record.activation + 1 }),
    send(addressOf('watcher', id), { type: 'committed', version, spans }),
  );
  if (!persistent) out.push(trace({ type: 'runner', runner: id, state: 'schedulable', end: null }));
}

function finished(id: RunnerId, activation: number, since: Version | null, out: Out): void {
  out.push(send(addressOf('watcher', id), { type: 'finished', activation, since }));
}
