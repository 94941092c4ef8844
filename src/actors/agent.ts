/**
 * A node's half of the scheduler: owns the node's RComps and page cache, stamps each attempt's snapshot version when
 * it starts, sets the snapshot up and passes the ends on to the master in batches.
 *
 * **Invariant:** `sv` is stamped at the start, never when a batch comes in: an attempt stamped in a queue would miss
 * the commits of its own neighbours in the queue, and all but one of a contended batch would lose (rule 2).
 */

import { byHome, homeOf, pageOf, pagesOf } from '../memory/directory.ts';
import { PageCache } from '../memory/page-cache.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { type Address, addressOf } from './address.ts';
import { type Effect, type Step, send, trace } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import { type AttemptId, type ControlBlock, type Epoch, sameAttempt } from './control-block.ts';
import type { Init } from './init.ts';
import type {
  Assignment,
  AttemptEnd,
  FetchedPage,
  News,
  PageRequest,
  SnapshotPage,
  ToAgent,
} from './protocol.ts';

type Message<T extends ToAgent['type']> = Extract<ToAgent, { type: T }>;

/** Pages that go with a start, at the most: its first instruction's and the first ones of its ranges. */
const START_PAGES = 8;

export interface AgentState {
  readonly self: Address<'agent'>;
  readonly incarnation: number;
  readonly config: MachineConfig;
  readonly cache: PageCache;
  epoch: Epoch;
  /** The newest batch that was heeded. */
  batch: number;
  /** The newest readable version that this node has heard of. */
  readable: Version;
  /** The newest version that touched each home, up to `readable`. */
  readonly touched: Map<number, Version>;
  queue: Assignment[];
  /** Its RComps by their ids. */
  readonly slots: ReadonlyMap<number, Slot>;
  ends: { readonly attempt: AttemptId; readonly end: AttemptEnd }[];
}

/** One RComp. */
interface Slot {
  readonly rcomp: number;
  /** Starts sent to it so far. */
  sequence: number;
  running: Running | null;
}

interface Running {
  readonly attempt: AttemptId;
  readonly control: ControlBlock;
  readonly sv: Version;
  started: boolean;
  /** The master no longer wants it: its end is not reported. */
  revoked: boolean;
  /** Pages that it waits for. */
  readonly missing: Set<number>;
  /** Pages that have come for its start or its last need. */
  pages: SnapshotPage[];
}

