/**
 * A network with virtual time: nodes with links between them, actors that take their time, and whatever the decisions
 * say goes wrong. Between nodes messages are sent until they are acknowledged, as sessions over WebSocket do it: none is
 * lost for good while both ends live, and from one actor to another they arrive in the order of sending; but late,
 * perhaps again, and in any other order.
 */

import type { Address } from '../../src/actors/address.ts';
import type { Decisions } from '../decisions.ts';
import { FaultCounts, type FaultKind } from '../faults.ts';
import { isLinkMishap, type Mishap, type TimedMishap } from '../mishap.ts';
import type { Delivery, Envelope, Network } from '../network.ts';
import { Agenda } from './agenda.ts';
import type { Codec } from './codec.ts';
import type { Event } from './event.ts';
import { Fingerprint } from './fingerprint.ts';
import type { Flight } from './flight.ts';
import { Links } from './links.ts';
import type { Pace } from './pace.ts';
import type { Pair } from './pair.ts';
import { isWaiting, type Processor, processorOn, takeOldest } from './processor.ts';
import { type Place, Roster } from './roster.ts';

export class TimedNetwork implements Network {
  readonly counts = new FaultCounts();
  readonly fingerprint = new Fingerprint();
  mayDie: (node: number) => boolean = () => true;
  readonly #pace: Pace;
  readonly #decisions: Decisions;
  readonly #codec: Codec;
  readonly #roster: Roster;
  readonly #links: Links;
  readonly #events = new Agenda<Event>();
  readonly #processors = new Map<string, Processor>();
  /** By node. */
  readonly #pausedUntil: number[];
  readonly #downUntil: number[];
  readonly #slow: { factor: number; until: number }[];
  #nextMishap: TimedMishap | null;
  #now = 0;
  #number = 0;

  constructor(nodes: number, pace: Pace, decisions: Decisions, codec: Codec) {
    this.#pace = pace;
    this.#decisions = decisions;
    this.#codec = codec;
    this.#roster = new Roster(nodes, (address, node) => this.#processorFor(address, node));
    this.#pausedUntil = Array.from({ length: nodes }, () => 0);
    this.#downUntil = Array.from({ length: nodes }, () => 0);
    this.#slow = Array.from({ length: nodes }, () => ({ factor: 1, until: 0 }));
    this.#links = new Links(nodes, pace, this.#events);
    this.#nextMishap = decisions.nextMishap();
  }

  get now(): number {
    return this.#now;
  }

  post(envelope: Envelope, after: number): void {
    const pair = this.#pairOf(this.#roster.placeOf(envelope.from), this.#roster.placeOf(envelope.to));
    const { link } = pair;
    const { type } = envelope.message;
    pair.count += 1;
    const treatment = this.#decisions.treat(pair.name, pair.way, pair.count, type, this.#now);
    let due = this.#now + Math.ceil(after / this.#pace.instructions) + (link?.latency ?? this.#pace.local);
    if (treatment !== null) {
      due += (treatment.delay ?? 0) + (treatment.drops ?? 0) * this.#pace.resend;
      this.#count(treatment.delay, 'delay');
      this.#count(treatment.drops, 'drop');
      this.#count(treatment.deadly, 'compartment-death');
    }
    due = Math.max(due, pair.last);
    if (link !== null) {
      if (this.#pace.connections === 'one') due = Math.max(due, link.last);
      else if (due < link.last) this.counts.add('reorder');
      link.last = Math.max(link.last, due);
    }
    pair.last = due;
    const sent = link === null ? envelope : this.#codec.carry(envelope);
    this.#fly(sent, pair, due, false, treatment?.deadly === true);
    if (treatment?.repeat !== undefined) {
      this.counts.add('duplicate');
      this.#fly(sent, pair, due + treatment.repeat, true, false);
    }
    if (treatment?.replay !== undefined) {
      this.counts.add('late-replay');
      this.#fly(sent, pair, due + treatment.replay, true, false);
    }
  }

  next(): Delivery | Mishap | null {
    for (;;) {
      const due = this.#events.time;
      if (due === Number.POSITIVE_INFINITY) return null;
      if (this.#nextMishap !== null && this.#nextMishap.time <= due) {
        const mishap = this.#suffer();
        if (mishap !== null) return mishap;
        continue;
      }
      this.#now = Math.max(this.#now, due);
      const event = this.#events.take()!;
      switch (event.what) {
        case 'mishap':
          return event.mishap;
        case 'mend':
          this.#links.mend(event.link, this.#now);
          break;
        case 'release':
          this.#links.release(event.link, this.#now);
          break;
        case 'wake': {
          const delivery = this.#wake(event.processor);
          if (delivery !== null) return delivery;
          break;
        }
        case 'flight': {
          const delivery = this.#arrive(event.flight);
          if (delivery !== null) return delivery;
        }
      }
    }
  }

  calm(): void {
    this.#nextMishap = null;
  }

  forget(receiver: Address): void {
    this.#roster.placeOf(receiver).deaths += 1;
  }

  #count(times: number | true | undefined, kind: FaultKind): void {
    if (times !== undefined) this.counts.add(kind);
  }

