/** A transport within one process: sessions whose connections are microtasks. */

import { invariant } from '../../invariant.ts';
import type { Endpoint, Receiver, Transport } from './transport.ts';

const WINDOW = 64;

export class LocalTransport implements Transport {
  readonly window: number;
  readonly #receivers = new Map<number, Receiver>();
  readonly #left = new Set<number>();
  /** By sender and receiver. */
  readonly #sessions = new Map<string, Session>();

  constructor(window = WINDOW) {
    this.window = window;
  }

  join(node: number, receiver: Receiver): Endpoint {
    invariant(!this.#receivers.has(node) && !this.#left.has(node), 'a node joins once');
    this.#receivers.set(node, receiver);
    for (const session of this.#sessions.values()) if (session.to === node) session.connect();
    return { send: (to, frame) => this.#send(node, to, frame), close: () => this.#close(node) };
  }

  /** The connection between two nodes breaks: what is under way and not acknowledged goes again over the next one. */
  breakConnection(a: number, b: number): void {
    for (const { from, to } of [
      { from: a, to: b },
      { from: b, to: a },
    ])
      this.#sessions.get(nameOf(from, to))?.connect();
  }

  #send(from: number, to: number, frame: Uint8Array): boolean {
    if (this.#left.has(from)) return false;
    if (this.#left.has(to)) return true;
    return this.#session(from, to).send(frame);
  }

  async #close(node: number): Promise<void> {
    this.#left.add(node);
    this.#receivers.delete(node);
    const all = [...this.#sessions.values()];
    for (const session of all)
      if (session.to === node || (session.from === node && !this.#receivers.has(session.to))) session.end();
    await Promise.all(all.map((session) => (session.from === node ? session.flushed() : null)));
  }

  #session(from: number, to: number): Session {
    const known = this.#sessions.get(nameOf(from, to));
    if (known !== undefined) return known;
    const made = new Session(from, to, this.window, (node) => this.#receivers.get(node));
    this.#sessions.set(nameOf(from, to), made);
    return made;
  }
}

function nameOf(from: number, to: number): string {
  return `${from}>${to}`;
}

/** Frames from one node to another. Both ends of it live here; a connection is a number, and an old one is heeded no more. */
class Session {
  readonly from: number;
  readonly to: number;
  readonly #window: number;
  readonly #receiverAt: (node: number) => Receiver | undefined;
  /** Taken and not acknowledged. */
  readonly #pending: Uint8Array[] = [];
  /** Frames acknowledged, and frames that the receiver has begun to handle. */
  #acknowledged = 0;
  #begun = 0;
  #connection = 0;
  /** Frames that this connection has carried away. */
  #carried = 0;
  /** What the receiver does with one frame comes after what it did with the one before. */
  #handling: Promise<void> = Promise.resolve();
  #refused = false;
  #waiting: (() => void)[] = [];

  constructor(from: number, to: number, window: number, receiverAt: (node: number) => Receiver | undefined) {
    this.from = from;
    this.to = to;
    this.#window = window;
    this.#receiverAt = receiverAt;
  }

  send(frame: Uint8Array): boolean {
    if (this.#pending.length >= this.#window) {
      this.#refused = true;
      return false;
    }
    this.#pending.push(frame);
    this.#carry();
    return true;
  }

  /** A new connection: it carries what was not acknowledged, from the beginning. */
  connect(): void {
    this.#connection += 1;
    this.#carried = 0;
    this.#carry();
  }

  /** The receiver is no more. */
  end(): void {
    this.#connection += 1;
    this.#pending.length = 0;
    this.#wake();
  }

  async flushed(): Promise<void> {
    if (this.#pending.length > 0) await new Promise<void>((wake) => this.#waiting.push(wake));
  }

  #carry(): void {
    if (this.#receiverAt(this.to) === undefined) return;
    const connection = this.#connection;
    for (; this.#carried < this.#pending.length; this.#carried += 1) {
      const frame = this.#pending[this.#carried]!;
      const number = this.#acknowledged + this.#carried + 1;
      queueMicrotask(() => {
        if (connection === this.#connection) this.#arrive(number, frame);
      });
    }
  }

  #arrive(number: number, frame: Uint8Array): void {
    // Danger: it came over an earlier connection, which broke before it was acknowledged; it is being handled.
    if (number <= this.#begun) return;
    this.#begun = number;
    this.#handling = this.#handling.then(async () => {
      const receiver = this.#receiverAt(this.to);
      await receiver?.receive(this.from, frame);
      if (receiver !== undefined) this.#acknowledge();
    });
  }

  #acknowledge(): void {
    if (this.#pending.shift() === undefined) return;
    this.#acknowledged += 1;
    this.#carried = Math.max(0, this.#carried - 1);
    if (this.#pending.length === 0) this.#wake();
    if (!this.#refused) return;
    this.#refused = false;
    this.#receiverAt(this.from)?.room(this.to);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
