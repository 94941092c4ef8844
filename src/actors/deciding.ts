/** The deciding step: validation, versions, the ends of runners (rules 3–7, 9–15, 24–26). */

import { type PagePatch, spansOf } from '../memory/patch.ts';
import { coalesce } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import type { Collision } from '../memory/write-history.ts';
import { sometimes } from '../sometimes.ts';
import { log, send, trace } from './behaviour.ts';
import type { AttemptId } from './control-block.ts';
import type { Ending } from './decided.ts';
import { keepsToHeap } from './declared.ts';
import { dropsAt } from './drops.ts';
import { isOutdated } from './homing.ts';
import { nextVersion, release } from './log-step.ts';
import type { MasterState, Out } from './master-state.ts';
import type { AttemptEnd } from './protocol.ts';
import { attemptOf, type RunnerRecord, runnerRecord } from './runner-record.ts';
import {
  announceFloor,
  enqueue,
  leaveAgent,
  putBack,
  releaseDelayed,
  runAgain,
  starve,
  takeBack,
} from './scheduling.ts';
import { statusRecord } from './status-record.ts';
import { judgeCap } from './version-cap.ts';
import { arm, fire, letGo } from './watching.ts';

/** Faults that the summary lists; all are counted. A program that faults for ever must not fill the memory. */
const FAULTS_TOLD = 1_000;

type Commit = Extract<AttemptEnd, { type: 'commit' }>;

/** Decides an attempt that has ended; its runner finishes or runs again. */
export function decideEnd(state: MasterState, record: RunnerRecord, end: AttemptEnd, out: Out): void {
  switch (end.type) {
    case 'commit':
      commit(state, record, end, out);
      break;
    case 'abort':
      takeBack(state, record);
      finish(state, record, { how: 'aborted', sv: end.sv, detach: end.detach, fault: null }, out);
      break;
    case 'fault':
      takeBack(state, record);
      finish(state, record, { how: 'faulted', sv: end.sv, detach: true, fault: end.fault }, out);
      break;
    case 'snapshot-too-old':
      out.push(ended(state, record, 'snapshot-too-old'));
      lose(state, record, out);
      break;
    case 'lost':
      compartmentLost(state, record, end.sv, out);
      break;
  }
}

function commit(state: MasterState, record: RunnerRecord, end: Commit, out: Out): void {
  if (!keepsToHeap(record.control, end.spans)) {
    drop(state, record, end, out);
    compartmentLost(state, record, end.sv, out);
    return;
  }
  const collision = collide(state, end);
  if (collision !== null) {
    conflict(state, record, end, collision, out);
    return;
  }
  const { runners } = state.config.limits;
  if (state.runners.size - 1 + end.children.length > runners) {
    sometimes('the machine has no room for newborns');
    takeBack(state, record);
    drop(state, record, end, out);
    const detail = `limit ${runners} runners and watchers in the machine`;
    const fault = { cause: 'too-many-children', pc: record.control.fi, address: null, detail } as const;
    finish(state, record, { how: 'faulted', sv: end.sv, detach: true, fault }, out);
    state.ending.overrun = true;
    return;
  }
  let verdict = judgeCap(state, record, end);
  for (; typeof verdict === 'object'; verdict = judgeCap(state, record, end))
    giveUp(state, verdict.victim, out);
  if (verdict === 'waits') {
    sometimes('a commit waits for old versions to be collected');
    leaveAgent(state, record);
    record.waiting = end;
    state.capped.add(record);
    return;
  }
  takeBack(state, record);
  decide(state, record, end, out);
}

/** Its snapshot costs too much: it runs again, and the homes may collect what it held. */
function giveUp(state: MasterState, record: RunnerRecord, out: Out): void {
  sometimes('an old snapshot is given up for memory');
  const agent = state.agents.get(record.agent ?? -1);
  const attempt = attemptOf(record, state.epoch);
  if (agent !== undefined) out.push(send(agent.address, { type: 'revoke', epoch: state.epoch, attempt }));
  out.push(ended(state, record, 'snapshot-too-old'));
  lose(state, record, out);
  announceFloor(state, 1, out);
}