  #fly(envelope: Envelope, pair: Pair, due: number, repeated: boolean, deadly: boolean): void {
    const from = this.#roster.placeOf(envelope.from);
    const to = this.#roster.placeOf(envelope.to);
    this.#number += 1;
    const flight = {
      envelope,
      from,
      to,
      link: pair.link,
      repeated,
      deadly,
      number: this.#number,
      deaths: to.deaths,
    };
    this.#events.push(due, { what: 'flight', flight });
  }

  #arrive(flight: Flight): Delivery | null {
    const { link } = flight;
    if (link?.isHolding(this.#now) === true) {
      link.held.push(flight);
      return null;
    }
    if (link !== null && !flight.repeated) link.delivered(flight);
    const { processor } = flight.to;
    if (processor === null) return this.#deliver(flight);
    processor.inbox.push(flight);
    return processor.awaited ? null : this.#wake(processor);
  }

  /** The processor's oldest message, if it has the time for it now. */
  #wake(processor: Processor): Delivery | null {
    processor.awaited = false;
    while (isWaiting(processor)) {
      const free = Math.max(processor.freeAt, this.#pausedUntil[processor.node]!);
      if (free > this.#now) {
        this.#await(processor, free);
        return null;
      }
      const flight = takeOldest(processor);
      const delivery = this.#deliver(flight);
      if (delivery === null) continue;
      processor.freeAt = this.#now + this.#costOf(flight, processor.node);
      if (isWaiting(processor)) this.#await(processor, processor.freeAt);
      return delivery;
    }
    return null;
  }

  #await(processor: Processor, time: number): void {
    processor.awaited = true;
    this.#events.push(time, { what: 'wake', processor });
  }

  #deliver({ envelope, from, to, repeated, deadly, number, deaths }: Flight): Delivery | null {
    if (deaths !== to.deaths || number < from.lostBefore) return null;
    this.fingerprint.add(from.index, to.index, envelope.message.type, this.#now);
    // Field by field: this is done for every message, and spreading takes longer than all the rest.
    return {
      number: envelope.number,
      from: envelope.from,
      to: envelope.to,
      message: envelope.message,
      step: envelope.step,
      decided: envelope.decided,
      time: envelope.time,
      repeated,
      received: this.#now,
      deadly,
    };
  }

  #costOf({ to, envelope }: Flight, node: number): number {
    const { type } = envelope.message;
    const { message, slice } = this.#pace;
    const executes = to.address.kind === 'rcomp' && EXECUTING.has(type);
    const { factor, until } = this.#slow[node]!;
    return (executes ? slice : message) * (this.#now < until ? factor : 1);
  }

  #pairOf(from: Place, to: Place): Pair {
    const known = from.pairs.get(to.index);
    if (known !== undefined) return known;
    const link = from.node === to.node ? null : this.#links.between(from.node, to.node);
    const own = from === to || isOutside(from) || isOutside(to);
    const way = link === null ? (own ? 'own' : 'local') : 'remote';
    const pair: Pair = { name: `${from.name}>${to.name}`, link, way, count: 0, last: 0 };
    from.pairs.set(to.index, pair);
    return pair;
  }

  #processorFor({ kind, id }: Address, node: number): Processor | null {
    if (kind === 'client' || kind === 'device') return null;
    const key = kind === 'rcomp' || kind === 'compartment' ? `${kind} ${id}` : `node ${node}`;
    const known = this.#processors.get(key) ?? processorOn(node);
    this.#processors.set(key, known);
    return known;
  }

  /** Null: it befalls somebody who is dead. */
  #suffer(): Mishap | null {
    const { time, mishap } = this.#nextMishap!;
    this.#nextMishap = this.#decisions.nextMishap();
    this.#now = Math.max(this.#now, time);
    if (
      mishap.kind === 'node-crash' &&
      (this.#now <= this.#downUntil[mishap.node]! || !this.mayDie(mishap.node))
    )
      return null;
    if (mishap.kind !== 'node-restart') this.counts.add(mishap.kind);
    if (isLinkMishap(mishap)) {
      this.#links.suffer(mishap, this.#now);
      return mishap;
    }
    switch (mishap.kind) {
      case 'slow-node':
        this.#slow[mishap.node] = { factor: mishap.factor, until: mishap.until };
        break;
      case 'pause':
        this.#pausedUntil[mishap.node] = Math.max(this.#pausedUntil[mishap.node]!, mishap.until);
        break;
      case 'node-crash':
        if (mishap.loses) this.#loseWhatCameFrom(mishap.node);
        this.#links.dropUnacknowledged(mishap.node);
        this.#downUntil[mishap.node] = mishap.until;
        this.#events.push(mishap.until, {
          what: 'mishap',
          mishap: { kind: 'node-restart', node: mishap.node },
        });
        break;
      case 'node-restart':
      case 'node-leave':
      case 'master-crash':
      case 'rcomp-crash':
      case 'clock-jump':
      case 'cancel':
      case 'device-failure':
        break;
    }
    return mishap;
  }

  #loseWhatCameFrom(node: number): void {
    for (const place of this.#roster.all)
      if (place.node === node && OF_A_NODE.has(place.address.kind)) place.lostBefore = this.#number + 1;
  }
}

/** What comes from there or goes there comes once. */
function isOutside({ address: { kind } }: Place): boolean {
  return kind === 'client' || kind === 'device' || kind === 'compartment';
}

/** What makes an RComp execute. */
const EXECUTING: ReadonlySet<string> = new Set(['start', 'pages', 'slice']);

/** What dies with a node. */
const OF_A_NODE: ReadonlySet<string> = new Set(['agent', 'rcomp', 'compartment', 'home']);
