/** Other nodes of a DVM, as one that is not the master's knows them: from what the master's node says. */

import type { Whereabouts } from '../link/web-socket-endpoint.ts';

interface Peer {
  readonly url: string;
  /** Looks in a row at which there was no connection. */
  missed: number;
  /** It says what is none: nothing more is heard from it. */
  isBroken: boolean;
}

/** Looks without a connection after which the master hears of it. */
const MOST_MISSED = 8;

export class Peers {
  readonly #peers = new Map<number, Peer>();
  readonly #gone = new Set<number>();

  whereabouts(node: number): Whereabouts {
    const peer = this.#peers.get(node);
    if (peer !== undefined) return { url: peer.url };
    // It may have heard of this node first.
    return this.#gone.has(node) ? 'left' : 'unknown';
  }

  /** Whether that is news. */
  add(node: number, url: string): boolean {
    if (this.#peers.has(node) || this.#gone.has(node)) return false;
    this.#peers.set(node, { url, missed: 0, isBroken: false });
    return true;
  }

  /** It counts as out of reach from now on. */
  distrust(node: number): void {
    const peer = this.#peers.get(node);
    if (peer !== undefined) peer.isBroken = true;
  }

  gone(node: number): void {
    this.#peers.delete(node);
    this.#gone.add(node);
  }

  /** All that are there. */
  nodes(): IterableIterator<number> {
    return this.#peers.keys();
  }

  /** Time has passed; answers those that have been out of reach for too long now, each now and then. */
  beat(isConnected: (node: number) => boolean): { readonly node: number; readonly url: string }[] {
    const cutOff: { node: number; url: string }[] = [];
    for (const [node, peer] of this.#peers) {
      peer.missed = isConnected(node) && !peer.isBroken ? 0 : peer.missed + 1;
      if (peer.missed > 0 && peer.missed % MOST_MISSED === 0) cutOff.push({ node, url: peer.url });
    }
    return cutOff;
  }
}

/**
 * Who of two nodes that do not reach each other is to be given up: whoever more others do not reach, else the one that came
 * later. Whoever is given up comes back as another node at the same place: so places count, not numbers.
 */
export class Rifts {
  /** By origin: the origins that it does not reach, or that do not reach it. */
  readonly #rifts = new Map<string, Set<string>>();

  between(one: Located, other: Located): number {
    const ones = this.#of(one).add(other.origin).size;
    const others = this.#of(other).add(one.origin).size;
    if (ones !== others) return ones > others ? one.node : other.node;
    return Math.max(one.node, other.node);
  }

  /** It reaches all others by now. */
  healed(origin: string): void {
    this.#rifts.delete(origin);
    for (const others of this.#rifts.values()) others.delete(origin);
  }

  #of({ origin }: Located): Set<string> {
    const known = this.#rifts.get(origin) ?? new Set();
    this.#rifts.set(origin, known);
    return known;
  }
}

interface Located {
  readonly node: number;
  readonly origin: string;
}
