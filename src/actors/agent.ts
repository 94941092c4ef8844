/**
 * A node's half of the scheduler: owns the node's RComps and page cache, stamps each attempt's snapshot version when
 * it starts, sets the snapshot up and passes the ends on to the master in batches.
 *
 * **Invariant:** `sv` is stamped at the start, never when a batch comes in: an attempt stamped in a queue would miss
 * the commits of its own neighbours in the queue, and all but one of a contended batch would lose (rule 2).
 */

import { PageCache } from '../memory/page-cache.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { ask, contentOf, deliver, firstPages, supply } from './agent-pages.ts';
import { keep, placesChanged } from './agent-places.ts';
import type { AgentState, Running, Slot } from './agent-state.ts';
import { type Effect, type Step, send, trace } from './behaviour.ts';
import { type AttemptId, type Epoch, sameAttempt } from './control-block.ts';
import { dropsAt } from './drops.ts';
import type { Init } from './init.ts';
import { placesAtFirst } from './places.ts';
import type { AttemptEnd, News, ToAgent } from './protocol.ts';

type Message<T extends ToAgent['type']> = Extract<ToAgent, { type: T }>;

export function createAgent(init: Extract<Init, { kind: 'agent' }>): Step<AgentState> {
  const { config, map, incarnation, rcomps } = init;
  const self = addressOf('agent', init.id);
  return [
    {
      self,
      incarnation,
      config,
      map,
      cache: new PageCache(config.cacheBytes, config.pageSize),
      epoch: 0,
      batch: 0,
      readable: 0,
      touched: new Map(),
      places: placesAtFirst(config),
      keeps: new Map(),
      queue: [],
      slots: new Map(rcomps.map((rcomp) => [rcomp, { rcomp, sequence: 0, running: null, lost: [] }])),
      ends: [],
    },
    send(addressOf('master'), { type: 'join', agent: self, incarnation, rcomps: rcomps.length }),
  ];
}

export function receiveAsAgent(state: AgentState, message: ToAgent): Step<AgentState> {
  switch (message.type) {
    case 'dispatch':
      if (superseded(state, message.epoch)) return [state];
      if (message.incarnation !== state.incarnation) {
        sometimes('a dispatch is meant for an earlier incarnation');
        return [state];
      }
      if (message.batch <= state.batch) {
        sometimes('a batch is heard twice');
        return [state];
      }
      state.batch = message.batch;
      hear(state, message.news);
      state.queue.push(...message.assignments);
      return [state, ...startNext(state)];
    case 'news':
      if (!superseded(state, message.epoch)) hear(state, message.news);
      return [state];
    case 'recall':
      return superseded(state, message.epoch) ? [state] : [state, ...recall(state)];
    case 'revoke':
      return superseded(state, message.epoch) ? [state] : [state, ...revoke(state, message.attempt)];
    case 'places':
      return superseded(state, message.epoch) ? [state] : [state, ...placesChanged(state, message.places)];
    case 'keep':
      return superseded(state, message.epoch) ? [state] : [state, ...keep(state, message)];
    case 'need':
      return [state, ...need(state, message)];
    case 'ended':
      return [state, ...ended(state, message)];
    case 'fetched':
      return [state, ...fetched(state, message)];
    case 'rcomp-lost':
      return [state, ...lost(state, message.rcomp)];
    case 'flush':
      return [state, ...flush(state)];
  }
}

/** Whether a message stems from a master that has been replaced. */
function superseded(state: AgentState, epoch: Epoch): boolean {
  if (epoch < state.epoch) return true;
  // A new master counts its batches from 1.
  if (epoch > state.epoch) state.batch = 0;
  state.epoch = epoch;
  return false;
}

function hear(state: AgentState, news: News): void {
  state.readable = Math.max(state.readable, news.readable);
  for (const { home, version } of news.touched)
    state.touched.set(home, Math.max(state.touched.get(home) ?? 0, version));
}

/** Gives free RComps the next attempts. */
function startNext(state: AgentState): Effect[] {
  const effects: Effect[] = [];
  for (const slot of state.slots.values()) {
    if (slot.running !== null) continue;
    const next = state.queue.shift();
    if (next === undefined) break;
    const { attempt, control } = next;
    const sv = next.exact ? next.at : Math.max(next.at, state.readable);
    const running: Running = {
      attempt,
      control,
      sv,
      started: false,
      need: 0,
      revoked: false,
      missing: new Set(),
      pages: [],
    };
    slot.running = running;
    effects.push(trace({ type: 'start', attempt, sv, rcomp: slot.rcomp }));
    effects.push(...supply(state, slot, running, firstPages(control, state.config.pageSize)));
  }
  return effects;
}

function need(state: AgentState, message: Message<'need'>): Effect[] {
  const slot = state.slots.get(message.rcomp);
  const running = slot?.running;
  if (!slot || !running || !sameAttempt(running.attempt, message.attempt)) return [];
  if (message.number <= running.need) {
    sometimes('a need is heard twice');
    return [];
  }
  running.need = message.number;
  sometimes('an attempt needs pages after its start');
  return supply(state, slot, running, message.pages);
}

