/** A network whose every decision is taken elsewhere, and which remembers what caused what. */

import { type Address, nameOfAddress } from '../../src/actors/address.ts';
import type { Mishap } from '../mishap.ts';
import type { Delivery, Envelope, Network } from '../network.ts';
import { deathOf, type Event, isDeath, receiverOf, type Step } from './event.ts';

/** Picks one of the steps that can happen next; the n-th call is for the n-th event. Deaths come last. */
export type Pick = (enabled: readonly Step[]) => Step;

interface Queue {
  readonly to: string;
  /** Each with the event that sent it. */
  readonly waiting: { readonly envelope: Envelope; readonly cause: number }[];
}

export class Schedule implements Network {
  /** What has happened until the final memory is read. */
  readonly events: Event[] = [];
  readonly #pick: Pick;
  readonly #queues = new Map<Step, Queue>();
  /** RComps that may die, by name. */
  readonly #mortal: readonly string[];
  #died = false;
  /** The program is over and its final memory is being read: in whatever order. */
  #reading = false;

  /** At most one of `mortal`, all RComps of the machine or none, dies. */
  constructor(pick: Pick, mortal: readonly string[]) {
    this.#pick = pick;
    this.#mortal = mortal;
  }

  get now(): number {
    return this.events.length;
  }

  post(envelope: Envelope): void {
    if (envelope.from.kind === 'client' && envelope.message.type === 'fetch') this.#reading = true;
    const to = nameOfAddress(envelope.to);
    const name = `${nameOfAddress(envelope.from)} > ${to}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = { to, waiting: [] };
      this.#queues.set(name, queue);
    }
    const cause = this.events.length - 1;
    queue.waiting.push({ envelope, cause });
    this.events[cause]?.sends.push(to);
  }

  next(): Delivery | Mishap | null {
    const step = this.#pickOf(this.#died ? [] : this.#mortal.map(deathOf));
    if (step === null) return null;
    if (isDeath(step)) return this.#die(receiverOf(step));
    const { to, waiting } = this.#queues.get(step)!;
    const { envelope, cause } = waiting.shift()!;
    if (!this.#reading) this.events.push({ step, at: to, cause, sends: [] });
    return { ...envelope, repeated: false, received: this.now, deadly: false };
  }

  forget(receiver: Address): void {
    const name = nameOfAddress(receiver);
    for (const queue of this.#queues.values()) if (queue.to === name) queue.waiting.length = 0;
  }

  calm(): void {
    this.#died = true;
  }

  #die(name: string): Mishap {
    this.#died = true;
    this.events.push({ step: deathOf(name), at: name, cause: -1, sends: [] });
    return { kind: 'rcomp-crash', rcomp: this.#mortal.indexOf(name) };
  }

  /** Null: nothing is under way. */
  #pickOf(deaths: readonly Step[]): Step | null {
    const enabled: Step[] = [];
    for (const [step, { waiting }] of this.#queues) if (waiting.length > 0) enabled.push(step);
    if (this.#reading || enabled.length === 0) return enabled[0] ?? null;
    return this.#pick([...enabled, ...deaths]);
  }
}
