/** The scheduler master's state: runner pool, watcher index, version counter, recent writes, epoch. */

import type { Channel } from '../isa/layout.ts';
import type { RunnerId } from '../memory/ids.ts';
import { LinkedSet } from '../memory/linked-set.ts';
import { Queue } from '../memory/queue.ts';
import { RangeIndex } from '../memory/range-index.ts';
import type { Version } from '../memory/version.ts';
import { WriteHistory } from '../memory/write-history.ts';
import type { Address } from './address.ts';
import { Agents } from './agents.ts';
import type { Effect } from './behaviour.ts';
import type { MachineConfig, MemoryMap, StreamRange } from './config.ts';
import type { Epoch } from './control-block.ts';
import { type Homing, homingAtFirst } from './homing.ts';
import type { Init, IoKind } from './init.ts';
import type { AttemptEnd, RunnerEnd, ToMaster } from './protocol.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { SchedulingPolicy } from './scheduling-policy.ts';
import { Starvation } from './starvation.ts';
import type { Summary } from './summary.ts';
import { VersionLedger } from './version-ledger.ts';

export interface MasterState {
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  epoch: Epoch;
  phase: 'idle' | 'running' | 'settling' | 'flushing' | 'done';
  client: Address<'client'> | null;

  /** The newest decided version; in one step decided and readable. */
  version: Version;
  /** The newest version that touched each home. */
  readonly homes: Version[];
  /** Who keeps their pages. */
  readonly homing: Homing;
  /** Homes, the one that was touched last the newest. */
  readonly touched: LinkedSet<number>;
  readonly history: WriteHistory;
  /** Watchers that wait, by what they watch. */
  readonly index: RangeIndex<RunnerId>;
  readonly ledger: VersionLedger;
  /** The floor that homes have heard of. */
  floor: Version;

  /** Every runner and watcher that has not finished. */
  readonly runners: Map<RunnerId, RunnerRecord>;
  /** Schedulable runners. */
  readonly pool: SchedulingPolicy;
  readonly starvation: Starvation;
  /** Runners whose attempts are out, oldest dispatch first. */
  readonly out: LinkedSet<RunnerRecord>;
  /** Runners whose commits wait for old versions to be collected. */
  readonly capped: Set<RunnerRecord>;
  /** Runners created, schedulable or running, touched watchers among them. */
  live: number;
  /** Touched watchers whose activation has not come yet. */
  notices: number;
  readonly agents: Agents;
  /** The newest incarnation of each node that is known to have died. */
  readonly lostAgents: Map<number, number>;
  readonly round: Round | null;

  readonly inputs: Map<number, Input>;
  readonly channels: ReadonlyMap<Channel, ChannelRecord>;
  /** Of outputs whose outside was full once: how often that has changed. Odd: it is full. */
  readonly congestion: Map<number, number>;
  /** I/O actors to flush at the end. */
  readonly outputs: readonly number[];
  readonly ending: Ending;
  readonly tally: Tally;
}

/** A deterministic round (rule 29). */
export interface Round {
  sv: Version;
  /** Attempts that have not ended. */
  open: number;
  /** Members that no agent has taken yet. */
  readonly queue: Queue<RunnerRecord>;
  /** By attempts that have ended and wait for the round's verdict. */
  readonly ends: Map<RunnerRecord, AttemptEnd>;
  /** Arrivals that wait for the round's end; of each input one at the most. */
  arrivals: Arrival[];
}

export type Arrival = Extract<ToMaster, { type: 'arrival' }>;

/** An input stream or the signals actor. */
export interface Input {
  readonly stream: StreamRange | null;
  /** The newest arrival decided. */
  number: number;
  open: boolean;
  /** The newest commit that moved the cursor, and whether the ring is full all the same. */
  consumed: Version;
  stalled: boolean;
}

export interface ChannelRecord {
  readonly io: number;
  /** Bytes sent so far. */
  offset: number;
}

export interface Ending {
  status: Summary['status'];
  error: string;
  /** The machine's limit of runners is reached: nothing more is begun. */
  overrun: boolean;
  readonly unsettled: Set<number>;
  /** Writes by homes, by output file. */
  readonly writes: Map<number, number>;
  readonly unflushed: Set<number>;
}

export interface Tally {
  entry: RunnerEnd | null;
  committed: number;
  aborted: number;
  faulted: number;
  conflicts: number;
  retries: number;
  readonly faults: Summary['faults'][number][];
}

/** What a step does, in order. */
export type Out = Effect[];

export function masterState(init: Extract<Init, { kind: 'master' }>, pool: SchedulingPolicy): MasterState {
  const { config, map, ios } = init;
  return {
    config,
    map,
    epoch: 1,
    phase: 'idle',
    client: null,
    version: 0,
    homes: Array.from({ length: config.homes }, () => 0),
    homing: homingAtFirst(config, map.loaded),
    touched: new LinkedSet(),
    history: new WriteHistory(),
    index: new RangeIndex(),
    ledger: new VersionLedger(),
    floor: 0,
    runners: new Map(),
    pool,
    starvation: new Starvation(),
    out: new LinkedSet(),
    capped: new Set(),
    live: 0,
    notices: 0,
    agents: new Agents(config.dispatchAhead),
    lostAgents: new Map(),
    round: config.deterministic
      ? { sv: 0, open: 0, queue: new Queue(), ends: new Map(), arrivals: [] }
      : null,
    inputs: new Map(ios.flatMap((io, id) => inputOf(io, id))),
    channels: new Map(
      ios.flatMap((io, id) => (io.type === 'channel' ? [[io.channel, { io: id, offset: 0 }] as const] : [])),
    ),
    congestion: new Map(),
    outputs: ios.flatMap((io, id) => (io.type === 'channel' || io.type === 'out-file' ? [id] : [])),
    ending: {
      status: 'done',
      error: '',
      overrun: false,
      unsettled: new Set(),
      writes: new Map(),
      unflushed: new Set(),
    },
    tally: { entry: null, committed: 0, aborted: 0, faulted: 0, conflicts: 0, retries: 0, faults: [] },
  };
}

function inputOf(io: IoKind, id: number): [number, Input][] {
  const input = (stream: StreamRange | null): [number, Input][] => [
    [id, { stream, number: 0, open: stream !== null, consumed: 0, stalled: false }],
  ];
  switch (io.type) {
    case 'stream':
      return input(io.stream);
    case 'signals':
      return input(null);
    case 'channel':
    case 'in-file':
    case 'out-file':
      return [];
  }
}

/** The end of an attempt that has ended where it ran and waits for its verdict, of its round or of the memory cap. */
export function pendingEnd({ round }: MasterState, record: RunnerRecord): AttemptEnd | null {
  return record.waiting ?? round?.ends.get(record) ?? null;
}
