/**
 * Runs behaviours on nact: a router from addresses to mailboxes, and the carrying out of effects. Nothing here knows
 * what a message means, but for one: an agent must hear that its RComp has died.
 */

import { invariant } from '../../invariant.ts';
import { type Actor, addressOfInit, type Birth } from '../actor.ts';
import { type ActorKind, type Address, addressOf } from '../address.ts';
import type { Effect } from '../behaviour.ts';
import type { Init } from '../init.ts';
import type { MessageTo } from '../protocol.ts';
import type { TraceEvent } from '../trace-event.ts';
import type { Journal } from './journal.ts';
import { type Life, type NactActor, NactSystem, type Nursery } from './nact-actor.ts';

/** The kinds that live on nact; compartments, devices and clients are the outside. */
export const HOSTED_KINDS = ['master', 'agent', 'rcomp', 'home', 'watcher', 'io'] as const;

export type HostedKind = (typeof HOSTED_KINDS)[number];

export type Message = MessageTo[ActorKind];

/** Where actors of the same run live that are not here. */
export interface Abroad {
  isAbroad(to: Address): boolean;
  send(to: Address, message: Message): void;
}

export interface HostOptions {
  /** Gives an actor to an `Init`: `createActor`, or one that plants a bug. */
  readonly create: (init: Init) => Birth;
  readonly toDevice: (id: number, message: MessageTo['device']) => void;
  readonly toCompartment: (id: number, message: MessageTo['compartment']) => void;
  readonly toClient: (id: number, message: MessageTo['client']) => void;
  readonly onTrace: (event: TraceEvent) => void;
  /** A behaviour has thrown, which is our own mistake: the host has stopped all its actors. Called once. */
  readonly onBroken: (error: unknown, at: Address) => void;
  /** An RComp has thrown; a fresh one stands in its place and its agent knows. */
  readonly onRCompLost: (error: unknown, rcomp: Address) => void;
  /** Sees every message as nact hands it to its actor. */
  readonly onDispatch?: (to: Address, message: Message) => void;
  /** Other nodes. Default: all actors of the run live here. */
  readonly abroad?: Abroad;
  /** What is told to the outside waits until all that was decided before is safe there. Default: nothing is kept. */
  readonly journal?: Journal;
}

/** Who lives in an actor of nact. */
interface Resident {
  readonly init: Init;
  readonly actor: Actor;
}

export class Host {
  readonly #options: HostOptions;
  readonly #system = new NactSystem();
  readonly #nurseries: Readonly<Record<HostedKind, Nursery>>;
  readonly #actors: Readonly<Record<HostedKind, Map<number | bigint, NactActor<Resident, Message>>>>;
  readonly #life: Life<Resident, Message> = {
    receive: ({ init, actor }, message) => {
      if (this.#closed) return;
      this.#options.onDispatch?.(addressOfInit(init), message);
      this.#carryOut(init, actor.receive(message));
    },
    crashed: ({ init }, error) => this.#crashed(init, error),
  };
  #closed = false;
  /** Steps in the journal. */
  #logged = 0;
  /** What waits for so many of them to be safe. */
  #held: { readonly steps: number; readonly to: Address; readonly message: Message }[] = [];

  constructor(options: HostOptions) {
    this.#options = options;
    if (options.journal !== undefined) options.journal.onSafe = () => this.#release();
    this.#nurseries = forEachKind((kind) => this.#system.nursery(kind));
    this.#actors = forEachKind(() => new Map());
  }

  /** Creates the actor and carries out the effects of its birth. */
  spawn(init: Init): void {
    const { actor, effects } = this.#options.create(init);
    this.adopt(init, actor);
    this.#carryOut(init, effects);
  }

  /** Takes an actor that is born already, or has lived before. */
  adopt(init: Init, actor: Actor): void {
    const { id } = addressOfInit(init);
    const actors = this.#actors[init.kind];
    invariant(!actors.has(id), 'an address belongs to one living actor');
    actors.set(id, this.#nurseries[init.kind].spawn(String(id), { init, actor }, this.#life));
  }

  /** Messages to the dead are dropped, as those to a stopped host are. */
  send(to: Address, message: Message): void {
    if (this.#closed) return;
    const { abroad, journal } = this.#options;
    if (abroad?.isAbroad(to) === true) abroad.send(to, message);
    else if (journal !== undefined && isOutside(to) && this.#mustWait(journal))
      this.#held.push({ steps: this.#logged, to, message });
    else this.#give(to, message);
  }

  #mustWait({ safe }: Journal): boolean {
    return safe < this.#logged || this.#held.length > 0;
  }

  #release(): void {
    const safe = this.#options.journal?.safe ?? 0;
    const free = this.#held.findIndex(({ steps }) => steps > safe);
    const released = this.#held.splice(0, free === -1 ? this.#held.length : free);
    for (const { to, message } of released) if (!this.#closed) this.#give(to, message);
  }

  #give(to: Address, message: Message): void {
    if (to.kind === 'client') this.#options.toClient(Number(to.id), message as MessageTo['client']);
    else if (to.kind === 'compartment')
      this.#options.toCompartment(Number(to.id), message as MessageTo['compartment']);
    else if (to.kind === 'device') this.#options.toDevice(Number(to.id), message as MessageTo['device']);
    else this.#actors[to.kind].get(to.id)?.send(message);
  }

  /** How many actors live in nact, by kind. */
  liveActors(): Readonly<Record<HostedKind, number>> {
    return forEachKind((kind) => this.#nurseries[kind].population);
  }

  /** Stops every actor; nothing is left of them. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#system.stop();
    for (const kind of HOSTED_KINDS) this.#actors[kind].clear();
  }

  #carryOut(from: Init, effects: readonly Effect[]): void {
    const { journal } = this.#options;
    if (journal !== undefined) this.#log(journal, effects);
    for (const effect of effects) {
      if (this.#closed) return;
      switch (effect.type) {
        case 'send':
          this.send(effect.to, effect.message);
          break;
        case 'spawn':
          this.spawn(effect.init);
          break;
        case 'stop':
          this.#end(from);
          break;
        case 'trace':
          this.#options.onTrace(effect.event);
          break;
      }
    }
  }

  /** Before anything else is done: what follows from a decision waits for it. */
  #log(journal: Journal, effects: readonly Effect[]): void {
    const records = effects.flatMap((effect) => (effect.type === 'log' ? [effect.record] : []));
    if (records.length > 0) this.#logged = journal.append(records);
  }

  #end(init: Init): void {
    const { id } = addressOfInit(init);
    this.#actors[init.kind].get(id)?.stop();
    this.#actors[init.kind].delete(id);
  }

  /**
   * The runner that an RComp ran is run again elsewhere, so its death need not be the machine's. Every other actor
   * holds what nobody else holds: going on without it would answer wrongly.
   */
  #crashed(init: Init, error: unknown): void {
    if (this.#closed) return;
    const address = addressOfInit(init);
    if (init.kind === 'rcomp') {
      this.#actors.rcomp.delete(init.id);
      this.spawn(init);
      this.send(addressOf('agent', init.agent), { type: 'rcomp-lost', rcomp: init.id });
      this.#options.onRCompLost(error, address);
    } else {
      this.close();
      this.#options.onBroken(error, address);
    }
  }
}

function isOutside({ kind }: Address): boolean {
  return kind === 'device' || kind === 'client';
}

function forEachKind<T>(make: (kind: HostedKind) => T): Record<HostedKind, T> {
  return Object.fromEntries(HOSTED_KINDS.map((kind) => [kind, make(kind)])) as Record<HostedKind, T>;
}
