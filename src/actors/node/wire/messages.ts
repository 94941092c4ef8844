/** The shape of every message of the protocol. A field that the protocol gains does not compile until it is here. */

import { FAULT_CAUSES, type Fault, type FaultCause } from '../../../isa/fault.ts';
import type { Channel } from '../../../isa/layout.ts';
import type { MergeType } from '../../../memory/merge.ts';
import type { KeptPage } from '../../../memory/page-store.ts';
import type { PagePatch, PatchRun } from '../../../memory/patch.ts';
import type { Range } from '../../../memory/ranges.ts';
import type { Span } from '../../../memory/span.ts';
import type { ActorKind, Address } from '../../address.ts';
import type { AttemptId, ControlBlock, HeapRange, ImageRun } from '../../control-block.ts';
import type { Places, Replica } from '../../places.ts';
import type {
  Assignment,
  AttemptEnd,
  FetchedPage,
  HomeContents,
  HomeReplica,
  HomeVersion,
  MessageTo,
  News,
  Outcome,
  Output,
  PageRequest,
  RunnerEnd,
  SnapshotPage,
  ToAgent,
  ToClient,
  ToCompartment,
  ToDevice,
  ToHome,
  ToIo,
  ToMaster,
  ToRComp,
  ToWatcher,
} from '../../protocol.ts';
import type { Counts, Summary, WaitingWatcher } from '../../summary.ts';
import type { ObservedLoad } from '../../trace-event.ts';
import {
  bytes,
  choice,
  count,
  flag,
  id,
  integer,
  list,
  nullable,
  records,
  type Schema,
  struct,
  text,
  variants,
  word,
} from './schema.ts';

const mergeType = choice<MergeType>()(0, 1, 2, 3, 4, 5, 6);
export const range = struct<Range>({ base: count, length: count });
export const span = struct<Span>({ base: count, length: count, merge: mergeType });
const heapRange = struct<HeapRange>({ base: count, length: count, merge: mergeType });
const imageRun = struct<ImageRun>({ address: count, bytes });
const patchRun = struct<PatchRun>({ address: count, bytes, merge: mergeType });
export const pagePatch = struct<PagePatch>({ page: count, runs: list(patchRun) });

export const attempt = struct<AttemptId>({ runner: word, epoch: count, number: count });

export const control = struct<ControlBlock>({
  id: word,
  parent: word,
  index: count,
  fi: count,
  stack: range,
  heap: list(heapRange),
  watcher: flag,
  watched: list(range),
  persistent: flag,
  serializable: flag,
  status: nullable(count),
  image: list(imageRun),
});

export const fault = struct<Fault>({
  cause: choice<FaultCause>()(...FAULT_CAUSES),
  pc: count,
  address: nullable(word),
  detail: text,
});

const output = struct<Output>({ channel: choice<Channel>()('stdout', 'stderr'), bytes });

export const attemptEnd = variants<AttemptEnd>({
  commit: {
    sv: count,
    spans: list(span),
    reads: list(range),
    children: list(control),
    output: list(output),
    homes: list(count),
    generation: count,
    detach: flag,
    executed: count,
  },
  abort: { sv: count, detach: flag, executed: count },
  fault: { sv: count, fault, executed: count },
  'snapshot-too-old': { sv: count },
  lost: { sv: count },
});

const observedLoad = struct<ObservedLoad>({ address: count, size: count, bits: word });

const outcome = variants<Outcome>({
  commit: {
    patches: list(pagePatch),
    reads: list(range),
    children: list(control),
    output: list(output),
    detach: flag,
    executed: count,
  },
  abort: { detach: flag, executed: count },
  fault: { fault, executed: count },
});

const homeVersion = struct<HomeVersion>({ home: count, version: count });
const news = struct<News>({ readable: count, touched: list(homeVersion) });
const assignment = struct<Assignment>({ attempt, control, at: count, exact: flag });
const snapshotPage = struct<SnapshotPage>({ page: count, bytes: nullable(bytes) });
const pageRequests = records<PageRequest>({ page: count, have: integer(-1, Number.MAX_SAFE_INTEGER) });
const fetchedPages = records<FetchedPage>({
  page: count,
  state: choice<FetchedPage['state']>()('bytes', 'zero', 'same', 'too-old'),
  bytes,
  from: count,
  through: count,
});

const homeReplica = struct<HomeReplica>({ home: count, replica: count });
const replica = struct<Replica>({ node: count, replica: count, ready: flag });
const places = struct<Places>({ generation: count, homes: list(list(replica)), lost: list(count) });

export const homeContents = struct<HomeContents>({
  applied: count,
  floor: count,
  arrivals: list(struct({ writer: word, number: count })),
  writes: list(struct({ io: count, count })),
});

const keptPage = struct<KeptPage>({
  page: count,
  versions: list(struct({ from: count, bytes: nullable(bytes) })),
});

const toMaster = variants<ToMaster>({
  run: { client: addressTo('client'), entry: control },
  cancel: {},
  join: { agent: addressTo('agent'), incarnation: count, rcomps: count },
  'agent-lost': { agent: addressTo('agent'), incarnation: count },
  leave: { client: addressTo('client'), agent: addressTo('agent'), incarnation: count },
  ends: { agent: addressTo('agent'), ends: list(struct({ attempt, end: attemptEnd })) },
  returned: { agent: addressTo('agent'), attempts: list(attempt) },
  activate: { watcher: word, activation: count },
  arrival: { io: count, number: count, spans: list(span), homes: list(count), generation: count, last: flag },
  kept: { agent: addressTo('agent'), incarnation: count, replicas: list(homeReplica) },
  copied: { home: count, replica: count },
  retired: { home: count, replica: count },
  stalled: { io: count, consumed: count },
  settled: { home: count, version: count, writes: list(struct({ io: count, count })) },
  flushed: { io: count, error: nullable(text) },
  congested: { io: count, changes: count },
  'io-failed': { io: count, error: text },
});

