/**
 * The actors of a machine that hold something others need, made anew: as they begin, or as a checkpoint tells. What they say
 * to each other arrives at once; who runs is not among them, and neither is the outside.
 */

import { invariant } from '../invariant.ts';
import { homeOf } from '../memory/directory.ts';
import type { RunnerId } from '../memory/ids.ts';
import { type Actor, addressOfInit, born, living } from './actor.ts';
import { type Address, addressOf, nameOfAddress } from './address.ts';
import type { Effect } from './behaviour.ts';
import { type Checkpoint, resumeMaster } from './checkpoint.ts';
import type { Decided } from './decided.ts';
import { settled } from './ending.ts';
import type { Init, PageImage } from './init.ts';
import { createIo, receiveAsIo } from './io.ts';
import { createMaster, receiveAsMaster } from './master.ts';
import type { MasterState, Out } from './master-state.ts';
import { createHome, type HomeState, receiveAsHome, resumeHome } from './page-home.ts';
import type { ActorKind, MessageTo, ToMaster } from './protocol.ts';
import type { SchedulingPolicy } from './scheduling-policy.ts';
import { createSignals, receiveAsSignals } from './signals.ts';
import type { TraceEvent } from './trace-event.ts';
import { createWatcher, receiveAsWatcher, type WatcherState } from './watcher.ts';
import { activate } from './watching.ts';

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

export interface ReviveOptions {
  /** Of all actors, as `boot` has made them. */
  readonly inits: readonly Init[];
  /** Null: as the machine begins. */
  readonly from: Beginning | null;
  /** Empty; becomes the new master's own. Default: first in, first out. */
  readonly policy?: SchedulingPolicy;
  readonly onTrace: (event: TraceEvent) => void;
  readonly toDevice: (io: number, message: MessageTo['device']) => void;
}

export class RevivedActors {
  readonly #options: ReviveOptions;
  readonly #all = new Map<string, Revived>();
  readonly master: MasterState;
  readonly homes: HomeState[] = [];
  readonly #watchers = new Map<RunnerId, WatcherState>();
  /** Messages among them, in the order of sending. */
  #mail: { readonly to: Address; readonly message: MessageTo[ActorKind] }[] = [];
  /** Pages that were written since this was last cleared. */
  readonly changed = new Set<number>();

  constructor(options: ReviveOptions) {
    this.#options = options;
    const { inits, from } = options;
    let master: MasterState | null = null;
    for (const init of inits) {
      if (init.kind === 'master') {
        [master] = createMaster(init, options.policy);
        this.#add(init, living(master, receiveAsMaster));
      } else if (init.kind === 'home') this.#reviveHome(init, from);
      else if (init.kind === 'io') this.#reviveIo(init, from);
    }
    this.master = master!;
  }

  get all(): Revived[] {
    return [...this.#all.values()];
  }

  get watchers(): Iterable<WatcherState> {
    return this.#watchers.values();
  }

  /** The master and the watchers go on from there; homes and I/O actors were made from it. */
  resume(checkpoint: Checkpoint): void {
    resumeMaster(this.master, checkpoint);
    for (const { id, ranges, since, activation, watching } of checkpoint.watchers) {
      const state = this.#reviveWatcher({ kind: 'watcher', id, ranges, since });
      state.activation = activation;
      state.watching = watching;
    }
  }

  /** What signals have come to, by system word: they go on from there. */
  resumeSignals(counts: ReadonlyMap<number, number>): void {
    for (const { init } of this.all)
      if (init.kind === 'io' && init.io.type === 'signals') {
        const number = this.master.inputs.get(init.id)?.number ?? 0;
        const birth = createSignals(init.id, init.config, number, counts);
        this.#add(init, born(birth, receiveAsSignals).actor);
      }
  }

  /** A home holds what an attempt has staged that is about to be decided. */
  stage({ home, attempt, sv, patches }: Extract<Decided, { type: 'staged' }>): void {
    for (const { page } of patches) this.changed.add(page);
    const { replica } = this.homes[home]!;
    const from = addressOf('rcomp', 0);
    this.#at(addressOf('home', home))?.receive({ type: 'stage', from, replica, attempt, sv, patches });
  }

  /** Carries out what the master does, and all that comes of it. */
  carryOut(effects: readonly Effect[]): void {
    this.#perform(addressOf('master'), effects);
    for (let next = this.#mail.shift(); next !== undefined; next = this.#mail.shift())
      this.#deliver(next.to, next.message);
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
    this.homes[init.id] = state;
    this.#add(init, living(state, receiveAsHome));
  }

  #reviveIo(init: Extract<Init, { kind: 'io' }>, from: Beginning | null): void {
    const [state] = createIo(init);
    if (from !== null && state.kind === 'output') {
      const { channels, homes } = from.checkpoint;
      state.offset = channels.find(({ io }) => io === init.id)?.offset ?? 0;
      for (const [home, { writes }] of homes.entries())
        for (const { io, count } of writes) if (io === init.id) state.writes.set(home, count);
    }
    this.#add(init, living(state, receiveAsIo));
  }

  #reviveWatcher(init: Extract<Init, { kind: 'watcher' }>): WatcherState {
    const [state] = createWatcher(init);
    this.#watchers.set(init.id, state);
    this.#add(init, living(state, receiveAsWatcher));
    return state;
  }

  #add(init: Init, actor: Actor): void {
    this.#all.set(nameOfAddress(addressOfInit(init)), { init, actor });
  }

  #at(address: Address): Actor | undefined {
    return this.#all.get(nameOfAddress(address))?.actor;
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
          this.#all.delete(nameOfAddress(self));
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
        if (message.type === 'decide') for (const { page } of message.record) this.changed.add(page);
        this.#perform(to, this.#at(to)?.receive(message) ?? []);
        break;
      case 'watcher':
        this.#perform(to, this.#at(to)?.receive(message) ?? []);
        break;
      case 'io':
        // Streams and signals begin anew; what they are told here is told of arrivals that they do not wait for.
        if (message.type === 'output' || message.type === 'write' || message.type === 'flush')
          this.#perform(to, this.#at(to)?.receive(message) ?? []);
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
    if (message.type === 'activate') activate(this.master, message.watcher, message.activation, out);
    if (message.type === 'settled') settled(this.master, message, out);
    this.#perform(addressOf('master'), out);
  }
}
