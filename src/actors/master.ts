/**
 * The scheduler master: decides commits, keeps the pools of runners and watchers, dispatches to agents. One step
 * validates, assigns the version, makes newborns schedulable and marks touched watchers (rules 7, 15, 19): there is no
 * state in which a commit is half decided.
 */

import { invariant } from '../invariant.ts';
import { Place } from '../memory/place.ts';
import { Queue } from '../memory/queue.ts';
import { sometimes } from '../sometimes.ts';
import { type Step, trace } from './behaviour.ts';
import { retryCapped } from './deciding.ts';
import { dropsAt } from './drops.ts';
import { cancel, endIfFlushed, endIfOver, flushed, settled } from './ending.ts';
import { copied, retired } from './homing.ts';
import type { Init } from './init.ts';
import { type MasterState, masterState, type Out, pendingEnd } from './master-state.ts';
import { agentLost, join, leave, letLeave } from './membership.ts';
import type { ToMaster } from './protocol.ts';
import { advanceRound, handleArrival, handleEnd, handleKept } from './rounds.ts';
import { type RunnerRecord, runnerRecord } from './runner-record.ts';
import { dispatch, enqueue, putBack } from './scheduling.ts';
import type { SchedulingPolicy } from './scheduling-policy.ts';
import { activate } from './watching.ts';

type Message<T extends ToMaster['type']> = Extract<ToMaster, { type: T }>;

/** `policy`: empty; it becomes the master's own. */
export function createMaster(
  init: Extract<Init, { kind: 'master' }>,
  policy: SchedulingPolicy = new Queue(),
): Step<MasterState> {
  return [masterState(init, policy)];
}

export function receiveAsMaster(state: MasterState, message: ToMaster): Step<MasterState> {
  const out: Out = [];
  receive(state, message, out);
  if (state.phase === 'running') advanceRound(state, out);
  if (state.phase === 'running' && state.ending.overrun) cancel(state, 'done', out);
  if (state.phase === 'running') {
    if (!isCongested(state)) dispatch(state, out);
    endIfOver(state, out);
  }
  letLeave(state, out);
  return [state, ...out];
}

/**
 * Some output's outside takes no more for now. What is out may end; but what it has put out would be kept in memory, so
 * nothing more is begun.
 */
function isCongested({ congestion }: MasterState): boolean {
  for (const changes of congestion.values())
    if (changes % 2 === 1) {
      sometimes('nothing is begun while an output is full');
      return true;
    }
  return false;
}

function receive(state: MasterState, message: ToMaster, out: Out): void {
  switch (message.type) {
    case 'run':
      run(state, message, out);
      break;
    case 'join':
      join(state, message, out);
      break;
    case 'agent-lost':
      agentLost(state, Number(message.agent.id), message.incarnation, out);
      break;
    case 'leave':
      leave(state, message, out);
      break;
    case 'kept':
      handleKept(state, message, out);
      break;
    case 'copied':
      copied(state, message, out);
      break;
    case 'retired':
      retired(state, message, out);
      break;
    case 'ends':
      ends(state, message, out);
      break;
    case 'returned':
      returned(state, message, out);
      break;
    case 'activate':
      activate(state, message.watcher, message.activation, out);
      break;
    case 'arrival':
      handleArrival(state, message, out);
      break;
    case 'stalled': {
      const input = state.inputs.get(message.io);
      if (input === undefined || input.consumed !== message.consumed) break;
      sometimes('a stream tells that its ring is full');
      input.stalled = true;
      break;
    }
    case 'settled':
      settled(state, message, out);
      break;
    case 'flushed':
      flushed(state, message, out);
      break;
    case 'congested':
      state.congestion.set(message.io, Math.max(message.changes, state.congestion.get(message.io) ?? 0));
      break;
    case 'io-failed':
      sometimes('an output fails');
      state.ending.error ||= message.error;
      cancel(state, 'failed', out);
      break;
    case 'cancel':
      cancel(state, 'cancelled', out);
      break;
  }
}

function run(state: MasterState, { client, entry }: Message<'run'>, out: Out): void {
  if (state.client !== null) return;
  state.client = client;
  if (state.phase !== 'idle') {
    // The outside failed before the program was started: whoever starts it must still hear that it is over.
    endIfFlushed(state, out);
    return;
  }
  state.phase = 'running';
  const record = runnerRecord(entry, Place.root());
  state.runners.set(entry.id, record);
  state.live += 1;
  out.push(trace({ type: 'runner', runner: entry.id, state: 'created', end: null }));
  enqueue(state, record, out);
}

function ends(state: MasterState, message: Message<'ends'>, out: Out): void {
  for (const { attempt, end } of message.ends) {
    const record = state.runners.get(attempt.runner);
    if (
      state.phase === 'running' &&
      record !== undefined &&
      isOut(state, record, attempt.number, message.agent.id)
    )
      handleEnd(state, record, end, out);
    else if (end.type === 'commit' && !isPending(state, record, attempt.number)) {
      sometimes('the end of an earlier attempt comes late');
      // An attempt that was given up, or a repeated message: what it staged is of no use, or has been applied.
      out.push(trace({ type: 'ended', attempt, why: 'stale', fault: null }));
      out.push(...dropsAt(state.homing.places, end.homes, state.epoch, attempt));
    }
  }
}

function returned(state: MasterState, message: Message<'returned'>, out: Out): void {
  for (const { runner, number } of message.attempts) {
    const record = state.runners.get(runner);
    if (record !== undefined && isOut(state, record, number, message.agent.id)) {
      sometimes('a runner comes back without having started');
      putBack(state, record, out);
    }
  }
  // The snapshot that a commit waits for at the memory cap may have been one of these.
  retryCapped(state, out);
}

/** Whether this is the attempt that counts: at most one of a runner's is ever accepted (rule 12). */
function isOut(state: MasterState, record: RunnerRecord, attempt: number, agent: number | bigint): boolean {
  if (record.state !== 'running' || record.attempts !== attempt || isPending(state, record, attempt))
    return false;
  invariant(record.agent === agent, 'an attempt ends at the agent that it was sent to');
  return state.out.has(record);
}

/**
 * Whether this attempt has asked for its commit and waits for the verdict, of its round or of the memory cap. Danger: if
 * its request is repeated now and taken for a stale one, the homes drop what they are about to be told to apply.
 */
function isPending(state: MasterState, record: RunnerRecord | undefined, attempt: number): boolean {
  if (record?.attempts !== attempt) return false;
  const pending = pendingEnd(state, record) !== null;
  if (pending) sometimes('a commit request is repeated while it waits');
  return pending;
}
