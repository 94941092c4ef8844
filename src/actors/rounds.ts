/** When an end or an arrival is decided: at once, or with its round (rule 29). */

import { compare } from '../memory/place.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { attemptOfArrival } from './arrivals.ts';
import { log, send } from './behaviour.ts';
import { decideEnd, outdated, putBackOutdated, retryCapped } from './deciding.ts';
import { isOutdated, joinDirectory } from './homing.ts';
import { nextVersion } from './log-step.ts';
import type { Arrival, Input, MasterState, Out, Round } from './master-state.ts';
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
export function handleArrival(state: MasterState, message: Arrival, out: Out): void {
  const { io, number, homes, generation } = message;
  const input = state.inputs.get(io);
  // Input may come before the program is started: a stream that is not answered sends no more.
  const accepts = state.phase === 'idle' || state.phase === 'running';
  // The I/O actor is about to hear who else keeps the pages, and stages it there, too.
  if (!accepts || input === undefined || isOutdated(state, homes, generation)) return;
  const { round } = state;
  const waiting = round?.arrivals.findIndex((one) => one.io === io && one.number === number) ?? -1;
  if (round !== null && waiting >= 0) {
    // It may have been staged at others, too, since it began to wait.
    round.arrivals[waiting] = message;
    return;
  }
  if (number !== input.number + 1) return;
  input.number = number;
  if (round === null || round.open === 0) decideArrival(state, input, message, out);
  else {
    sometimes('an arrival waits for the end of a round');
    round.arrivals.push(message);
  }
}

/** At the end of a round. What was staged before somebody came to keep the pages will be asked for again. */
function decideArrivals(state: MasterState, round: Round, out: Out): void {
  for (const arrival of round.arrivals.splice(0)) {
    const input = state.inputs.get(arrival.io)!;
    if (isOutdated(state, arrival.homes, arrival.generation)) input.number -= 1;
    else decideArrival(state, input, arrival, out);
  }
}

export function decideArrival(
  state: MasterState,
  input: Input,
  { io, number, spans, homes, generation, last }: Omit<Arrival, 'type'>,
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

/** Replicas have been made. What was staged without them is done again, within the round if there are rounds. */
export function handleKept(state: MasterState, message: Extract<ToMaster, { type: 'kept' }>, out: Out): void {
  joinDirectory(state, message, out);
  putBackOutdated(state, out);
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
  decideArrivals(state, round, out);
  if (state.notices > 0) return;
  round.sv = state.version;
  for (const record of state.pool.drain()) if (!state.starvation.delays(record)) round.queue.push(record);
  round.open = round.queue.length;
}
