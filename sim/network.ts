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
  /** Versions decided when it was sent. */
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
}

export class Network {
  readonly #options: NetworkOptions;
  readonly #choose: Choose;
  readonly #queues = new Map<string, Queue>();
  /** Repetitions under way, bound to no order. */
  readonly #late: Queued[] = [];
  #now = 0;

  constructor(options: NetworkOptions, choose: Choose) {
    this.#options = options;
    this.#choose = choose;
  }

  get idle(): boolean {
    return this.#late.length === 0 && [...this.#queues.values()].every((queue) => queue.waiting.length === 0);
  }

  post(envelope: Envelope): void {
    const queue = this.#queueOf(envelope.from, envelope.to);
    const sent = this.#options.isolated
      ? { ...envelope, message: structuredClone(envelope.message) }
      : envelope;
    const last = queue.waiting.at(-1);
    this.#now += 1;
    queue.waiting.push({ envelope: sent, due: Math.max(last?.due ?? 0, this.#now + queue.latency) });
  }

  /** The next message to arrive, or null if none is under way. */
  deliver(): Delivery | null {
    const heads = [...this.#queues.values()]
      .filter((queue) => queue.waiting.length > 0)
      .map((queue) => ({ ...queue.waiting[0]!, queue }));
    const candidates: (Queued & { readonly queue?: Queue })[] = [...heads, ...this.#late];
    if (candidates.length === 0) return null;
    const nth = this.#choose(candidates.length);
    const picked = nth === 0 ? earliest(candidates) : candidates.sort((a, b) => a.due - b.due)[nth]!;
    if (picked.queue === undefined) {
      this.#late.splice(this.#late.indexOf(picked), 1);
      return { ...picked.envelope, repeated: true };
    }
    picked.queue.waiting.shift();
    this.#repeat(picked.envelope);
    return { ...picked.envelope, repeated: false };
  }

  /** The receiver has died: what is under way to it is lost. */
  forget(receiver: Address): void {
    const name = nameOfAddress(receiver);
    for (const queue of this.#queues.values()) if (queue.to === name) queue.waiting.length = 0;
    const others = this.#late.filter(({ envelope }) => nameOfAddress(envelope.to) !== name);
    this.#late.splice(0, this.#late.length, ...others);
  }

  #queueOf(from: Address, to: Address): Queue {
    const toName = nameOfAddress(to);
    const name = `${nameOfAddress(from)} > ${toName}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      const latency = this.#options.slowLinks ? LATENCIES[this.#choose(LATENCIES.length)]! : 0;
      queue = { to: toName, latency, waiting: [] };
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

/** Between actors only: what comes from the outside (devices, the client, the host) comes once. */
function mayRepeat({ from, to }: Envelope): boolean {
  return (
    nameOfAddress(from) !== nameOfAddress(to) &&
    [from, to].every(({ kind }) => kind !== 'device' && kind !== 'client')
  );
}

function earliest<Q extends Queued>(candidates: readonly Q[]): Q {
  return candidates.reduce((first, next) => (next.due < first.due ? next : first));
}

const LATENCIES = [0, 0, 0, 0, 3, 10, 40, 200];
const COPIES = [0, 0, 0, 0, 0, 1, 1, 2];
const DELAYS = [0, 2, 10, 50, 300];