const toAgent = variants<ToAgent>({
  dispatch: { epoch: count, incarnation: count, batch: count, news, assignments: list(assignment) },
  news: { epoch: count, news },
  recall: { epoch: count },
  places: { epoch: count, places },
  keep: { epoch: count, incarnation: count, replicas: list(homeReplica) },
  revoke: { epoch: count, attempt },
  need: { rcomp: count, attempt, number: count, pages: list(count) },
  ended: { rcomp: count, attempt, end: attemptEnd },
  fetched: { home: count, at: count, pages: fetchedPages },
  'rcomp-lost': { rcomp: count },
  flush: {},
});

const toRComp = variants<ToRComp>({
  start: { sequence: count, attempt, control, sv: count, pages: list(snapshotPage) },
  pages: { attempt, number: count, pages: list(snapshotPage) },
  'too-old': { attempt },
  stop: { attempt },
  slice: { attempt },
  'compartment-needs': { attempt, pages: list(count) },
  'compartment-ended': { attempt, outcome: nullable(outcome), loads: list(observedLoad) },
  staged: { replica: count, attempt },
  places: { places },
});

const toHome = variants<ToHome>({
  fetch: { from: addressTo('agent', 'client', 'io'), pages: pageRequests, at: count, needs: count },
  stage: {
    from: addressTo('rcomp', 'io'),
    replica: count,
    attempt,
    sv: nullable(count),
    patches: list(pagePatch),
  },
  decide: {
    epoch: count,
    attempt: nullable(attempt),
    version: count,
    previous: count,
    record: list(pagePatch),
  },
  drop: { epoch: count, attempt },
  floor: { epoch: count, floor: count },
  settle: { version: count },
  bytes: { io: count, page: count, bytes },
  copy: { epoch: count, replica: count, copy: count, source: nullable(addressTo('home')), needs: count },
  pull: { from: addressTo('home'), replica: count, copy: count, part: count, needs: count },
  part: { copy: count, part: count, last: flag, contents: homeContents, pages: list(keptPage) },
  release: { replica: count },
  retire: { epoch: count, replica: count },
});

const toWatcher = variants<ToWatcher>({
  committed: { version: count, spans: list(span) },
  finished: { activation: count, since: nullable(count) },
});

const toIo = variants<ToIo>({
  output: { version: count, offset: count, bytes },
  write: { home: count, sequence: count, address: count, bytes },
  flush: { writes: count },
  'device-full': { isFull: flag },
  'device-flushed': {},
  'device-failed': { error: text },
  read: { from: addressTo('home'), page: count },
  'device-bytes': { offset: count, bytes },
  input: { offset: count, bytes },
  'input-ended': {},
  staged: { replica: count, attempt },
  places: { places },
  arrived: { number: count, version: count },
  consumed: { version: count },
  fetched: { home: count, at: count, pages: fetchedPages },
  signal: { word: count },
});

const toCompartment = variants<ToCompartment>({
  execute: { attempt, control, sv: count, pages: list(snapshotPage) },
  supply: { attempt, pages: list(snapshotPage) },
  cancel: { attempt },
});

const toDevice = variants<ToDevice>({
  'device-write': { offset: count, bytes },
  'device-read': { offset: count, length: count },
  'device-flush': {},
  'device-credit': { bytes: count },
});

export const runnerEnd = choice<RunnerEnd>()('committed', 'aborted', 'faulted', 'conflict');

const counts = struct<Counts>({
  committed: count,
  aborted: count,
  faulted: count,
  conflicts: count,
  retries: count,
  watching: count,
});

const waitingWatcher = struct<WaitingWatcher>({
  id: word,
  fi: count,
  ranges: list(range),
  writers: list(word),
  ended: flag,
});

const summary = struct<Summary>({
  status: choice<Summary['status']>()('done', 'cancelled', 'failed'),
  error: text,
  version: count,
  homes: list(count),
  entry: nullable(runnerEnd),
  counts,
  faults: list(struct({ runner: word, fault })),
  watchers: list(waitingWatcher),
});

const toClient = variants<ToClient>({
  done: { summary },
  left: { agent: addressTo('agent'), incarnation: count },
  fetched: { home: count, at: count, pages: fetchedPages },
});

export const MESSAGES: { readonly [K in ActorKind]: Schema<MessageTo[K]> } = {
  master: toMaster,
  agent: toAgent,
  rcomp: toRComp,
  home: toHome,
  watcher: toWatcher,
  io: toIo,
  compartment: toCompartment,
  device: toDevice,
  client: toClient,
};

/** An address of one of these kinds. */
function addressTo<K extends ActorKind>(...kinds: readonly K[]): Schema<{ [One in K]: Address<One> }[K]> {
  return struct<Address<K>>({ node: count, kind: choice<K>()(...(kinds as never)), id }) as unknown as Schema<
    { [One in K]: Address<One> }[K]
  >;
}