function fetched(state: AgentState, { at, pages }: Message<'fetched'>): Effect[] {
  const effects: Effect[] = [];
  for (const page of pages) {
    const content = contentOf(state, page);
    for (const slot of state.slots.values()) {
      const { running } = slot;
      if (!running?.missing.has(page.page)) continue;
      if (page.state === 'too-old') {
        if (running.sv === at) effects.push(...tooOld(state, slot, running));
      } else if (content === undefined) {
        // "The same as you have", but the cache has dropped it since.
        sometimes('the cache has dropped what a home vouches for');
        if (running.sv === at) effects.push(...ask(state, [{ page: page.page, have: -1 }], at));
      } else if (page.from <= running.sv && running.sv <= page.through) {
        running.missing.delete(page.page);
        running.pages.push({ page: page.page, bytes: content });
        effects.push(...deliver(slot, running));
      }
    }
  }
  return [...effects, ...startNext(state)];
}

function tooOld(state: AgentState, slot: Slot, running: Running): Effect[] {
  const { attempt, sv } = running;
  if (running.started) {
    sometimes('a home has collected what a running attempt needs');
    return [send(addressOf('rcomp', slot.rcomp), { type: 'too-old', attempt })];
  }
  sometimes('a home has collected what a start needs');
  slot.running = null;
  return running.revoked ? [] : report(state, attempt, { type: 'snapshot-too-old', sv });
}

function ended(state: AgentState, { rcomp, attempt, end }: Message<'ended'>): Effect[] {
  const slot = state.slots.get(rcomp);
  if (slot === undefined) return [];
  const { running } = slot;
  if (running === null || !sameAttempt(running.attempt, attempt)) return endedLate(state, slot, attempt, end);
  slot.running = null;
  // First in, first out: what the RComp had said before it died has come by now.
  slot.lost = [];
  const reported = running.revoked ? dropStaged(state, attempt, end) : report(state, attempt, end);
  return [...reported, ...startNext(state)];
}

/** Danger: the RComp staged, said so, and died, and the word of its death overtook that. */
function endedLate(state: AgentState, slot: Slot, attempt: AttemptId, end: AttemptEnd): Effect[] {
  const place = slot.lost.findIndex((one) => sameAttempt(one, attempt));
  if (place === -1) return [];
  sometimes('an end comes after its RComp is lost');
  slot.lost.splice(place, 1);
  return dropStaged(state, attempt, end);
}

function lost(state: AgentState, rcomp: number): Effect[] {
  const slot = state.slots.get(rcomp);
  if (slot === undefined) return [];
  // The fresh one knows no more than how a machine begins.
  const { places } = state;
  const told = places.generation > 0 ? [send(addressOf('rcomp', rcomp), { type: 'places', places })] : [];
  const { running } = slot;
  if (running === null) return told;
  sometimes('an RComp dies under an attempt');
  slot.running = null;
  slot.lost.push(running.attempt);
  const reported = running.revoked ? [] : report(state, running.attempt, { type: 'lost', sv: running.sv });
  return [...told, ...reported, ...startNext(state)];
}

/** Ends go to the master together with all others whose messages are already in the mailbox. */
function report(state: AgentState, attempt: AttemptId, end: AttemptEnd): Effect[] {
  state.ends.push({ attempt, end });
  return state.ends.length === 1 ? [send(state.self, { type: 'flush' })] : [];
}

function flush(state: AgentState): Effect[] {
  const { ends } = state;
  if (ends.length === 0) return [];
  state.ends = [];
  return [send(addressOf('master'), { type: 'ends', agent: state.self, ends })];
}

function recall(state: AgentState): Effect[] {
  const attempts = state.queue.map(({ attempt }) => attempt);
  state.queue = [];
  return [send(addressOf('master'), { type: 'returned', agent: state.self, attempts })];
}

function revoke(state: AgentState, attempt: AttemptId): Effect[] {
  const waiting = state.queue.length;
  state.queue = state.queue.filter((assignment) => !sameAttempt(assignment.attempt, attempt));
  if (state.queue.length < waiting) sometimes('a waiting assignment is revoked');
  const ended = state.ends.filter((end) => sameAttempt(end.attempt, attempt));
  state.ends = state.ends.filter((end) => !sameAttempt(end.attempt, attempt));
  const drops = ended.flatMap(({ end }) => dropStaged(state, attempt, end));
  const slot = [...state.slots.values()].find(
    ({ running }) => running && sameAttempt(running.attempt, attempt),
  );
  if (!slot?.running) return drops;
  if (slot.running.started) {
    sometimes('a running attempt is revoked');
    slot.running.revoked = true;
    return [send(addressOf('rcomp', slot.rcomp), { type: 'stop', attempt })];
  }
  sometimes('an attempt is revoked before it has started');
  slot.running = null;
  return startNext(state);
}

/** The master no longer wants this end and is not told of it. Danger: the RComp has staged and is done. */
function dropStaged({ places }: AgentState, attempt: AttemptId, end: AttemptEnd): Effect[] {
  return end.type === 'commit' ? dropsAt(places, end.homes, attempt.epoch, attempt) : [];
}
