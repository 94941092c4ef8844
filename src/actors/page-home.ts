/**
 * A page home, or one of its replicas on several nodes: keeps the versions of its pages, holds what attempts stage,
 * applies what is decided, in order. All replicas are told the same, so each of them can answer alone; one that comes
 * later copies from another what was before it.
 *
 * **Invariant:** a fetch is answered from a state that holds every decided version that concerns it: it waits until
 * the home has applied `needs`, and never for versions that touch other homes only.
 */

import { FIRST_RUNNER_ID, type RunnerId } from '../memory/ids.ts';
import { PageStore, type PageStoreLike } from '../memory/page-store.ts';
import type { PagePatch } from '../memory/patch.ts';
import { intersect, type Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { type Address, addressOf } from './address.ts';
import { type Effect, log, reply, STOP, type Step, send } from './behaviour.ts';
import type { MachineConfig, MappedFile, MemoryMap } from './config.ts';
import { attemptKey, type Epoch } from './control-block.ts';
import { FilePages } from './file-pages.ts';
import { type Copied, Copying, Originals } from './home-copy.ts';
import type { Init } from './init.ts';
import type { FetchedPage, HomeContents, PageRequest, ToHome } from './protocol.ts';

type Message<T extends ToHome['type']> = Extract<ToHome, { type: T }>;

/** `through` of what never changes. */
const FOR_EVER: Version = Number.MAX_SAFE_INTEGER;

export interface HomeState {
  readonly id: number;
  readonly self: Address<'home'>;
  readonly replica: number;
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  readonly store: PageStoreLike;
  readonly files: FilePages;
  epoch: Epoch;
  /** Fetches that wait for a version to be applied. */
  waiting: Message<'fetch'>[];
  /** Decisions that came before the one they follow, by `previous`. */
  readonly early: Map<Version, Message<'decide'>>;
  /** Writes sent to each output file so far. */
  readonly fileWrites: Map<number, number>;
  /** The newest arrival of each input that was decided here. */
  readonly arrivals: Map<RunnerId, number>;
  settling: Version | null;
  /** Until it has what the other replicas have; else null. */
  copying: Copying | null;
  readonly originals: Originals;
  /** Replicas that ask for a version that is not applied yet. */
  pulls: Message<'pull'>[];
}

/** `store`: empty; it becomes the home's own. */
export function createHome(
  init: Extract<Init, { kind: 'home' }>,
  store: PageStoreLike = new PageStore({ pageSize: init.config.pageSize }),
): Step<HomeState> {
  for (const { page, bytes } of init.image ?? []) store.load(page, bytes);
  const self = addressOf('home', init.id, init.node);
  return [
    {
      id: init.id,
      self,
      replica: init.replica,
      config: init.config,
      map: init.map,
      store,
      files: new FilePages(init.map.files, init.config.pageSize),
      epoch: 0,
      waiting: [],
      early: new Map(),
      fileWrites: new Map(),
      arrivals: new Map(),
      settling: null,
      copying: init.image === null ? new Copying(self, init.replica) : null,
      originals: new Originals(init.config.copyBytes),
      pulls: [],
    },
  ];
}

export function receiveAsHome(state: HomeState, message: ToHome): Step<HomeState> {
  switch (message.type) {
    case 'fetch':
      if (!hasApplied(state, message.needs)) {
        sometimes('a fetch waits for a version');
        state.waiting.push(message);
        return [state];
      }
      return [state, ...answer(state, message)];
    case 'stage':
      if (message.replica !== state.replica) {
        sometimes('a stage is meant for an earlier replica');
        return [state];
      }
      // Staged again or decided already: the answer is the same, so that a repeated request is harmless.
      return [
        state,
        ...stage(state, message),
        reply(message.from, { type: 'staged', replica: state.replica, attempt: message.attempt }),
      ];
    case 'decide':
      return superseded(state, message.epoch) ? [state] : decide(state, message);
    case 'drop':
      if (superseded(state, message.epoch)) return [state];
      if (state.copying === null) state.store.drop(attemptKey(message.attempt));
      else state.copying.drops.push(message.attempt);
      return [state];
    case 'floor':
      if (!superseded(state, message.epoch)) raiseFloor(state, message.floor);
      return [state];
    case 'settle':
      state.settling = message.version;
      return [state, ...settled(state)];
    case 'bytes':
      return [state, ...fileBytes(state, message)];
    case 'copy':
      if (superseded(state, message.epoch) || state.copying === null) return [state];
      if (message.replica !== state.replica) return [state];
      return [state, ...copied(state, state.copying, state.copying.begin(message))];
    case 'pull':
      if (!hasApplied(state, message.needs)) {
        state.pulls.push(message);
        return [state];
      }
      return [state, ...pulled(state, message)];
    case 'part':
      if (state.copying === null) return [state];
      return [state, ...copied(state, state.copying, state.copying.add(message))];
    case 'release':
      state.originals.release(message.replica);
      return [state];
    case 'retire':
      if (superseded(state, message.epoch) || message.replica !== state.replica) return [state];
      return [
        state,
        send(addressOf('master'), { type: 'retired', home: state.id, replica: state.replica }),
        STOP,
      ];
  }
}

/** Whether it can speak of that version, as far as that concerns this home. */
function hasApplied(state: HomeState, version: Version): boolean {
  return state.copying === null && version <= state.store.applied;
}

function raiseFloor({ copying, store }: HomeState, floor: Version): void {
  if (copying === null) store.raiseFloor(floor);
  else copying.floor = Math.max(copying.floor, floor);
}

function pulled(state: HomeState, message: Message<'pull'>): Effect[] {
  return state.originals.answer(message, () => ({
    contents: contentsOf(state),
    pages: state.store.keptPages(),
  }));
}

/** All but the pages. */
export function contentsOf({ store, arrivals, fileWrites }: HomeState): HomeContents {
  return {
    applied: store.applied,
    floor: store.floor,
    arrivals: [...arrivals].map(([writer, number]) => ({ writer, number })),
    writes: [...fileWrites].map(([io, count]) => ({ io, count })),
  };
}

/** It goes on from what another one has kept. */
export function resumeHome(state: HomeState, { applied, floor, arrivals, writes }: HomeContents): void {
  state.store.begin(applied, floor);
  for (const { writer, number } of arrivals) state.arrivals.set(writer, number);
  for (const { io, count } of writes) state.fileWrites.set(io, count);
}

/** Once it has what the others have, it catches up with them. */
function copied(state: HomeState, copying: Copying, { effects, contents }: Copied): readonly Effect[] {
  if (contents === null) return effects;
  state.copying = null;
  state.store.adopt(copying.pages);
  resumeHome(state, contents);
  for (const attempt of copying.arrivals)
    if (attempt.number <= (state.arrivals.get(attempt.runner) ?? 0)) state.store.drop(attemptKey(attempt));
  for (const [previous, { version }] of state.early)
    if (version <= state.store.applied) state.early.delete(previous);
  const word = send(addressOf('master'), { type: 'copied', home: state.id, replica: state.replica });
  const applied = applyEarly(state);
  // Danger: what was decided meanwhile may be of attempts that are dropped or lie below the floor by now. So these come last.
  for (const attempt of copying.drops) state.store.drop(attemptKey(attempt));
  state.store.raiseFloor(copying.floor);
  return [...effects, word, ...applied, ...answerWaiting(state)];
}

function stage(state: HomeState, { attempt, sv, patches }: Message<'stage'>): Effect[] {
  if (sv === null && attempt.number <= (state.arrivals.get(attempt.runner) ?? 0)) return [];
  if (sv === null) state.copying?.arrivals.push(attempt);
  if (state.store.stage(attemptKey(attempt), sv, patches))
    return [log({ type: 'staged', home: state.id, attempt, sv, patches })];
  sometimes('a stage is heard twice, or too late');
  return [];
}

/** Whether a message stems from a master that has been replaced. */
function superseded(state: HomeState, epoch: Epoch): boolean {
  if (epoch < state.epoch) return true;
  state.epoch = epoch;
  return false;
}

function decide(state: HomeState, message: Message<'decide'>): Step<HomeState> {
  if (state.copying === null && message.version <= state.store.applied) {
    sometimes('a decision is heard twice');
    return [state];
  }
  state.early.set(message.previous, message);
  if (state.copying === null) return [state, ...catchUp(state)];
  sometimes('a decision comes while its home is copied');
  return [state];
}

/** Applies what follows what is applied, and answers who has waited for it. */
function catchUp(state: HomeState): Effect[] {
  return [...applyEarly(state), ...answerWaiting(state)];
}

function applyEarly(state: HomeState): Effect[] {
  const effects: Effect[] = [];
  for (let next = state.early.get(state.store.applied); next; next = state.early.get(state.store.applied)) {
    state.early.delete(next.previous);
    const key = next.attempt === null ? null : attemptKey(next.attempt);
    effects.push(...writeThrough(state, state.store.decide(key, next.version, next.record)));
    if (next.attempt !== null && next.attempt.runner < FIRST_RUNNER_ID)
      state.arrivals.set(next.attempt.runner, next.attempt.number);
  }
  return effects;
}

function answerWaiting(state: HomeState): Effect[] {
  const effects: Effect[] = [];
  const ready = state.waiting.filter((fetch) => fetch.needs <= state.store.applied);
  if (ready.length > 0) {
    state.waiting = state.waiting.filter((fetch) => fetch.needs > state.store.applied);
    for (const fetch of ready) effects.push(...answer(state, fetch));
  }
  const pulls = state.pulls.filter((pull) => pull.needs <= state.store.applied);
  if (pulls.length > 0) {
    state.pulls = state.pulls.filter((pull) => pull.needs > state.store.applied);
    for (const pull of pulls) effects.push(...pulled(state, pull));
  }
  return [...effects, ...settled(state)];
}

/** Committed bytes of output files, as they stand after the commit: a merge word is the sum, not the summand. */
function writeThrough(state: HomeState, patches: readonly PagePatch[]): Effect[] {
  if (state.map.outputs.length === 0) return [];
  return state.map.outputs.flatMap((file) =>
    patches.flatMap(({ page, runs }) =>
      runs.flatMap(({ address, bytes }) => {
        const [common] = intersect([file], [{ base: address, length: bytes.length }]);
        if (common === undefined) return [];
        const sequence = (state.fileWrites.get(file.io) ?? 0) + 1;
        state.fileWrites.set(file.io, sequence);
        return send(addressOf('io', file.io), {
          type: 'write',
          home: state.id,
          sequence,
          address: common.base,
          bytes: current(state, page, common),
        });
      }),
    ),
  );
}

function current(state: HomeState, page: number, range: Range): Uint8Array {
  const now = state.store.read(page, state.store.applied);
  const offset = range.base - page * state.config.pageSize;
  if (now === 'below-floor' || now.bytes === null) return new Uint8Array(range.length);
  return now.bytes.slice(offset, offset + range.length);
}

/** Pages that need a file's bytes are answered by themselves, once the file has been read. */
function answer(state: HomeState, fetch: Message<'fetch'>): Effect[] {
  const ready: FetchedPage[] = [];
  const effects: Effect[] = [];
  for (const request of fetch.pages) {
    const files = state.files.under(request.page);
    if (files.length === 0) ready.push(read(state, request, fetch.at));
    else effects.push(...readFiles(state, { ...fetch, pages: [request] }, request, files));
  }
  if (ready.length > 0) effects.unshift(fetched(state, fetch, ready));
  return effects;
}

function readFiles(
  state: HomeState,
  fetch: Message<'fetch'>,
  request: PageRequest,
  files: readonly MappedFile[],
): Effect[] {
  const first = state.files.wait(request.page, fetch);
  if (!first) return [];
  return files.map((file) =>
    send(addressOf('io', file.io), {
      type: 'read',
      from: state.self,
      page: request.page,
    }),
  );
}

function fileBytes(state: HomeState, { io, page, bytes }: Message<'bytes'>): Effect[] {
  const complete = state.files.arrived(io, page, bytes);
  if (complete === null) return [];
  return complete.waiting.map((fetch) => {
    const versioned = read(state, { page, have: -1 }, fetch.at);
    if (versioned.state === 'too-old') return fetched(state, fetch, [versioned]);
    const content = complete.overlay(versioned.bytes);
    return fetched(state, fetch, [
      {
        page,
        state: 'bytes',
        bytes: content,
        from: versioned.from,
        through: complete.whole ? FOR_EVER : versioned.through,
      },
    ]);
  });
}

function read(state: HomeState, { page, have }: PageRequest, at: Version): FetchedPage {
  const found = state.store.read(page, at);
  if (found === 'below-floor') return { page, state: 'too-old', bytes: NOTHING, from: 0, through: 0 };
  const { from } = found;
  // Nothing newer is known here, and nothing between applied and `at` concerns this home: it holds through both.
  const through = Math.min(found.through, Math.max(state.store.applied, at));
  if (have === from) return { page, state: 'same', bytes: NOTHING, from, through };
  if (found.bytes === null) return { page, state: 'zero', bytes: NOTHING, from, through };
  return { page, state: 'bytes', bytes: found.bytes, from, through };
}

const NOTHING = new Uint8Array(0);

function fetched(state: HomeState, { from, at }: Message<'fetch'>, pages: readonly FetchedPage[]): Effect {
  return reply(from, { type: 'fetched', home: state.id, at, pages });
}

function settled(state: HomeState): Effect[] {
  const { settling } = state;
  if (settling === null || !hasApplied(state, settling)) return [];
  state.settling = null;
  const { writes } = contentsOf(state);
  return [send(addressOf('master'), { type: 'settled', home: state.id, version: settling, writes })];
}