/** Rule 3, and rules 5 and 6 for what is validated as read. An attempt without effects serialises at its sv. */
function collide(state: MasterState, end: Commit): Collision | null {
  if (end.spans.length === 0 && end.children.length === 0 && end.output.length === 0) return null;
  const write = state.history.conflict(end.spans, end.sv);
  if (write !== null) {
    sometimes('a commit loses to a write');
    return write;
  }
  const read = state.history.readConflict(end.reads, end.sv);
  if (read !== null) sometimes('a commit loses because of what it has read');
  return read;
}

function conflict(
  state: MasterState,
  record: RunnerRecord,
  end: Commit,
  collision: Collision,
  out: Out,
): void {
  state.tally.conflicts += 1;
  out.push(trace({ type: 'conflict', attempt: attemptOf(record, state.epoch), sv: end.sv, with: collision }));
  drop(state, record, end, out);
  if (state.config.onConflict === 'retry') {
    lose(state, record, out);
    return;
  }
  sometimes('a conflict ends its runner');
  takeBack(state, record);
  finish(state, record, { how: 'conflict', sv: end.sv, detach: false, fault: null }, out);
}

/**
 * Whether it was staged before somebody came to keep the pages who does not hold it: then it cannot be decided, and the
 * runner runs again, for no fault of its own.
 */
export function outdated(state: MasterState, record: RunnerRecord, end: AttemptEnd, out: Out): boolean {
  if (end.type !== 'commit' || !isOutdated(state, end.homes, end.generation)) return false;
  sometimes('a commit request was staged before another replica came');
  out.push(ended(state, record, 'moved'));
  drop(state, record, end, out);
  putBack(state, record, out);
  return true;
}

/** The same for those that wait for their verdict, of the memory cap or of their round. */
export function putBackOutdated(state: MasterState, out: Out): void {
  if (state.phase !== 'running') return;
  for (const record of [...state.capped]) {
    if (record.waiting === null || !outdated(state, record, record.waiting, out)) continue;
    sometimes('a commit that waits was staged before another replica came');
    record.waiting = null;
    state.capped.delete(record);
  }
  const { round } = state;
  for (const [record, end] of [...(round?.ends ?? [])]) {
    if (round === null || !outdated(state, record, end, out)) continue;
    sometimes('an end that waits for its round was staged before another replica came');
    round.ends.delete(record);
    round.open += 1;
  }
}

function drop(state: MasterState, record: RunnerRecord, end: Commit, out: Out): void {
  out.push(...dropsAt(state.homing.places, end.homes, state.epoch, attemptOf(record, state.epoch)));
}

/** The loser runs again by itself (rule 9), and is helped once it has lost too often (rule 10). */
function lose(state: MasterState, record: RunnerRecord, out: Out): void {
  takeBack(state, record);
  // Elsewhere the order of messages decides as much, and nobody writes that down.
  if (state.round !== null) out.push(log({ type: 'lost', runner: record.control.id }));
  countLoss(state, record, out);
  releaseDelayed(state, record);
  enqueue(state, record, out);
}

export function countLoss(state: MasterState, record: RunnerRecord, out: Out): void {
  record.losses += 1;
  state.tally.retries += 1;
  if (record.losses >= state.config.starvingAfter && !state.starvation.has(record))
    starve(state, record, out);
}

/** Rule 12: not a fault, not counted, unless compartments keep dying under this very runner. */
function compartmentLost(state: MasterState, record: RunnerRecord, sv: Version, out: Out): void {
  out.push(ended(state, record, 'lost'));
  takeBack(state, record);
  record.deaths += 1;
  if (record.deaths < state.config.compartmentDeaths) {
    sometimes('a lost compartment is forgiven');
    runAgain(state, record, out);
    return;
  }
  sometimes('compartments have died too often under a runner');
  if (state.round !== null) state.round.open -= 1;
  const detail = `${record.deaths} compartments died under this runner`;
  const fault = { cause: 'compartment-lost', pc: record.control.fi, address: null, detail } as const;
  finish(state, record, { how: 'faulted', sv, detach: true, fault }, out);
}

/**
 * The step in which a commit becomes true. Watchers are looked up before the newborn ones are armed, and those are
 * armed before the commit's own bytes are recorded: so the creator's writes do not fire them (rule 20).
 */
