/** When an end or an arrival is decided: at once, or with its round (rule 29). */

import { compare } from '../memory/place.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { attemptOfArrival } from './arrivals.ts';
import { log, send } from './behaviour.ts';
import { decideEnd, outdated, putBackOutdated, retryCapped } from './deciding.ts';
import { isOutdated, joinDirectory } from './homing.ts';
import { nextVersion } from './log-step.ts';
import type { Input, MasterState, Out } from './master-state.ts';
import type { AttemptEnd, ToMaster } from './protocol.ts';
import type { RunnerRecord } from './runner-record.ts';
import { leaveAgent, putBack } from './scheduling.ts';
import { fire } from './watching.ts';

/** An attempt that was out has ended. */
export function handleEnd(state: MasterState, record: RunnerRecord, end: AttemptEnd, out: Out): void {
  if (outdated(state, record, end, out)) return;
  if (state.round === null) {
    decideEnd(state, record, end, out);
    retryCapped(state, out);
  } else if (end.type === 'lost') {
    decideEnd(state, record, end, out);
  } else if (end.type === 'snapshot-too-old') {
    putBack(state, record, out);
  } else {
    leaveAgent(state, record);
    state.round.ends.set(record, end);
    state.round.open -= 1;
  }
}

/** Input has come: a commit of the I/O actor, which nothing is validated against. */
export function handleArrival(
  state: MasterState,
  message: Extract<ToMaster, { type: 'arrival' }>,
  out: Out,
): void {
  const { io, number, homes, generation } = message;
  const input = state.inputs.get(io);
  // Input may come before the program is started: a stream that is not answered sends no more.
  const accepts = state.phase === 'idle' || state.phase === 'running';
  if (!accepts || input === undefined || number !== input.number + 1) return;
  // The I/O actor is about to hear who else keeps the pages, and stages it there, too.
  if (isOutdated(state, homes, generation)) return;
  input.number = number;
  const decide = (effects: Out) => decideArrival(state, input, message, effects);
  if (state.round === null || state.round.open === 0) decide(out);
  else {
    sometimes('an arrival waits for the end of a round');
    state.round.later.push(decide);
  }
}

export function decideArrival(
  state: MasterState,
  input: Input,
  { io, number, spans, homes, generation, last }: Omit<Extract<ToMaster, { type: 'arrival' }>, 'type'>,
  out: Out,
): void {
  out.push(log({ type: 'arrived', io, number, spans, homes, generation, last }));
  const attempt = attemptOfArrival(io, number);
  const version = nextVersion(state, attempt, state.version, spans, homes, [], out);
  fire(state, version, spans, out);
  state.history.record(version, attempt.runner, spans);
  if (last) input.open = false;
  out.push(send(addressOf('io', io), { type: 'arrived', number, version }));
}

/** Replicas have been made. In a round, whatever has ended there stays as it is. */
export function handleKept(state: MasterState, message: Extract<ToMaster, { type: 'kept' }>, out: Out): void {
  const join = (effects: Out) => {
    joinDirectory(state, message, effects);
    putBackOutdated(state, effects);
  };
  if (state.round === null || state.round.open === 0) join(out);
  else {
    sometimes('a replica waits for the end of a round');
    state.round.later.push(join);
  }
}

/**
 * Decides a round whose attempts have all ended, in the order of the runner tree, and begins the next one. Notices must
 * have been answered before, so that the members of a round do not depend on which message came first.
 */
export function advanceRound(state: MasterState, out: Out): void {
  const { round } = state;
  if (round === null || round.open > 0) return;
  const ends = [...round.ends].sort(([a], [b]) => compare(a.place, b.place));
  round.ends.clear();
  if (ends.length > 1) sometimes('a round of several runners is decided');
  for (const [record, end] of ends) decideEnd(state, record, end, out);
  for (const act of round.later.splice(0)) act(out);
  if (state.notices > 0) return;
  round.sv = state.version;
  for (const record of state.pool.drain()) if (!state.starvation.delays(record)) round.queue.push(record);
  round.open = round.queue.length;
}
