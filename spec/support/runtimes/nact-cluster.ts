/**
 * A whole cluster on nact, behind the product's own `Host`, with every turn of every actor chosen. The outside is the
 * simulator's: what differs is the hosting alone.
 */

import { Device } from '../../../sim/devices.ts';
import { createActor } from '../../../src/actors/actor.ts';
import { type Address, addressOf } from '../../../src/actors/address.ts';
import { boot, STANDARD_IO } from '../../../src/actors/boot.ts';
import type { MachineConfig } from '../../../src/actors/config.ts';
import { Host, type Message } from '../../../src/actors/node/host.ts';
import type { ToClient } from '../../../src/actors/protocol.ts';
import type { Summary } from '../../../src/actors/summary.ts';
import type { TraceEvent } from '../../../src/actors/trace-event.ts';
import type { Program } from '../../../src/isa/program.ts';
import { homeOf, pageOf } from '../../../src/memory/directory.ts';
import type { Account } from './account.ts';
import type { Course, Interruption } from './course.ts';
import { NactOutside } from './nact-outside.ts';
import { interceptTurns, type Turns } from './turns.ts';

export interface NactAccount extends Account {
  /** Those of the deliveries that went to actors of the machine, each in a turn that nact had scheduled. */
  readonly dispatched: number;
}

export interface NactOptions {
  readonly config: MachineConfig;
  readonly course: Course;
  /** Pages that the client reads when the program is over; any other is taken for 0. */
  readonly pages: readonly number[];
}

/** Runs a program with the standard channels to its end. Throws if it does not come to it or breaks an invariant of ours. */
export function runOnNact(program: Program, options: NactOptions): Promise<NactAccount> {
  return interceptTurns(async (turns) => {
    const cluster = new NactCluster(program, options, turns);
    try {
      return await cluster.run();
    } finally {
      cluster.close();
    }
  });
}

const CLIENT = addressOf('client');

class NactCluster {
  readonly #options: NactOptions;
  readonly #turns: Turns;
  readonly #boot: ReturnType<typeof boot>;
  readonly #host: Host;
  readonly #outside: NactOutside;
  readonly #devices = STANDARD_IO.map((io) => new Device(io, new Uint8Array(), () => 0));
  readonly #deliveries: { to: Address; message: Message }[] = [];
  readonly #trace: { step: number; event: TraceEvent }[] = [];
  readonly #pages = new Map<number, Uint8Array>();
  /** Whether nobody has read anything in this turn. */
  #turnBegins = false;
  #dispatched = 0;
  #deaths = 0;
  #summary: Summary | null = null;
  readonly #broken: unknown[] = [];

  constructor(program: Program, options: NactOptions, turns: Turns) {
    const { config, course } = options;
    this.#options = options;
    this.#turns = turns;
    this.#boot = boot(program, config, STANDARD_IO);
    this.#host = new Host({
      create: createActor,
      toDevice: (id, message) => this.#outside.send(addressOf('device', id), message),
      toCompartment: (id, message) => this.#outside.send(addressOf('compartment', id), message),
      toClient: (id, message) => this.#outside.send(addressOf('client', id), message),
      onTrace: (event) => this.#trace.push({ step: this.#deliveries.length, event }),
      onBroken: (error) => this.#broken.push(error),
      onRCompLost: (_, { id }) => this.#outside.kill(addressOf('compartment', id)),
      onDispatch: (to, message) => this.#dispatch(to, message),
    });
    this.#outside = new NactOutside({
      config,
      map: this.#boot.map,
      devices: this.#devices,
      kills: () => this.#death(course.kills()),
      onDelivery: (to, message) => this.#deliveries.push({ to, message }),
      toClient: (message) => this.#hear(message),
      send: (to, message) => this.#host.send(to, message),
      onBroken: (error) => this.#broken.push(error),
    });
  }

  async run(): Promise<NactAccount> {
    const { config } = this.#options;
    for (const init of this.#boot.inits) this.#host.spawn(init);
    this.#host.send(addressOf('master'), { type: 'run', client: CLIENT, entry: this.#boot.entry });
    await this.#drain();
    if (this.#summary === null)
      throw new Error('on nact the machine stands still before its program is done');
    const before = { deliveries: this.#deliveries.slice(), dispatched: this.#dispatched };
    await this.#readMemory(this.#summary);
    return {
      ...before,
      trace: this.#trace,
      summary: this.#summary,
      written: this.#devices.map(({ written }) => written),
      deaths: this.#deaths,
      byteAt: (address) =>
        this.#pages.get(pageOf(address, config.pageSize))?.[address % config.pageSize] ?? 0,
    };
  }

  close(): void {
    this.#host.close();
    this.#outside.close();
  }

  async #drain(): Promise<void> {
    const { course } = this.#options;
    while (this.#turns.waiting > 0) {
      const interruption = course.interruption();
      if (interruption !== null) {
        this.#interrupt(interruption);
        continue;
      }
      this.#turnBegins = true;
      await this.#turns.take(course.turn(this.#turns.waiting));
      if (this.#broken.length > 0) throw this.#broken[0];
      if (this.#deliveries.length > STEP_LIMIT)
        throw new Error(`on nact the machine is not done after ${STEP_LIMIT} deliveries`);
    }
  }

  /** Sees every message as nact hands it to an actor of the machine. What it throws is the actor's death. */
  #dispatch(to: Address, message: Message): void {
    const begins = this.#turnBegins;
    this.#turnBegins = false;
    if (begins && to.kind === 'rcomp' && this.#death(this.#options.course.kills()))
      throw new Error('the RComp dies');
    if (this.#turns.running) this.#dispatched += 1;
    this.#deliveries.push({ to, message });
  }

  #death(dies: boolean): boolean {
    if (dies) this.#deaths += 1;
    return dies;
  }

  #interrupt(interruption: Interruption): void {
    if (interruption.kind === 'cancel') this.#host.send(addressOf('master'), { type: 'cancel' });
    else this.#host.send(SIGNALS, { type: 'signal', word: interruption.word });
  }

  #hear(message: ToClient): void {
    switch (message.type) {
      case 'done':
        this.#summary = message.summary;
        this.#options.course.calm();
        break;
      case 'fetched':
        for (const { page, bytes } of message.pages) this.#pages.set(page, bytes);
    }
  }

  #readMemory(summary: Summary): Promise<void> {
    const { config, pages } = this.#options;
    for (let home = 0; home < config.homes; home += 1) {
      const here = pages.filter((page) => homeOf(page, config.homes) === home);
      this.#host.send(addressOf('home', home), {
        type: 'fetch',
        from: CLIENT,
        pages: here.map((page) => ({ page, have: -1 })),
        at: summary.version,
        needs: summary.homes[home] ?? 0,
      });
    }
    return this.#drain();
  }
}

const SIGNALS = addressOf(
  'io',
  STANDARD_IO.findIndex(({ type }) => type === 'signals'),
);

/** Deliveries after which a run counts as one that never ends. */
const STEP_LIMIT = 60_000;
