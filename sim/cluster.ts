/**
 * The other runtime of the behaviours: a whole machine in one loop. A chooser picks which message arrives next, so a
 * run is a function of (program, options, choices) and every interleaving can be drawn, replayed and shrunk.
 */

import { type Actor, addressOfInit, type Birth, createActor } from '../src/actors/actor.ts';
import { type Address, addressOf, nameOfAddress } from '../src/actors/address.ts';
import type { Effect } from '../src/actors/behaviour.ts';
import { boot } from '../src/actors/boot.ts';
import type { MachineConfig, MemoryMap } from '../src/actors/config.ts';
import type { Init, IoKind, PageImage } from '../src/actors/init.ts';
import type { MessageTo, ToClient, ToCompartment, ToDevice, ToIo } from '../src/actors/protocol.ts';
import type { Summary } from '../src/actors/summary.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import { SYSTEM_RANGE } from '../src/isa/layout.ts';
import type { Program } from '../src/isa/program.ts';
import { homeOf, pageOf, pagesOf } from '../src/memory/directory.ts';
import { SimulatedCompartment } from './compartments.ts';
import { Device, type Outside } from './devices.ts';
import {
  type AnyMessage,
  type Delivery,
  type Envelope,
  type Network,
  type NetworkOptions,
  OrderedNetwork,
} from './network.ts';
import type { Choose } from './random.ts';
import { resultOf, type Setting, type SimResult, type Traced } from './result.ts';
import { transcriptOf } from './transcript.ts';

/** Makes actors: `createActor`, or a planted bug around it. */
export type Create = (init: Init) => Birth;

/** Who watches a run while it goes on. Each call comes when it happens; what it throws ends the run. */
export interface RunWatcher {
  /** The machine is made, and nothing has happened. */
  begun(setting: Setting): void;
  sent(envelope: Envelope): void;
  delivered(delivery: Delivery): void;
  traced(traced: Traced): void;
  /** The program is over and its final memory read. */
  over(result: SimResult): void;
}

export interface SimOptions extends NetworkOptions {
  readonly config: MachineConfig;
  readonly ios: readonly IoKind[];
  readonly outside: Outside;
  readonly choose: Choose;
  /** RComps that may die, in all. */
  readonly deaths: number;
  /** Whether the client may cancel the run. */
  readonly cancel: boolean;
  /** Events that system words may come to count, in all. */
  readonly signals: number;
  /** Deliveries after which a run counts as one that never ends. */
  readonly stepLimit: number;
  readonly create: Create;
  readonly watcher: RunWatcher | null;
  /** Who decides what arrives next; null: the choices do. */
  readonly network: Network | null;
}

export const DEFAULT_OPTIONS: Omit<SimOptions, 'config' | 'choose'> = {
  ios: [],
  outside: { inputs: new Map() },
  duplicates: false,
  slowLinks: false,
  isolated: false,
  deaths: 0,
  cancel: false,
  signals: 0,
  stepLimit: 100_000,
  create: createActor,
  watcher: null,
  network: null,
};

/** A run that broke an invariant of ours, stood still or never ended; with the deliveries that led there. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly transcript: string;

  constructor(message: string, deliveries: readonly Delivery[], cause?: unknown) {
    super(message, { cause });
    this.transcript = transcriptOf(deliveries, 400);
  }
}

/** Runs a program to its end. Throws a `SimulationError`. */
export function simulate(program: Program, options: SimOptions): SimResult {
  return new Cluster(program, options).run();
}

const CLIENT = addressOf('client');
/** Who speaks for the host: its word about a dead RComp travels apart from the RComp's own messages. */
const HOST = addressOf('device', -1);
/** Of so many choices the last one is the rare event. */
const RARE = 128;

class Cluster {
  readonly #program: Program;
  readonly #options: SimOptions;
  readonly #network: Network;
  readonly #actors = new Map<string, Actor>();
  /** Actors that were there once: messages to them are dropped. */
  readonly #gone = new Set<string>();
  readonly #rcomps: { readonly address: Address<'rcomp'>; readonly init: Init & { kind: 'rcomp' } }[] = [];
  readonly #devices: Device[];
  readonly #compartments = new Map<number, SimulatedCompartment>();
  #map: MemoryMap | null = null;
  readonly #deliveries: Delivery[] = [];
  readonly #sent: Envelope[] = [];
  readonly #traced: Traced[] = [];
  readonly #pages = new Set<number>();
  readonly #fetched = new Map<number, Uint8Array>();
  #decided = 0;
  #deaths = 0;
  #cancelled = false;
  #signals = 0;
  #summary: Summary | null = null;