export function createAgent(init: Extract<Init, { kind: 'agent' }>): Step<AgentState> {
  const { config, incarnation, rcomps } = init;
  const self = addressOf('agent', init.id);
  return [
    {
      self,
      incarnation,
      config,
      cache: new PageCache(config.cacheBytes, config.pageSize),
      epoch: 0,
      batch: 0,
      readable: 0,
      touched: new Map(),
      queue: [],
      slots: new Map(rcomps.map((rcomp) => [rcomp, { rcomp, sequence: 0, running: null }])),
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

function firstPages(control: ControlBlock, pageSize: number): number[] {
  const pages = new Set([pageOf(control.fi, pageSize)]);
  for (const range of [...control.watched, ...control.heap].slice(0, START_PAGES)) {
    for (const page of pagesOf(range, pageSize)) {
      if (pages.size === START_PAGES) return [...pages];
      pages.add(page);
    }
  }
  return [...pages];
}

/** Pages for an attempt: at once what the cache holds for its version, the rest from the homes. */
function supply(state: AgentState, slot: Slot, running: Running, pages: readonly number[]): Effect[] {
  const requests: PageRequest[] = [];
  for (const page of pages) {
    const bytes = cached(state, page, running.sv);
    if (bytes !== undefined) {
      sometimes('a page is taken from the cache');
      running.pages.push({ page, bytes });
    } else {
      const have = state.cache.get(page)?.from ?? -1;
      if (have >= 0) sometimes('a cached page is asked for again');
      running.missing.add(page);
      requests.push({ page, have });
    }
  }
  return [...ask(state, requests, running.sv), ...deliver(slot, running)];
}

/** The content of a page as of `sv`, null being the zero page; undefined if nobody here knows. */
function cached(state: AgentState, page: number, sv: Version): Uint8Array | null | undefined {
  const entry = state.cache.get(page);
  if (entry === undefined || entry.from > sv) return undefined;
  if (entry.through >= sv) return entry.bytes;
  // Nothing has touched its home since the home last vouched for it.
  const touched = state.touched.get(homeOf(page, state.config.homes)) ?? 0;
  return touched <= entry.through ? entry.bytes : undefined;
}

function ask(state: AgentState, requests: readonly PageRequest[], at: Version): Effect[] {
  return [...byHome(requests, state.config.homes)].map(([home, pages]) =>
    send(addressOf('home', home), {
      type: 'fetch',
      from: state.self,
      pages,
      at,
      needs: state.touched.get(home) ?? 0,
    }),
  );
}

/** Once nothing is missing: the start, or the pages that the running attempt asked for. */
function deliver(slot: Slot, running: Running): Effect[] {
  if (running.missing.size > 0) return [];
  const { attempt, control, sv, pages } = running;
  running.pages = [];
  const rcomp = addressOf('rcomp', slot.rcomp);
  if (running.started) return [send(rcomp, { type: 'pages', attempt, pages })];
  running.started = true;
  slot.sequence += 1;
  return [send(rcomp, { type: 'start', sequence: slot.sequence, attempt, control, sv, pages })];
}

function need(state: AgentState, message: Message<'need'>): Effect[] {
  const slot = state.slots.get(message.rcomp);
  const running = slot?.running;
  if (!slot || !running || !sameAttempt(running.attempt, message.attempt)) return [];
  // Danger: an earlier need has come again, and its pages are no longer cached: the present one must not wait in vain.
  const pages = message.pages.filter((page) => !running.missing.has(page));
  if (pages.length === 0) return [];
  sometimes('an attempt needs pages after its start');
  return supply(state, slot, running, pages);
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

/** What a page's home has answered, put into the cache; undefined where it vouched for something that is gone. */
function contentOf(state: AgentState, page: FetchedPage): Uint8Array | null | undefined {
  if (page.state === 'too-old') return undefined;
  const { from, through } = page;
  let bytes: Uint8Array | null = null;
  if (page.state === 'bytes') bytes = page.bytes;
  if (page.state === 'same') {
    const held = state.cache.get(page.page);
    if (held?.from !== from) return undefined;
    sometimes('a home answers that a page is the same');
    bytes = held.bytes;
  }
  state.cache.put(page.page, { bytes, from, through });
  return bytes;
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
  const running = slot?.running;
  if (!slot || !running || !sameAttempt(running.attempt, attempt)) return [];
  slot.running = null;
  const reported = running.revoked ? dropStaged(attempt, end) : report(state, attempt, end);
  return [...reported, ...startNext(state)];
}

function lost(state: AgentState, rcomp: number): Effect[] {
  const slot = state.slots.get(rcomp);
  const running = slot?.running;
  if (!slot || !running) return [];
  sometimes('an RComp dies under an attempt');
  slot.running = null;
  const reported = running.revoked ? [] : report(state, running.attempt, { type: 'lost', sv: running.sv });
  return [...reported, ...startNext(state)];
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
  const drops = ended.flatMap(({ end }) => dropStaged(attempt, end));
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

/**
 * The master no longer wants this end and is not told of it. Danger: the RComp has staged and is done; if nobody told the
 * homes, they would hold its patches until the floor passes its snapshot.
 */
function dropStaged(attempt: AttemptId, end: AttemptEnd): Effect[] {
  if (end.type !== 'commit') return [];
  return end.homes.map((home) =>
    send(addressOf('home', home), { type: 'drop', epoch: attempt.epoch, attempt }),
  );
}
