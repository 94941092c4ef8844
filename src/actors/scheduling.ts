/** Which runner goes where, and when: the pool, dispatch in batches, delayed runners, rounds (rules 10, 15, 29). */

import { invariant } from '../invariant.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import type { AgentRecord } from './agents.ts';
import { log, send, trace } from './behaviour.ts';
import type { MasterState, Out } from './master-state.ts';
import { keepersOf } from './places.ts';
import type { Assignment, News } from './protocol.ts';
import { attemptOf, type RunnerRecord } from './runner-record.ts';
import type { SchedulingPolicy } from './scheduling-policy.ts';

/** Commits between two announcements of the floor, or as many as homes have replicas: so a commit costs a message at the most. */
const FLOOR_LAG = 64;

/** Agents that hear news in one step. In a small cluster all do soon; in a large one a commit must not cost a message a node. */
const NEWS_A_STEP = 2;

/** A runner becomes schedulable, for the first time or again. */
export function enqueue(state: MasterState, record: RunnerRecord, out: Out): void {
  makeSchedulable(record, out);
  state.pool.push(record);
}

/** The attempt is no longer out: its agent has room, its pin is gone. */
export function takeBack(state: MasterState, record: RunnerRecord): void {
  invariant(state.out.delete(record), 'an attempt that ends was out');
  leaveAgent(state, record);
}

/**
 * The attempt has ended where it ran, but its verdict waits, for its round or for the memory cap. Danger: if it still
 * took room at its agent, nobody could be sent there who must end first.
 */
export function leaveAgent(state: MasterState, record: RunnerRecord): void {
  const agent = state.agents.get(record.agent ?? -1);
  if (agent !== undefined) state.agents.free(agent);
  record.agent = null;
}

/** An assignment that never started goes back into the pool; nothing is held against the runner. */
export function putBack(state: MasterState, record: RunnerRecord, out: Out): void {
  takeBack(state, record);
  runAgain(state, record, out);
}

/**
 * Runs the runner again for no fault of its own: within its round, if there are rounds, at the round's version, so that
 * a lost compartment changes no outcome.
 */
export function runAgain(state: MasterState, record: RunnerRecord, out: Out): void {
  releaseDelayed(state, record);
  makeSchedulable(record, out);
  source(state).push(record);
}

/** Whoever waited for this runner is judged anew. */
export function releaseDelayed(state: MasterState, record: RunnerRecord): void {
  state.pool.pushFront(state.starvation.release(record));
}

/** The runner has lost too often: from now on its neighbours wait, also those that agents hold ready. */
export function starve(state: MasterState, record: RunnerRecord, out: Out): void {
  sometimes('a runner begins to starve');
  state.starvation.add(record);
  out.push(trace({ type: 'starving', runner: record.control.id, starving: true }));
  if (state.round !== null) return;
  for (const agent of state.agents.all())
    out.push(send(agent.address, { type: 'recall', epoch: state.epoch }));
}

/**
 * Sends schedulable runners to agents that have room, in batches, and news to those that hold runners ready. Nobody gets
 * more than a share of what there is, unless few have room and then with the next step.
 */
export function dispatch(state: MasterState, out: Out): void {
  const queue = source(state);
  if (queue.length > 0) {
    const share = Math.ceil(queue.length / Math.max(1, state.agents.size));
    for (const agent of state.agents.withRoom()) {
      dispatchTo(state, agent, share, out);
      if (queue.length === 0) break;
    }
    if (queue.length > 0) sometimes('a runner waits for room at an agent');
  }
  for (const agent of state.agents.unaware(state.version, NEWS_A_STEP)) {
    sometimes('an agent that holds runners ready hears news');
    out.push(send(agent.address, { type: 'news', epoch: state.epoch, news: newsFor(state, agent) }));
  }
  announceFloor(state, Math.max(FLOOR_LAG, state.homes.length * state.config.replicas), out);
}

/** The floor: no snapshot below it is live. Homes hear of it when it has risen by `lag` versions. */
export function announceFloor(state: MasterState, lag: number, out: Out): void {
  const floor = floorOf(state);
  if (floor - state.floor < lag) return;
  if (state.phase === 'running') sometimes('the floor rises during a run');
  raiseFloor(state, floor, out);
}

export function raiseFloor(state: MasterState, floor: Version, out: Out): void {
  out.push(log({ type: 'floor', floor }));
  state.floor = floor;
  state.history.forget(floor);
  state.ledger.raiseFloor(floor);
  const { places } = state.homing;
  state.homes.forEach((_, home) => {
    for (const keeper of keepersOf(places, home))
      out.push(send(keeper, { type: 'floor', epoch: state.epoch, floor }));
  });
}

/** The oldest version that an attempt which is out may read. Dispatches name ever newer versions: the first is least. */
export function floorOf(state: MasterState): Version {
  return state.out.oldest?.pin ?? state.version;
}

function makeSchedulable(record: RunnerRecord, out: Out): void {
  record.state = 'schedulable';
  out.push(trace({ type: 'runner', runner: record.control.id, state: 'schedulable', end: null }));
}

/** A round's own queue: there the order is no matter of policy (rule 29). */
function source(state: MasterState): SchedulingPolicy {
  return state.round === null ? state.pool : state.round.queue;
}

function dispatchTo(state: MasterState, agent: AgentRecord, share: number, out: Out): void {
  const assignments = take(state, agent, share, out);
  if (assignments.length === 0) return;
  if (assignments.length > 1) sometimes('several runners go in one batch');
  agent.batch += 1;
  out.push(
    send(agent.address, {
      type: 'dispatch',
      epoch: state.epoch,
      incarnation: agent.incarnation,
      batch: agent.batch,
      news: newsFor(state, agent),
      assignments,
    }),
  );
}

function take(state: MasterState, agent: AgentRecord, share: number, out: Out): Assignment[] {
  const room = Math.min(share, state.agents.roomOf(agent));
  const assignments: Assignment[] = [];
  const queue = source(state);
  const id = Number(agent.address.id);
  while (assignments.length < room) {
    const record = queue.shift(id);
    if (record === undefined) break;
    if (state.round !== null || !state.starvation.delays(record))
      assignments.push(assign(state, agent, record, out));
    else sometimes('a runner waits for one that starves');
  }
  return assignments;
}

function assign(state: MasterState, agent: AgentRecord, record: RunnerRecord, out: Out): Assignment {
  record.state = 'running';
  record.attempts += 1;
  record.agent = Number(agent.address.id);
  record.pin = state.round?.sv ?? state.version;
  agent.outstanding += 1;
  state.out.add(record);
  out.push(trace({ type: 'runner', runner: record.control.id, state: 'running', end: null }));
  return {
    attempt: attemptOf(record, state.epoch),
    control: record.control,
    at: record.pin,
    exact: state.round !== null,
  };
}

/** The homes that have changed since this agent's last news. */
function newsFor(state: MasterState, agent: AgentRecord): News {
  const touched: News['touched'][number][] = [];
  for (const home of state.touched.newestFirst()) {
    const version = state.homes[home]!;
    if (version <= agent.readable) break;
    touched.push({ home, version });
  }
  state.agents.told(agent, state.version);
  return { readable: state.version, touched };
}
