/**
 * A network without time: a chooser picks which message arrives next, and what goes wrong between two. So a run is a
 * function of (program, options, choices), and every interleaving can be drawn, replayed and shrunk.
 */

import { type Address, nameOfAddress } from '../src/actors/address.ts';
import type { ActorKind } from '../src/actors/protocol.ts';
import { SYSTEM_RANGE } from '../src/isa/layout.ts';
import type { Mishap } from './mishap.ts';
import type { Delivery, Envelope, Network } from './network.ts';
import type { Choose } from './random.ts';

export interface Weather {
  /** Messages between actors arrive once to three times, the repetitions perhaps much later. */
  readonly duplicates: boolean;
  /** Some pairs are drawn to be slow. */
  readonly slowLinks: boolean;
  /** Receivers get a structured clone of what was sent; so nobody can share state through a message. */
  readonly isolated: boolean;
  /** RComps and compartments that may die, in all. */
  readonly deaths: number;
  /** Whether the client may cancel the run. */
  readonly cancel: boolean;
  /** Events that system words may come to count, in all. */
  readonly signals: number;
}

/** Nothing happens but what is sent. */
export const FAIR: Weather = {
  duplicates: false,
  slowLinks: false,
  isolated: false,
  deaths: 0,
  cancel: false,
  signals: 0,
};

interface Queued {
  readonly envelope: Envelope;
  /** Deliveries made before it would arrive if every choice were 0. */
  readonly due: number;
}

interface Queue {
  readonly to: string;
  readonly latency: number;
  readonly waiting: Queued[];
  /** When the latest message is due: the next one is not due before. */
  last: number;
}

export class OrderedNetwork implements Network {
  readonly #weather: Weather;
  readonly #rcomps: number;
  readonly #choose: Choose;
  readonly #queues = new Map<string, Queue>();
  /** Queues that are not empty. */
  readonly #busy: Queue[] = [];
  /** Repetitions under way, bound to no order. */
  readonly #late: Queued[] = [];
  #sent = 0;
  #delivered = 0;
  #deaths = 0;
  #calm = false;
  #cancelled = false;
  #signals = 0;

  constructor(weather: Weather, rcomps: number, choose: Choose) {
    this.#weather = weather;
    this.#rcomps = rcomps;
    this.#choose = choose;
  }

  get now(): number {
    return this.#delivered;
  }

  post(envelope: Envelope): void {
    const queue = this.#queueOf(envelope.from, envelope.to);
    const sent = this.#weather.isolated
      ? { ...envelope, message: structuredClone(envelope.message) }
      : envelope;
    this.#sent += 1;
    if (queue.waiting.length === 0) this.#busy.push(queue);
    queue.waiting.push({ envelope: sent, due: Math.max(queue.last, this.#sent + queue.latency) });
    queue.last = queue.waiting.at(-1)!.due;
  }

  next(): Delivery | Mishap | null {
    return this.#mishap() ?? this.#deliver();
  }

  #deliver(): Delivery | null {
    const candidates = this.#busy.length + this.#late.length;
    if (candidates === 0) return null;
    const nth = this.#choose(candidates) || this.#earliest();
    const repetition = nth - this.#busy.length;
    if (repetition >= 0) return this.#arrived(this.#late.splice(repetition, 1)[0]!.envelope, true);
    const queue = this.#busy[nth]!;
    const { envelope } = queue.waiting.shift()!;
    if (queue.waiting.length === 0) this.#busy.splice(nth, 1);
    this.#repeat(envelope);
    return this.#arrived(envelope, false);
  }

  #arrived(envelope: Envelope, repeated: boolean): Delivery {
    this.#delivered += 1;
    return { ...envelope, repeated, received: this.#delivered, deadly: this.#isDeadly(envelope) };
  }

  #isDeadly({ message }: Envelope): boolean {
    if (message.type !== 'execute' || !this.#mayDie()) return false;
    this.#deaths += 1;
    return true;
  }

  #mayDie(): boolean {
    return this.#deaths < this.#weather.deaths && this.#rarely();
  }

  #rarely(): boolean {
    return this.#choose(RARE) === RARE - 1;
  }

  /** What goes wrong before the next message arrives. */
  #mishap(): Mishap | null {
    if (this.#calm) return null;
    const { cancel, signals } = this.#weather;
    if (this.#mayDie()) {
      this.#deaths += 1;
      return { kind: 'rcomp-crash', rcomp: this.#choose(this.#rcomps) };
    }
    if (cancel && !this.#cancelled && this.#rarely()) {
      this.#cancelled = true;
      return { kind: 'cancel' };
    }
    if (this.#signals < signals && this.#rarely()) {
      this.#signals += 1;
      const word = SYSTEM_RANGE.base + 8 * this.#choose(SYSTEM_RANGE.length / 8);
      return { kind: 'clock-jump', word, events: 1 };
    }
    return null;
  }

  calm(): void {
    this.#calm = true;
  }

  forget(receiver: Address): void {
    const name = nameOfAddress(receiver);
    for (const queue of this.#busy) if (queue.to === name) queue.waiting.length = 0;
    keep(this.#busy, (queue) => queue.waiting.length > 0);
    keep(this.#late, ({ envelope }) => nameOfAddress(envelope.to) !== name);
  }

  /** The candidate that is due first; queues come before repetitions. */
  #earliest(): number {
    let first = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#busy.length; i += 1) {
      const { due } = this.#busy[i]!.waiting[0]!;
      if (due < least) [first, least] = [i, due];
    }
    for (let i = 0; i < this.#late.length; i += 1) {
      const { due } = this.#late[i]!;
      if (due < least) [first, least] = [this.#busy.length + i, due];
    }
    return first;
  }

  #queueOf(from: Address, to: Address): Queue {
    const toName = nameOfAddress(to);
    const name = `${nameOfAddress(from)} > ${toName}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      const latency = this.#weather.slowLinks ? LATENCIES[this.#choose(LATENCIES.length)]! : 0;
      queue = { to: toName, latency, waiting: [], last: 0 };
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #repeat(envelope: Envelope): void {
    if (!this.#weather.duplicates || !mayRepeat(envelope)) return;
    const copies = COPIES[this.#choose(COPIES.length)]!;
    for (let i = 0; i < copies; i += 1) {
      const delay = DELAYS[this.#choose(DELAYS.length)]!;
      this.#late.push({ envelope, due: this.#sent + delay });
    }
  }
}

function keep<T>(list: T[], wanted: (element: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(wanted));
}

/** Between actors only: what comes from the outside (compartments, devices, the client, the host) comes once. */
function mayRepeat({ from, to }: Envelope): boolean {
  return nameOfAddress(from) !== nameOfAddress(to) && [from, to].every(({ kind }) => !OUTSIDE.includes(kind));
}

/** Of so many choices the last one is the rare event. */
const RARE = 128;

const OUTSIDE: readonly ActorKind[] = ['compartment', 'device', 'client'];
const LATENCIES = [0, 0, 0, 0, 3, 10, 40, 200];
const COPIES = [0, 0, 0, 0, 0, 1, 1, 2];
const DELAYS = [0, 2, 10, 50, 300];
