/**
 * A machine made anew from what went into its log: the actors that hold something others need, as they would be if all
 * that was decided had been decided one after the other. Whoever was running runs again.
 */

import { invariant } from '../invariant.ts';
import { homeOf } from '../memory/directory.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { PatchRun } from '../memory/patch.ts';
import type { Version } from '../memory/version.ts';
import { type Actor, addressOfInit, born, living } from './actor.ts';
import { type Address, addressOf, nameOfAddress } from './address.ts';
import { attemptOfArrival } from './arrivals.ts';
import type { Effect } from './behaviour.ts';
import { type Checkpoint, checkpointOf, resumeMaster } from './checkpoint.ts';
import { type AttemptId, attemptKey, type ControlBlock, type Epoch } from './control-block.ts';
import type { Decided } from './decided.ts';
import { countLoss, decide, finish } from './deciding.ts';
import { cancel, settled } from './ending.ts';
import type { Init, PageImage } from './init.ts';
import { createIo, receiveAsIo } from './io.ts';
import { createMaster, receiveAsMaster } from './master.ts';
import type { MasterState, Out } from './master-state.ts';
import { createHome, type HomeState, receiveAsHome, resumeHome } from './page-home.ts';
import type { ActorKind, MessageTo, ToMaster } from './protocol.ts';
import { decideArrival } from './rounds.ts';
import type { RunnerRecord } from './runner-record.ts';
import { raiseFloor } from './scheduling.ts';
import type { SchedulingPolicy } from './scheduling-policy.ts';
import { createSignals, receiveAsSignals } from './signals.ts';
import type { RunnerState, TraceEvent } from './trace-event.ts';
import { createWatcher, receiveAsWatcher, type WatcherState } from './watcher.ts';
import { activate } from './watching.ts';

export interface ReplayOptions {
  /** Of all actors, as `boot` has made them. */
  readonly inits: readonly Init[];
  readonly entry: ControlBlock;
  /** Where it begins; null: before the first record. */
  readonly from: Beginning | null;
  /** Empty; becomes the new master's own. Default: first in, first out. */
  readonly policy?: SchedulingPolicy;
  readonly onTrace: (event: TraceEvent) => void;
  readonly toDevice: (io: number, message: MessageTo['device']) => void;
}

/** A checkpoint, and the pages as of then that are not as the program's file has them. */
export interface Beginning {
  readonly checkpoint: Checkpoint;
  readonly pages: Iterable<PageImage>;
}

/** An actor that goes on from where the log ends. */
export interface Revived {
  readonly init: Init;
  readonly actor: Actor;
}

type Staged = Extract<Decided, { type: 'staged' }>;

/** Finished runners that may be left in the pool. */
const LEFT_OVER = 1_000;

const INPUT_LOST = 'standard input had not ended, and did not outlive the process';

export class Replayer {
  readonly #options: ReplayOptions;
  readonly #master: MasterState;
  readonly #homes: HomeState[] = [];
  readonly #watchers = new Map<RunnerId, WatcherState>();
  readonly #revived = new Map<string, Revived>();
  /** What homes held for attempts that were not decided so far. */
  readonly #staged = new Map<string, Staged[]>();
  /** Messages among those that are made anew, in the order of sending. */
  #mail: { readonly to: Address; readonly message: MessageTo[ActorKind] }[] = [];
  /** What signals have come to, by system word. */
  readonly #signals = new Map<number, number>();
  /** Pages that were written since they were last asked for. */
  readonly #changed = new Set<number>();

