/**
 * The other runtime of the behaviours: a whole cluster in one loop. A network says which message arrives next and what
 * goes wrong between two; everything else follows, so a run is a function of (program, options, what the network says).
 */

import { type Actor, addressOfInit, type Birth, createActor } from '../src/actors/actor.ts';
import { type Address, addressOf, nameOfAddress } from '../src/actors/address.ts';
import type { Effect } from '../src/actors/behaviour.ts';
import { boot } from '../src/actors/boot.ts';
import type { MachineConfig, MemoryMap } from '../src/actors/config.ts';
import type { Init, IoKind } from '../src/actors/init.ts';
import type { MasterState } from '../src/actors/master-state.ts';
import type { HomeState } from '../src/actors/page-home.ts';
import { nodeOf } from '../src/actors/placement.ts';
import { type Places, placesAtFirst } from '../src/actors/places.ts';
import type { ToClient, ToCompartment, ToDevice, ToIo } from '../src/actors/protocol.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import type { Program } from '../src/isa/program.ts';
import { pagesOf } from '../src/memory/directory.ts';
import { AddressMap } from './address-map.ts';
import { CLIENT, Client } from './client.ts';
import { SimulatedCompartment } from './compartments.ts';
import { Device, type Outside } from './devices.ts';
import { isLinkMishap, type Mishap } from './mishap.ts';
import { type AnyMessage, type Delivery, type Envelope, isMishap, type Network } from './network.ts';
import type { Choose } from './random.ts';
import { resultOf, type Setting, type SimResult, type Traced } from './result.ts';
import { transcriptOf } from './transcript.ts';
import { Violated } from './violated.ts';

/** Makes actors: `createActor`, or a planted bug around it. */
export type Create = (init: Init) => Birth;

/** Who follows a run while it goes on. Each call comes when it happens; a `Violated` that it throws ends the run. */
export interface RunObserver {
  /** The machine is made, and nothing has happened. */
  begun?(setting: Setting): void;
  sent?(envelope: Envelope): void;
  delivered?(delivery: Delivery): void;
  /** Its receiver has dealt with the message, if there was one. */
  handled?(delivery: Delivery, receiver: Actor | null): void;
  traced?(traced: Traced): void;
  suffered?(mishap: Mishap): void;
  /** The program is over and its final memory read. */
  over?(result: SimResult): void;
}

export interface SimOptions {
  readonly config: MachineConfig;
  readonly ios: readonly IoKind[];
  readonly outside: Outside;
  readonly network: Network;
  /** In what chunks input comes. */
  readonly choose: Choose;
  /** Deliveries after which a run counts as one that never ends. */
  readonly stepLimit: number;
  readonly create: Create;
  /** Each thing is told to all of them, in this order. */
  readonly observers: readonly RunObserver[];
}

export const DEFAULT_OPTIONS: Omit<SimOptions, 'config' | 'network' | 'choose'> = {
  ios: [],
  outside: { inputs: new Map() },
  stepLimit: 100_000,
  create: createActor,
  observers: [],
};

/** A run that broke an invariant of ours, stood still or never ended; with the deliveries that led there. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly transcript: string;
  /** Deliveries until then. */
  readonly step: number;

  constructor(message: string, deliveries: readonly Delivery[], cause?: unknown) {
    super(message, { cause });
    this.step = deliveries.length;
    this.transcript = transcriptOf(deliveries, 400);
  }
}

/** The cause of a run's error: nothing went wrong, but the program does not come to its end. */
export class Standstill extends Error {
  override readonly name = 'Standstill';
}

/** Runs a program to its end. Throws a `SimulationError`, or the `Violated` of an observer. */
export function simulate(program: Program, options: SimOptions): SimResult {
  return new Cluster(program, options).run();
}

/** Who speaks for the host: its word about the dead travels apart from their own messages. */
const HOST = addressOf('device', -1);