  constructor(program: Program, options: SimOptions) {
    this.#program = program;
    this.#options = options;
    this.#network = options.network ?? new OrderedNetwork(options, options.choose);
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
      this.#options.watcher?.begun(setting);
      for (const init of inits) this.#spawn(init);
      this.#post(CLIENT, addressOf('master'), { type: 'run', client: CLIENT, entry });
      this.#drain();
      if (this.#summary === null) throw new Error('the machine stands still before its program is done');
      this.#readMemory(this.#summary, inits);
    } catch (error) {
      if (error instanceof SimulationError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new SimulationError(why, this.#deliveries, error);
    }
    const result = resultOf({
      ...setting,
      summary: this.#summary,
      deliveries: this.#deliveries,
      sent: this.#sent,
      traced: this.#traced,
      deaths: this.#deaths,
      pages: this.#fetched,
      devices: this.#devices,
    });
    this.#options.watcher?.over(result);
    return result;
  }

  #drain(): void {
    for (;;) {
      this.#mishaps();
      const delivery = this.#network.deliver();
      if (delivery === null) return;
      this.#deliveries.push(delivery);
      if (this.#deliveries.length > this.#options.stepLimit)
        throw new Error(`the machine is not done after ${this.#options.stepLimit} deliveries`);
      this.#options.watcher?.delivered(delivery);
      this.#deliver(delivery);
    }
  }

  #deliver({ to, message }: Delivery): void {
    if (to.kind === 'client') {
      this.#hear(message as ToClient);
    } else if (to.kind === 'compartment') {
      for (const answer of this.#compartmentOf(to).receive(message as ToCompartment, this.#mayDie(message)))
        this.#post(to, addressOf('rcomp', to.id), answer);
    } else if (to.kind === 'device') {
      for (const answer of this.#devices[Number(to.id)]!.receive(message as ToDevice))
        this.#post(to, addressOf('io', to.id), answer satisfies ToIo);
    } else {
      const name = nameOfAddress(to);
      const actor = this.#actors.get(name);
      if (actor !== undefined) this.#perform(to, actor.receive(message));
      else if (!this.#gone.has(name)) throw new Error(`nobody was ever at ${name}`);
    }
  }

  #compartmentOf({ id }: Address): SimulatedCompartment {
    const known = this.#compartments.get(Number(id));
    if (known !== undefined) return known;
    const made = new SimulatedCompartment(this.#options.config, this.#map!);
    this.#compartments.set(Number(id), made);
    return made;
  }

  /** Whether the compartment dies under an attempt that it is given. */
  #mayDie({ type }: AnyMessage): boolean {
    const { deaths, choose } = this.#options;
    if (type !== 'execute' || this.#deaths >= deaths || choose(RARE) !== RARE - 1) return false;
    this.#deaths += 1;
    return true;
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
          this.#actors.delete(nameOfAddress(self));
          this.#gone.add(nameOfAddress(self));
          break;
        case 'trace':
          this.#note(effect.event);
          break;
      }
    }
  }

  #spawn(init: Init): void {
    const address = addressOfInit(init);
    const name = nameOfAddress(address);
    if (this.#actors.has(name)) throw new Error(`${name} is born twice`);
    const { actor, effects } = this.#options.create(init);
    this.#actors.set(name, actor);
    if (init.kind === 'rcomp') this.#rcomps.push({ address: address as Address<'rcomp'>, init });
    this.#perform(address, effects);
  }

  #post(from: Address, to: Address, message: AnyMessage): void {
    const envelope: Envelope = { from, to, message, step: this.#deliveries.length, decided: this.#decided };
    if (message.type === 'stage') for (const { page } of message.patches) this.#pages.add(page);
    this.#sent.push(envelope);
    this.#options.watcher?.sent(envelope);
    this.#network.post(envelope);
  }

  #note(event: TraceEvent): void {
    if (event.type === 'commit') {
      this.#decided = event.version;
      for (const { page } of event.record) this.#pages.add(page);
    }
    const traced: Traced = { step: this.#deliveries.length, decided: this.#decided, event };
    this.#traced.push(traced);
    this.#options.watcher?.traced(traced);
  }

  /** What may happen besides deliveries. */
  #mishaps(): void {
    const { deaths, cancel, signals, choose } = this.#options;
    if (this.#summary !== null) return;
    if (this.#deaths < deaths && choose(RARE) === RARE - 1) this.#kill(choose(this.#rcomps.length));
    if (cancel && !this.#cancelled && choose(RARE) === RARE - 1) {
      this.#cancelled = true;
      this.#post(CLIENT, addressOf('master'), { type: 'cancel' });
    }
    if (this.#signals < signals && choose(RARE) === RARE - 1) this.#signal(choose(SYSTEM_RANGE.length / 8));
  }

  #signal(word: number): void {
    const io = this.#options.ios.findIndex(({ type }) => type === 'signals');
    if (io < 0) return;
    this.#signals += 1;
    this.#post(HOST, addressOf('io', io), { type: 'signal', word: SYSTEM_RANGE.base + 8 * word });
  }

  #kill(index: number): void {
    const { address, init } = this.#rcomps[index]!;
    this.#deaths += 1;
    this.#network.forget(address);
    const { actor, effects } = this.#options.create(init);
    this.#actors.set(nameOfAddress(address), actor);
    this.#perform(address, effects);
    this.#post(HOST, addressOf('agent', init.agent), { type: 'rcomp-lost', rcomp: init.id });
  }

  #hear(message: ToClient): void {
    switch (message.type) {
      case 'done':
        this.#summary = message.summary;
        break;
      case 'fetched':
        for (const { page, state, bytes } of message.pages) {
          if (state === 'too-old' || state === 'same') throw new Error(`page ${page} came back ${state}`);
          this.#fetched.set(page, bytes);
        }
    }
  }

  /** Fetches every page that the image or an attempt has touched, as a client would. */
  #readMemory(summary: Summary, inits: readonly Init[]): void {
    const { config } = this.#options;
    const loaded: PageImage[] = inits.flatMap((init) => (init.kind === 'home' ? [...init.image] : []));
    for (const { page } of loaded) this.#pages.add(page);
    for (const io of this.#options.ios)
      if (io.type === 'in-file') for (const page of pagesOf(io.file, config.pageSize)) this.#pages.add(page);
    for (const { address } of this.#program.sections) this.#pages.add(pageOf(address, config.pageSize));
    for (const page of this.#pages) {
      const home = homeOf(page, config.homes);
      const fetch: MessageTo['home'] = {
        type: 'fetch',
        from: CLIENT,
        pages: [{ page, have: -1 }],
        at: summary.version,
        needs: summary.homes[home] ?? 0,
      };
      this.#post(CLIENT, addressOf('home', home), fetch);
    }
    this.#drain();
    if (this.#fetched.size < this.#pages.size) throw new Error('every page of the final memory is answered');
  }
}
