/**
 * The messages under way. From one sender to one receiver they arrive in order; every other order is possible, and a
 * chooser picks it.
 */

import { type Address, nameOfAddress } from '../src/actors/address.ts';
import type { ActorKind, MessageTo } from '../src/actors/protocol.ts';
import type { Choose } from './random.ts';

export type AnyMessage = MessageTo[ActorKind];

export interface Envelope {
  readonly from: Address;
  readonly to: Address;
  readonly message: AnyMessage;
  /** Deliveries made and versions decided when it was sent. */
  readonly step: number;
  readonly decided: number;
}

export interface Delivery extends Envelope {
  /** Whether an earlier delivery brought the same message. */
  readonly repeated: boolean;
}

export interface NetworkOptions {
  /** Messages between actors arrive once to three times, the repetitions perhaps much later. */
  readonly duplicates: boolean;
  /** Some pairs are drawn to be slow. */
  readonly slowLinks: boolean;
  /** Receivers get a structured clone of what was sent; so nobody can share state through a message. */
  readonly isolated: boolean;
}

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

/** What carries messages and says which arrives next. */
export interface Network {
  post(envelope: Envelope): void;
  /** The next message to arrive, or null if none is under way. */
  deliver(): Delivery | null;
  /** The receiver has died: what is under way to it is lost. */
  forget(receiver: Address): void;
}

export class OrderedNetwork implements Network {
  readonly #options: NetworkOptions;
  readonly #choose: Choose;
  readonly #queues = new Map<string, Queue>();
  /** Queues that are not empty. */
  readonly #busy: Queue[] = [];
  /** Repetitions under way, bound to no order. */
  readonly #late: Queued[] = [];
  #now = 0;

  constructor(options: NetworkOptions, choose: Choose) {
    this.#options = options;
    this.#choose = choose;
  }

  post(envelope: Envelope): void {
    const queue = this.#queueOf(envelope.from, envelope.to);
    const sent = this.#options.isolated
      ? { ...envelope, message: structuredClone(envelope.message) }
      : envelope;
    this.#now += 1;
    if (queue.waiting.length === 0) this.#busy.push(queue);
    queue.waiting.push({ envelope: sent, due: Math.max(queue.last, this.#now + queue.latency) });
    queue.last = queue.waiting.at(-1)!.due;
  }

  deliver(): Delivery | null {
    const candidates = this.#busy.length + this.#late.length;
    if (candidates === 0) return null;
    const nth = this.#choose(candidates) || this.#earliest();
    const repetition = nth - this.#busy.length;
    if (repetition >= 0) return { ...this.#late.splice(repetition, 1)[0]!.envelope, repeated: true };
    const queue = this.#busy[nth]!;
    const { envelope } = queue.waiting.shift()!;
    if (queue.waiting.length === 0) this.#busy.splice(nth, 1);
    this.#repeat(envelope);
    return { ...envelope, repeated: false };
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
      const latency = this.#options.slowLinks ? LATENCIES[this.#choose(LATENCIES.length)]! : 0;
      queue = { to: toName, latency, waiting: [], last: 0 };
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #repeat(envelope: Envelope): void {
    if (!this.#options.duplicates || !mayRepeat(envelope)) return;
    const copies = COPIES[this.#choose(COPIES.length)]!;
    for (let i = 0; i < copies; i += 1) {
      const delay = DELAYS[this.#choose(DELAYS.length)]!;
      this.#late.push({ envelope, due: this.#now + delay });
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

const OUTSIDE: readonly ActorKind[] = ['compartment', 'device', 'client'];
const LATENCIES = [0, 0, 0, 0, 3, 10, 40, 200];
const COPIES = [0, 0, 0, 0, 0, 1, 1, 2];
const DELAYS = [0, 2, 10, 50, 300];
