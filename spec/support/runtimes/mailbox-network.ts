/**
 * nact's order of messages as a network of the simulator: one mailbox a receiver, whoever sends; a mailbox with something
 * in it is scheduled once; whose turn it is reads all that has come by then.
 */

import type { Mishap } from '../../../sim/mishap.ts';
import type { Delivery, Envelope, Network } from '../../../sim/network.ts';
import { type Address, nameOfAddress } from '../../../src/actors/address.ts';
import type { Course } from './course.ts';

interface Mailbox {
  readonly owner: Address;
  readonly waiting: Envelope[];
}

export class MailboxNetwork implements Network {
  readonly #course: Course;
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #scheduled: Mailbox[] = [];
  /** Whose turn it is, and what it has not read of what was there when the turn began. */
  #reader: Mailbox | null = null;
  #batch: Envelope[] = [];
  #delivered = 0;

  constructor(course: Course) {
    this.#course = course;
  }

  get now(): number {
    return this.#delivered;
  }

  post(envelope: Envelope): void {
    const mailbox = this.#mailboxOf(envelope.to);
    mailbox.waiting.push(envelope);
    if (mailbox.waiting.length === 1 && mailbox !== this.#reader) this.#scheduled.push(mailbox);
  }

  next(): Delivery | Mishap | null {
    if (this.#batch.length === 0) {
      this.#endTurn();
      if (this.#scheduled.length === 0) return null;
      const mishap = this.#course.interruption() ?? this.#beginTurn();
      if (mishap !== null) return mishap;
    }
    const envelope = this.#batch.shift()!;
    this.#delivered += 1;
    const deadly = envelope.message.type === 'execute' && this.#course.kills();
    return { ...envelope, repeated: false, received: this.#delivered, deadly };
  }

  forget(receiver: Address): void {
    const mailbox = this.#mailboxOf(receiver);
    mailbox.waiting.length = 0;
    const at = this.#scheduled.indexOf(mailbox);
    if (at >= 0) this.#scheduled.splice(at, 1);
  }

  calm(): void {
    this.#course.calm();
  }

  /** What has come to the reader during its turn, it reads in another one. */
  #endTurn(): void {
    if (this.#reader !== null && this.#reader.waiting.length > 0) this.#scheduled.push(this.#reader);
    this.#reader = null;
  }

  /** The death of the RComp whose turn it would be; null if it lives. */
  #beginTurn(): Mishap | null {
    const nth = this.#course.turn(this.#scheduled.length);
    const reader = this.#scheduled[nth]!;
    if (reader.owner.kind === 'rcomp' && this.#course.kills())
      return { kind: 'rcomp-crash', rcomp: Number(reader.owner.id) };
    this.#scheduled.splice(nth, 1);
    this.#reader = reader;
    this.#batch = reader.waiting.splice(0);
    return null;
  }

  #mailboxOf(owner: Address): Mailbox {
    const name = nameOfAddress(owner);
    let mailbox = this.#mailboxes.get(name);
    if (mailbox === undefined) {
      mailbox = { owner, waiting: [] };
      this.#mailboxes.set(name, mailbox);
    }
    return mailbox;
  }
}