export function decide(state: MasterState, record: RunnerRecord, end: Commit, out: Out): void {
  const ending: Ending = { how: 'committed', sv: end.sv, detach: end.detach, fault: null };
  const attempt = attemptOf(record, state.epoch);
  out.push(log({ type: 'committed', attempt, end }));
  const status = recordOf(state, record, ending);
  const spans = coalesce([...end.spans, ...spansOf(status)]);
  if (spans.length === 0) sometimes('a commit of no bytes takes a version');
  const version = nextVersion(state, attempt, end.sv, spans, end.homes, status, out);
  fire(state, version, spans, out);
  bear(state, record, end, out);
  release(state, version, end.output, out);
  retire(state, record, ending, out);
  if (spans.length > 0) state.history.record(version, record.control.id, spans);
}

/** The end of a runner that does not commit. With a status record it takes a version of its own (rule 25). */
export function finish(state: MasterState, record: RunnerRecord, ending: Ending, out: Out): void {
  const { control } = record;
  out.push(log({ type: 'finished', runner: control.id, ending }));
  if (ending.how !== 'conflict') {
    const why = ending.how === 'aborted' ? 'abort' : 'fault';
    out.push(ended(state, record, why, ending.fault));
  }
  const status = recordOf(state, record, ending);
  if (status.length === 0) {
    retire(state, record, ending, out);
    return;
  }
  sometimes('an end that is no commit takes a version');
  const spans = spansOf(status);
  const attempt: AttemptId = { runner: control.id, epoch: state.epoch, number: 0 };
  const version = nextVersion(state, attempt, state.version, spans, [], status, out);
  fire(state, version, spans, out);
  retire(state, record, ending, out);
  state.history.record(version, control.id, spans);
}

/** The runner leaves the pools; whoever depends on its end hears of it. */
function retire(state: MasterState, record: RunnerRecord, ending: Ending, out: Out): void {
  const { control } = record;
  const { how, fault } = ending;
  const { tally } = state;
  record.state = 'finished';
  state.runners.delete(control.id);
  state.live -= 1;
  if (control.parent === 0n) tally.entry = how;
  if (how === 'committed') tally.committed += 1;
  if (how === 'aborted') tally.aborted += 1;
  if (how === 'faulted') tally.faulted += 1;
  if (fault !== null && tally.faults.length < FAULTS_TOLD) tally.faults.push({ runner: control.id, fault });
  out.push(trace({ type: 'runner', runner: control.id, state: 'finished', end: how }));
  releaseDelayed(state, record);
  if (state.starvation.delete(record))
    out.push(trace({ type: 'starving', runner: control.id, starving: false }));
  letGo(state, record, ending.detach ? null : ending.sv, out);
}

/** Newborns become schedulable, or watching, in the step that decides their parent's commit (rule 15). */
function bear(state: MasterState, parent: RunnerRecord, end: Commit, out: Out): void {
  for (const control of end.children) {
    const child = runnerRecord(control, parent.place.child(control.index));
    state.runners.set(control.id, child);
    out.push(trace({ type: 'runner', runner: control.id, state: 'created', end: null }));
    if (control.watcher) {
      arm(state, child, end.sv, parent.control.id, out);
    } else {
      state.live += 1;
      enqueue(state, child, out);
    }
  }
}

/** Commits that waited are judged anew, oldest snapshot first, as long as one of them gets on. */
export function retryCapped(state: MasterState, out: Out): void {
  for (let progress = true; progress && state.capped.size > 0; ) {
    progress = false;
    for (const record of [...state.out].filter((candidate) => state.capped.has(candidate))) {
      const end = record.waiting;
      if (end === null) continue;
      record.waiting = null;
      state.capped.delete(record);
      commit(state, record, end, out);
      if (record.waiting !== null) continue;
      sometimes('a commit that waited for memory is decided');
      progress = true;
    }
  }
}

function ended(
  state: MasterState,
  record: RunnerRecord,
  why: 'abort' | 'fault' | 'snapshot-too-old' | 'lost' | 'moved',
  fault: Ending['fault'] = null,
) {
  return trace({ type: 'ended', attempt: attemptOf(record, state.epoch), why, fault });
}

/** The status record, which is part of the next version. */
function recordOf(state: MasterState, { control }: RunnerRecord, { how, fault }: Ending): PagePatch[] {
  return statusRecord(control, how, fault, state.version + 1, state.config.pageSize);
}