  constructor(options: ReplayOptions) {
    this.#options = options;
    const { inits, entry, from } = options;
    let master: MasterState | null = null;
    for (const init of inits) {
      if (init.kind === 'master') {
        [master] = createMaster(init, options.policy);
        this.#revive(init, living(master, receiveAsMaster));
      } else if (init.kind === 'home') this.#reviveHome(init, from);
      else if (init.kind === 'io') this.#reviveIo(init, from);
    }
    this.#master = master!;
    const [, ...effects] = receiveAsMaster(this.#master, { type: 'run', client: addressOf('client'), entry });
    this.#carryOut(effects);
    // The client of the new process is still to come: it hears also of a program that has ended by then.
    this.#master.client = null;
    if (from !== null) this.#resume(from.checkpoint, entry.id);
  }

  /** The newest version. */
  get version(): Version {
    return this.#master.version;
  }

  /** The newest version that touched each home. */
  get homes(): readonly Version[] {
    return this.#master.homes;
  }

  /** What `homes` of then would answer about the page's newest content; null is the zero page. */
  pageAt(page: number): Uint8Array | null {
    const { homes } = this.#master.config;
    const found = this.#homes[homeOf(page, homes)]!.store.read(page, this.#master.version);
    return found === 'below-floor' ? null : found.bytes;
  }

  /** Whether it can begin anew from here: a program that was closed only has to end. */
  get mayBegin(): boolean {
    return this.#master.phase === 'running';
  }

  /** All that was decided so far, but for pages. */
  checkpoint(): Checkpoint {
    return {
      ...checkpointOf(this.#master, this.#homes, this.#watchers.values()),
      signals: [...this.#signals].map(([address, count]) => ({ word: address, count })),
      staged: [...this.#staged.values()].flat(),
    };
  }

  /** Pages that were written since the last time that this was asked, as they are now. */
  takeChanged(): PageImage[] {
    const pages = [...this.#changed].flatMap((page) => {
      const bytes = this.pageAt(page);
      return bytes === null ? [] : [{ page, bytes }];
    });
    this.#changed.clear();
    return pages;
  }

  heed(entry: Decided): void {
    const out: Out = [];
    this.#decide(entry, out);
    this.#carryOut(out);
    const { pool, live } = this.#master;
    if (pool.length > 2 * live + LEFT_OVER) this.#sweep();
  }

  /**
   * The actors that hold something; agents and RComps are not among them, and begin anew. `epoch`: of the new master, above
   * all before. Nothing more can be heeded.
   */
  end(epoch: Epoch): Revived[] {
    const master = this.#master;
    master.epoch = epoch;
    this.#cutInput();
    this.#sweep();
    for (const { init } of [...this.#revived.values()])
      if (init.kind === 'io' && init.io.type === 'signals') {
        const number = master.inputs.get(init.id)?.number ?? 0;
        const birth = createSignals(init.id, init.config, number, this.#signals);
        this.#revive(init, born(birth, receiveAsSignals).actor);
      }
    return [...this.#revived.values()];
  }

  #decide(entry: Decided, out: Out): void {
    const master = this.#master;
    switch (entry.type) {
      case 'staged':
        this.#hold(entry);
        break;
      case 'committed': {
        const { attempt, end } = entry;
        const record = this.#recordOf(attempt.runner);
        master.epoch = attempt.epoch;
        record.attempts = attempt.number;
        this.#stage(attempt, end.homes);
        decide(master, record, end, out);
        break;
      }
      case 'finished':
        finish(master, this.#recordOf(entry.runner), entry.ending, out);
        break;
      case 'lost':
        countLoss(master, this.#recordOf(entry.runner), out);
        break;
      case 'arrived': {
        const { io, number } = entry;
        const attempt = attemptOfArrival(io, number);
        const input = master.inputs.get(io)!;
        input.number = number;
        if (input.stream === null) this.#count(attempt, entry.homes);
        this.#stage(attempt, entry.homes);
        decideArrival(master, input, entry, out);
        break;
      }
      case 'floor':
        raiseFloor(master, entry.floor, out);
        this.#forget(entry.floor);
        break;
      case 'closed':
        master.ending.error = entry.error;
        cancel(master, entry.status, out);
        break;
    }
  }

  /** Replayed commits take no runner out of the pool: those that have finished are still in it, and come out here. */
  #sweep(): void {
    const { pool, round } = this.#master;
    const waiting = new Set(
      [...(round?.queue.drain() ?? []), ...pool.drain()].filter((record) =>
        isSchedulable(this.#master, record),
      ),
    );
    if (round !== null) round.open = 0;
    for (const record of waiting) pool.push(record);
  }

  /** Danger: a program that took the end of what had come for the end of its input would answer wrongly. */
  #cutInput(): void {
    const isCut = [...this.#master.inputs.values()].some(({ stream, open }) => stream !== null && open);
    if (!isCut || this.#master.phase !== 'running') return;
    const out: Out = [];
    this.#master.ending.error ||= INPUT_LOST;
    cancel(this.#master, 'failed', out);
    this.#carryOut(out);
  }

  #reviveHome(init: Extract<Init, { kind: 'home' }>, from: Beginning | null): void {
    const kept = from?.checkpoint.homes[init.id];
    const changed = new Map<number, Uint8Array>();
    for (const { page, bytes } of from?.pages ?? [])
      if (homeOf(page, init.config.homes) === init.id) changed.set(page, bytes);
    const [state] = createHome({
      ...init,
      image: (init.image ?? []).filter(({ page }) => !changed.has(page)),
    });
    if (from !== null && kept !== undefined) {
      // Danger: attempts that began above the floor may still be decided, but there is nothing any more for them to read.
      resumeHome(state, { ...kept, floor: from.checkpoint.floor });
      for (const [page, bytes] of changed) state.store.load(page, bytes, kept.applied);
    }
    this.#homes[init.id] = state;
    this.#revive(init, living(state, receiveAsHome));
  }

  #reviveIo(init: Extract<Init, { kind: 'io' }>, from: Beginning | null): void {
    const [state] = createIo(init);
    if (from !== null && state.kind === 'output') {
      const { channels, homes } = from.checkpoint;
      state.offset = channels.find(({ io }) => io === init.id)?.offset ?? 0;
      for (const [home, { writes }] of homes.entries())
        for (const { io, count } of writes) if (io === init.id) state.writes.set(home, count);
    }
    this.#revive(init, living(state, receiveAsIo));
  }

  #reviveWatcher(init: Extract<Init, { kind: 'watcher' }>): WatcherState {
    const [state] = createWatcher(init);
    this.#watchers.set(init.id, state);
    this.#revive(init, living(state, receiveAsWatcher));
    return state;
  }

  #resume(checkpoint: Checkpoint, entry: RunnerId): void {
    resumeMaster(this.#master, checkpoint);
    for (const { id, ranges, since, activation, watching } of checkpoint.watchers) {
      const state = this.#reviveWatcher({ kind: 'watcher', id, ranges, since });
      state.activation = activation;
      state.watching = watching;
    }
    for (const { word, count } of checkpoint.signals) this.#signals.set(word, count);
    for (const staged of checkpoint.staged) this.#hold(staged);
    for (const { control, isSchedulable } of checkpoint.runners)
      this.#tell(control.id, isSchedulable ? 'schedulable' : 'watching');
    if (!this.#master.runners.has(entry)) this.#tell(entry, 'finished');
  }

  #tell(runner: RunnerId, state: RunnerState): void {
    this.#options.onTrace({ type: 'runner', runner, state, end: null });
  }

  #hold(entry: Staged): void {
    const key = attemptKey(entry.attempt);
    this.#staged.set(key, [...(this.#staged.get(key) ?? []), entry]);
  }

  #recordOf(runner: RunnerId): RunnerRecord {
    const record = this.#master.runners.get(runner);
    if (record === undefined) throw new Error(`the log decides about runner ${runner}, which is not there`);
    return record;
  }

  /**
   * What homes hold for it, the newest of each. Danger: an arrival that was staged and not decided when a process died has
   * the number of the one that the next process staged.
   */
  #heldFor(attempt: AttemptId, homes: readonly number[]): Staged[] {
    const held = this.#staged.get(attemptKey(attempt)) ?? [];
    return homes.flatMap((home) => held.findLast((staged) => staged.home === home) ?? []);
  }

  /** The homes hold what the attempt has staged; it is about to be decided. */
  #stage(attempt: AttemptId, homes: readonly number[]): void {
    const key = attemptKey(attempt);
    for (const { home, sv, patches } of this.#heldFor(attempt, homes)) {
      for (const { page } of patches) this.#changed.add(page);
      this.#actorAt(addressOf('home', home))?.receive({
        type: 'stage',
        from: addressOf('rcomp', 0),
        replica: this.#homes[home]!.replica,
        attempt,
        sv,
        patches,
      });
    }
    this.#staged.delete(key);
  }

  /** Words of eight bytes each, as the signals actor writes them. */
  #count(attempt: AttemptId, homes: readonly number[]): void {
    const runs = this.#heldFor(attempt, homes).flatMap(({ patches }) =>
      patches.flatMap((patch): readonly PatchRun[] => patch.runs),
    );
    for (const { address, bytes } of runs)
      for (let at = 0; at < bytes.length; at += 8)
        this.#signals.set(
          address + at,
          Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true)),
        );
  }

  #forget(floor: Version): void {
    for (const [key, staged] of this.#staged)
      if (staged.every(({ sv }) => sv !== null && sv < floor)) this.#staged.delete(key);
  }

  #revive(init: Init, actor: Actor): void {
    this.#revived.set(nameOfAddress(addressOfInit(init)), { init, actor });
  }

  #actorAt(address: Address): Actor | undefined {
    return this.#revived.get(nameOfAddress(address))?.actor;
  }

  #carryOut(effects: readonly Effect[], self: Address = addressOf('master')): void {
    this.#perform(self, effects);
    for (let next = this.#mail.shift(); next !== undefined; next = this.#mail.shift())
      this.#deliver(next.to, next.message);
  }

  #perform(self: Address, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#mail.push(effect);
          break;
        case 'spawn':
          invariant(effect.init.kind === 'watcher', 'only watchers are born of decisions');
          this.#reviveWatcher(effect.init);
          break;
        case 'stop':
          this.#revived.delete(nameOfAddress(self));
          if (self.kind === 'watcher') this.#watchers.delete(self.id as RunnerId);
          break;
        case 'trace':
          this.#options.onTrace(effect.event);
          break;
        case 'log':
          break;
      }
    }
  }

  #deliver(to: Address, message: MessageTo[ActorKind]): void {
    switch (to.kind) {
      case 'master':
        this.#tellMaster(message as ToMaster);
        break;
      case 'home':
        if (message.type === 'decide') for (const { page } of message.record) this.#changed.add(page);
        this.#perform(to, this.#actorAt(to)?.receive(message) ?? []);
        break;
      case 'watcher':
        this.#perform(to, this.#actorAt(to)?.receive(message) ?? []);
        break;
      case 'io':
        // Streams and signals begin anew; what they are told here is told of arrivals that they do not wait for.
        if (message.type === 'output' || message.type === 'write' || message.type === 'flush')
          this.#perform(to, this.#actorAt(to)?.receive(message) ?? []);
        break;
      case 'device':
        this.#options.toDevice(Number(to.id), message as MessageTo['device']);
        break;
      case 'agent':
      case 'rcomp':
      case 'compartment':
      case 'client':
        break;
    }
  }

  #tellMaster(message: ToMaster): void {
    const out: Out = [];
    if (message.type === 'activate') activate(this.#master, message.watcher, message.activation, out);
    if (message.type === 'settled') settled(this.#master, message, out);
    this.#perform(addressOf('master'), out);
  }
}

function isSchedulable({ runners }: MasterState, record: RunnerRecord): boolean {
  return record.state === 'schedulable' && runners.get(record.control.id) === record;
}
