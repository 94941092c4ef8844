/**
 * The other runtime of the behaviours: a whole cluster in one loop. A network says which message arrives next and what
 * goes wrong between two; everything else follows, so a run is a function of (program, options, what the network says).
 */

import { type Actor, addressOfInit, type Birth, createActor } from '../src/actors/actor.ts';
import { type Address, addressOf } from '../src/actors/address.ts';
import type { Effect } from '../src/actors/behaviour.ts';
import { type Boot, boot } from '../src/actors/boot.ts';
import type { MachineConfig } from '../src/actors/config.ts';
import type { Init, IoKind } from '../src/actors/init.ts';
import { MASTER_NODE, nodeOf } from '../src/actors/placement.ts';
import { type Places, placesAtFirst } from '../src/actors/places.ts';
import type { ToClient, ToCompartment, ToDevice, ToIo } from '../src/actors/protocol.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import { SYSTEM_WORDS } from '../src/isa/layout.ts';
import type { Program } from '../src/isa/program.ts';
import { pagesOf } from '../src/memory/directory.ts';
import { CLIENT, Client } from './client.ts';
import { Device, type Outside } from './devices.ts';
import { Disk } from './disk.ts';
import { isLinkMishap, type Mishap } from './mishap.ts';
import { type AnyMessage, type Delivery, type Envelope, isMishap, type Network } from './network.ts';
import { Population } from './population.ts';
import type { Choose } from './random.ts';
import { type Restart, restartOf } from './restart.ts';
import { resultOf, type Setting, type SimResult, type Traced } from './result.ts';
import { transcriptOf } from './transcript.ts';
import { Violated } from './violated.ts';

/** Makes actors: `createActor`, or a planted bug around it. */
export type Create = (init: Init) => Birth;

/** Takes in an actor that a log was made into: as it is, or with a planted bug around it. */
export type Adopt = (init: Init, actor: Actor) => Actor;

export const asItIs: Adopt = (_, actor) => actor;

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
  /** Comes after its mishap. */
  restarted?(restart: Restart): void;
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
  readonly adopt: Adopt;
  /** Each thing is told to all of them, in this order. */
  readonly observers: readonly RunObserver[];
}