class Cluster {
  readonly #program: Program;
  readonly #options: SimOptions;
  readonly #network: Network;
  /** Null: there was one once, and messages to it are dropped. */
  readonly #actors = new AddressMap<Actor | null>();
  readonly #client = new Client();
  /** What agents and RComps were made from, by node. */
  readonly #inits = new Map<number, Init[]>();
  readonly #devices: Device[];
  readonly #compartments = new Map<number, SimulatedCompartment>();
  #map: MemoryMap | null = null;
  #places: Places;
  /** Page homes that live, by node. */
  readonly #homes = new Map<number, Map<number | bigint, Address>>();
  /** Nodes that have left. */
  readonly #left = new Set<number>();
  readonly #deliveries: Delivery[] = [];
  readonly #sent: Envelope[] = [];
  readonly #traced: Traced[] = [];
  #decided = 0;
  #deaths = 0;

  constructor(program: Program, options: SimOptions) {
    this.#program = program;
    this.#options = options;
    this.#network = options.network;
    this.#network.mayDie = (node) => this.#mayDie(node);
    this.#places = placesAtFirst(options.config);
    this.#devices = options.ios.map(
      (io, id) => new Device(io, options.outside.inputs.get(id) ?? new Uint8Array(), options.choose),
    );
  }

  run(): SimResult {
    const { config, ios } = this.#options;
    const { inits, entry, map } = boot(this.#program, config, ios);
    const { inputs } = this.#options.outside;
    const setting: Setting = { program: this.#program, config, map, ios, inputs, entry };
    this.#map = map;
    try {
      for (const observer of this.#options.observers) observer.begun?.(setting);
      for (const init of inits) this.#spawn(init);
      this.#post(CLIENT, addressOf('master'), { type: 'run', client: CLIENT, entry });
      this.#drain();
      if (this.#client.summary === null)
        throw new Standstill('the machine stands still before its program is done');
      this.#readMemory(inits);
    } catch (error) {
      if (error instanceof SimulationError || error instanceof Violated) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new SimulationError(why, this.#deliveries, error);
    }
    const result = resultOf({
      ...setting,
      summary: this.#client.summary,
      deliveries: this.#deliveries,
      sent: this.#sent,
      traced: this.#traced,
      deaths: this.#deaths,
      pages: this.#client.memory,
      devices: this.#devices,
    });
    for (const observer of this.#options.observers) observer.over?.(result);
    return result;
  }

  #drain(): void {
    for (let next = this.#network.next(); next !== null; next = this.#network.next()) {
      if (isMishap(next)) this.#suffer(next);
      else this.#receive(next);
    }
  }

  #receive(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    if (this.#deliveries.length > this.#options.stepLimit)
      throw new Standstill(
        `the machine is not done after ${this.#options.stepLimit} deliveries: its program makes runners without end, or they keep each other from theirs`,
      );
    for (const observer of this.#options.observers) observer.delivered?.(delivery);
    this.#deliver(delivery);
  }

  #deliver(delivery: Delivery): void {
    const { to, message, deadly } = delivery;
    let receiver: Actor | null = null;
    if (to.kind === 'client') {
      this.#client.hear(message as ToClient);
      if (message.type === 'done') this.#network.calm();
      if (message.type === 'left') this.#leave(Number(message.agent.id), message.incarnation);
    } else if (to.kind === 'compartment') {
      if (deadly) this.#deaths += 1;
      const compartment = this.#compartmentOf(to);
      for (const answer of compartment.receive(message as ToCompartment, deadly))
        this.#post(to, addressOf('rcomp', to.id), answer, compartment.worked);
    } else if (to.kind === 'device') {
      for (const answer of this.#devices[Number(to.id)]!.receive(message as ToDevice))
        this.#post(to, addressOf('io', to.id), answer satisfies ToIo);
    } else {
      receiver = this.#actorAt(to);
      if (receiver !== null) this.#perform(to, receiver.receive(message));
    }
    for (const observer of this.#options.observers) observer.handled?.(delivery, receiver);
  }

  /** Null: not any more. */
  #actorAt(address: Address): Actor | null {
    const actor = this.#actors.get(address);
    if (actor === undefined) throw new Error(`nobody was ever at ${nameOfAddress(address)}`);
    return actor;
  }

  #compartmentOf({ id }: Address): SimulatedCompartment {
    const known = this.#compartments.get(Number(id));
    if (known !== undefined) return known;
    const made = new SimulatedCompartment(this.#options.config, this.#map!);
    this.#compartments.set(Number(id), made);
    return made;
  }

  #perform(self: Address, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#post(self, effect.to, effect.message);
          break;
        case 'spawn':
          this.#spawn(effect.init);
          break;
        case 'stop':
          this.#actors.set(self, null);
          if (self.kind === 'home') this.#homes.get(self.node)?.delete(self.id);
          break;
        case 'trace':
          this.#note(effect.event);
          break;
      }
    }
  }

  #spawn(init: Init): void {
    const address = addressOfInit(init);
    if (this.#actors.get(address)) throw new Error(`${nameOfAddress(address)} is born twice`);
    if (init.kind === 'rcomp' || init.kind === 'agent') {
      const node = nodeOf(address, this.#options.config);
      this.#inits.set(node, [...(this.#inits.get(node) ?? []), init]);
    }
    if (init.kind === 'home') {
      const homes = this.#homes.get(init.node) ?? new Map<number | bigint, Address>();
      this.#homes.set(init.node, homes.set(init.id, address));
    }
    this.#bear(address, init);
  }

  #bear(address: Address, init: Init): void {
    const { actor, effects } = this.#options.create(init);
    this.#actors.set(address, actor);
    this.#perform(address, effects);
  }

  #post(from: Address, to: Address, message: AnyMessage, after = 0): void {
    const envelope: Envelope = {
      number: this.#sent.length + 1,
      from,
      to,
      message,
      step: this.#deliveries.length,
      decided: this.#decided,
      time: this.#network.now,
    };
    if (message.type === 'stage') for (const { page } of message.patches) this.#client.pages.add(page);
    this.#sent.push(envelope);
    for (const observer of this.#options.observers) observer.sent?.(envelope);
    this.#network.post(envelope, after);
  }

  #note(event: TraceEvent): void {
    if (event.type === 'places') this.#places = event.places;
    if (event.type === 'commit') {
      this.#decided = event.version;
      for (const { page } of event.record) this.#client.pages.add(page);
    }
    const traced: Traced = { step: this.#deliveries.length, decided: this.#decided, event };
    this.#traced.push(traced);
    for (const observer of this.#options.observers) observer.traced?.(traced);
  }

  /** What concerns the network alone, it does by itself. */
  #suffer(mishap: Mishap): void {
    for (const observer of this.#options.observers) observer.suffered?.(mishap);
    if (isLinkMishap(mishap)) return;
    switch (mishap.kind) {
      case 'rcomp-crash':
        this.#kill(mishap.rcomp);
        break;
      case 'node-crash':
        this.#crash(mishap.node, mishap.noticedAfter);
        break;
      case 'node-restart':
        this.#restart(mishap.node);
        break;
      case 'node-leave':
        this.#dismiss(mishap.node);
        break;
      case 'clock-jump':
        this.#signal(mishap.word, mishap.events);
        break;
      case 'cancel':
        this.#post(CLIENT, addressOf('master'), { type: 'cancel' });
        break;
      case 'device-failure':
        this.#post(addressOf('device', mishap.io), addressOf('io', mishap.io), {
          type: 'device-failed',
          error: 'no space left on the device',
        });
        break;
      case 'slow-node':
      case 'pause':
        break;
    }
  }

  #kill(rcomp: number): void {
    const address = addressOf('rcomp', rcomp);
    const init = this.#inits
      .get(nodeOf(address, this.#options.config))
      ?.find((one) => one.kind === 'rcomp' && one.id === rcomp);
    // Its node is dead.
    if (init?.kind !== 'rcomp' || this.#actors.get(address) === null) return;
    this.#deaths += 1;
    this.#bury(address);
    this.#bear(address, init);
    this.#post(HOST, addressOf('agent', init.agent), { type: 'rcomp-lost', rcomp: init.id });
  }

  /** An actor has died, and its compartment with it. */
  #bury(address: Address): void {
    this.#network.forget(address);
    this.#actors.set(address, null);
    if (address.kind === 'rcomp') {
      this.#network.forget(addressOf('compartment', address.id));
      this.#compartments.delete(Number(address.id));
    }
  }

  /** Whoever watches over the node tells the master of its death, before or after it is there again. */
  #crash(node: number, noticedAfter: number): void {
    for (const init of this.#inits.get(node) ?? []) {
      const address = addressOfInit(init);
      this.#bury(address);
      if (init.kind !== 'agent') continue;
      const { incarnation } = init;
      const lost = { type: 'agent-lost', agent: addressOf('agent', init.id), incarnation } as const;
      this.#post(HOST, addressOf('master'), lost, noticedAfter);
    }
    this.#buryHomes(node);
  }

  #buryHomes(node: number): void {
    for (const address of this.#homes.get(node)?.values() ?? []) this.#bury(address);
    this.#homes.delete(node);
  }

  /** It has not left, and of each home that it keeps there is another replica that lives and that the master relies on. */
  #mayDie(node: number): boolean {
    if (this.#left.has(node)) return false;
    const master = this.#actors.get(addressOf('master'))!.look?.() as MasterState;
    return master.homing.homes.every(
      ({ replicas }, home) =>
        !replicas.some((one) => one.node === node && one.state === 'ready') ||
        replicas.some(
          (other) =>
            other.node !== node &&
            other.state === 'ready' &&
            (this.#actors.get(addressOf('home', home, other.node))?.look?.() as HomeState | undefined)
              ?.replica === other.replica,
        ),
    );
  }

  #agentOf(node: number): Extract<Init, { kind: 'agent' }> {
    return this.#inits.get(node)!.find((init) => init.kind === 'agent')!;
  }

  #dismiss(node: number): void {
    const { id, incarnation } = this.#agentOf(node);
    const master = this.#actors.get(addressOf('master'))!.look?.() as MasterState;
    // Elsewhere than here, a node keeps nothing before it has joined.
    if (this.#left.has(node) || master.agents.get(id) === undefined) return;
    const agent = addressOf('agent', id);
    this.#post(CLIENT, addressOf('master'), { type: 'leave', client: CLIENT, agent, incarnation });
  }

  /** Its master has let it go, unless it has started again meanwhile. */
  #leave(node: number, incarnation: number): void {
    const agent = this.#agentOf(node);
    if (agent.incarnation !== incarnation || this.#actors.get(addressOf('agent', agent.id)) === null) return;
    if ((this.#homes.get(node)?.size ?? 0) > 0)
      throw new Error(`node ${node} leaves with pages that it keeps`);
    this.#left.add(node);
    for (const init of this.#inits.get(node) ?? []) this.#bury(addressOfInit(init));
  }

  #restart(node: number): void {
    if (this.#left.has(node)) return;
    const inits = (this.#inits.get(node) ?? []).map(
      (init): Init => (init.kind === 'agent' ? { ...init, incarnation: init.incarnation + 1 } : init),
    );
    this.#inits.set(node, inits);
    for (const init of inits) this.#bear(addressOfInit(init), init);
  }

  #signal(word: number, events: number): void {
    const io = this.#options.ios.findIndex(({ type }) => type === 'signals');
    if (io < 0) return;
    for (let i = 0; i < events; i += 1) this.#post(HOST, addressOf('io', io), { type: 'signal', word });
  }

  /** Every page that the image or an attempt has touched. */
  #readMemory(inits: readonly Init[]): void {
    const { config, ios } = this.#options;
    const { pages, memory } = this.#client;
    for (const init of inits)
      if (init.kind === 'home') for (const { page } of init.image ?? []) pages.add(page);
    for (const io of ios)
      if (io.type === 'in-file') for (const page of pagesOf(io.file, config.pageSize)) pages.add(page);
    for (const { home, message } of this.#client.questions(this.#places)) this.#post(CLIENT, home, message);
    this.#drain();
    if (memory.size < pages.size) throw new Error('every page of the final memory is answered');
  }
}