export const DEFAULT_OPTIONS: Omit<SimOptions, 'config' | 'network' | 'choose'> = {
  ios: [],
  outside: { inputs: new Map() },
  stepLimit: 100_000,
  create: createActor,
  adopt: asItIs,
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
  readonly #boot: Boot;
  readonly #population: Population;
  readonly #client = new Client();
  readonly #devices: Device[];
  /** Null: what is decided is kept nowhere. */
  readonly #disk: Disk | null;
  #places: Places;
  /** Nodes that have left. */
  readonly #left = new Set<number>();
  readonly #deliveries: Delivery[] = [];
  #sent: Envelope[] = [];
  #numbers = 0;
  #traced: Traced[] = [];
  /** Masters so far. */
  #epoch = 1;
  #decided = 0;
  #deaths = 0;

  constructor(program: Program, options: SimOptions) {
    this.#program = program;
    this.#options = options;
    this.#network = options.network;
    this.#network.mayDie = (node) => this.#mayDie(node);
    this.#places = placesAtFirst(options.config);
    this.#boot = boot(program, options.config, options.ios);
    this.#population = new Population(options.config, this.#boot.map, (receiver) =>
      this.#network.forget(receiver),
    );
    this.#disk = options.config.keepsAll ? new Disk() : null;
    this.#devices = options.ios.map(
      (io, id) => new Device(io, options.outside.inputs.get(id) ?? new Uint8Array(), options.choose),
    );
  }

  run(): SimResult {
    const { config, ios } = this.#options;
    const { inits, entry, map } = this.#boot;
    const { inputs } = this.#options.outside;
    const setting: Setting = { program: this.#program, config, map, ios, inputs, entry };
    try {
      for (const observer of this.#options.observers) observer.begun?.(setting);
      for (const init of inits) this.#bear(init);
      this.#ask();
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

  /** The client wants the program run. */
  #ask(): void {
    const { entry } = this.#boot;
    this.#post(CLIENT, addressOf('master'), { type: 'run', client: CLIENT, entry });
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
    const { to, message, deadly, step } = delivery;
    if (to.kind === 'client' || to.kind === 'device') this.#disk?.heard(step);
    let receiver: Actor | null = null;
    if (to.kind === 'client') {
      this.#client.hear(message as ToClient);
      if (message.type === 'done') this.#network.calm();
      if (message.type === 'left') this.#leave(Number(message.agent.id), message.incarnation);
    } else if (to.kind === 'compartment') {
      if (deadly) this.#deaths += 1;
      const compartment = this.#population.compartmentAt(to);
      for (const answer of compartment.receive(message as ToCompartment, deadly))
        this.#post(to, addressOf('rcomp', to.id), answer, compartment.worked);
    } else if (to.kind === 'device') {
      for (const answer of this.#devices[Number(to.id)]!.receive(message as ToDevice))
        this.#post(to, addressOf('io', to.id), answer satisfies ToIo);
    } else {
      receiver = this.#population.at(to);
      if (receiver !== null) this.#perform(to, receiver.receive(message));
    }
    for (const observer of this.#options.observers) observer.handled?.(delivery, receiver);
  }

  #perform(self: Address, effects: readonly Effect[]): void {
    this.#log(self, effects);
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#post(self, effect.to, effect.message);
          break;
        case 'spawn':
          this.#bear(effect.init);
          break;
        case 'stop':
          this.#population.leave(self);
          break;
        case 'trace':
          this.#note(effect.event);
          break;
      }
    }
  }

  /** Before anything follows from it. Only the master's node has a log. */
  #log(self: Address, effects: readonly Effect[]): void {
    if (this.#disk === null || nodeOf(self, this.#options.config) !== MASTER_NODE) return;
    const records = effects.flatMap((effect) => (effect.type === 'log' ? [effect.record] : []));
    if (records.length > 0) this.#disk.append(records, this.#deliveries.length);
  }

  #bear(init: Init): void {
    const { actor, effects } = this.#options.create(init);
    this.#population.enter(init, actor);
    this.#perform(addressOfInit(init), effects);
  }

  #post(from: Address, to: Address, message: AnyMessage, after = 0): void {
    this.#numbers += 1;
    const envelope: Envelope = {
      number: this.#numbers,
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
        if (this.#left.has(mishap.node)) break;
        this.#restart(mishap.node);
        this.#signal(SYSTEM_WORDS.nodesJoined, 1);
        break;
      case 'node-leave':
        this.#dismiss(mishap.node);
        break;
      case 'master-crash':
        if (this.#disk !== null) this.#beginAnew(this.#disk, mishap.unsynced, mishap.since);
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
    const init = this.#population.rcomp(rcomp);
    // Its node is dead.
    if (init === undefined || !this.#population.lives(address)) return;
    this.#deaths += 1;
    this.#population.bury(address);
    this.#bear(init);
    this.#post(HOST, addressOf('agent', init.agent), { type: 'rcomp-lost', rcomp: init.id });
  }

  /** Whoever watches over the node tells the master of its death, before or after it is there again. */
  #crash(node: number, noticedAfter: number): void {
    this.#population.buryNode(node);
    const { id, incarnation } = this.#population.agentOf(node);
    const lost = { type: 'agent-lost', agent: addressOf('agent', id), incarnation } as const;
    this.#post(HOST, addressOf('master'), lost, noticedAfter);
    this.#signal(SYSTEM_WORDS.nodesLeft, 1);
  }

  /** It has not left, and of each home that it keeps there is another replica that lives and that the master relies on. */
  #mayDie(node: number): boolean {
    if (this.#left.has(node)) return false;
    return this.#population.master.homing.homes.every(
      ({ replicas }, home) =>
        !replicas.some((one) => one.node === node && one.state === 'ready') ||
        replicas.some(
          (other) =>
            other.node !== node &&
            other.state === 'ready' &&
            this.#population.replicaOn(home, other.node) === other.replica,
        ),
    );
  }

  #dismiss(node: number): void {
    const { id, incarnation } = this.#population.agentOf(node);
    // Elsewhere than here, a node keeps nothing before it has joined.
    if (this.#left.has(node) || this.#population.master.agents.get(id) === undefined) return;
    const agent = addressOf('agent', id);
    this.#post(CLIENT, addressOf('master'), { type: 'leave', client: CLIENT, agent, incarnation });
  }

  /** Its master has let it go, unless it has started again meanwhile. */
  #leave(node: number, incarnation: number): void {
    const agent = this.#population.agentOf(node);
    if (agent.incarnation !== incarnation || !this.#population.lives(addressOf('agent', agent.id))) return;
    if (this.#population.keepsPages(node)) throw new Error(`node ${node} leaves with pages that it keeps`);
    this.#left.add(node);
    this.#signal(SYSTEM_WORDS.nodesLeft, 1);
    this.#population.buryNode(node);
  }

  #restart(node: number): void {
    for (const init of this.#population.nextLife(node)) this.#bear(init);
  }

  /** The other nodes stay, and nothing of the program with them: they join the new master. */
  #beginAnew(disk: Disk, unsynced: number, since: number): void {
    const survived = disk.crash(unsynced);
    const nodes = this.#population.nodes();
    this.#population.buryAll();
    for (const io of this.#devices.keys()) this.#network.forget(addressOf('device', io));
    this.#network.forget(CLIENT);
    const { replayer, events, outputs } = disk.recover(this.#boot, since);
    this.#traced = this.#traced.filter(({ step }) => step <= survived);
    this.#sent = this.#sent.filter(({ step }) => step <= survived);
    this.#decided = replayer.version;
    this.#places = placesAtFirst(this.#options.config);
    this.#epoch += 1;
    const again = events.length;
    for (const { init, actor } of replayer.end(this.#epoch))
      this.#population.enter(init, this.#options.adopt(init, actor));
    const restart = restartOf(this.#population.master, survived, events.slice(0, again));
    for (const observer of this.#options.observers) observer.restarted?.(restart);
    for (const event of events.slice(again)) this.#note(event);
    for (const { io, message } of outputs) this.#post(addressOf('io', io), addressOf('device', io), message);
    for (const node of nodes) this.#restart(node);
    this.#ask();
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
