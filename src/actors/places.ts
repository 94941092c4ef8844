/**
 * Who keeps the pages of each home: a directory that the master writes and everybody else has a copy of, perhaps an old
 * one. It has a generation, and each replica a number that no other replica of the machine has: so nobody takes a replica
 * for the one that stood in its place before.
 */

import { invariant } from '../invariant.ts';
import { type Address, addressOf } from './address.ts';
import type { MachineConfig } from './config.ts';

/** One of those who keep a home's pages. */
export interface Replica {
  readonly node: number;
  /** Its own number. */
  readonly replica: number;
  /** It has everything; if not, it holds what is staged there and is told what is decided, and copies the rest. */
  readonly ready: boolean;
}

export interface Places {
  /** Counted from 0; what a newer one says replaces all that an older one has said. */
  readonly generation: number;
  /** By home. One that nobody keeps now is empty, unless it is lost: it begins anew. */
  readonly homes: readonly (readonly Replica[])[];
  /** Homes of which something is lost for good. */
  readonly lost: readonly number[];
}

/**
 * As a machine begins, before its master has moved anything: home n stands at node n, n + 1, …, round and round; all of
 * them at the master's node, if that keeps everything.
 */
export function placesAtFirst({ homes, nodes: all, replicas, keepsAll }: MachineConfig): Places {
  const nodes = keepsAll ? 1 : all;
  const copies = Math.min(replicas, nodes);
  return {
    generation: 0,
    lost: [],
    homes: Array.from({ length: homes }, (_, home) =>
      Array.from({ length: copies }, (_, copy) => ({
        node: (home + copy) % nodes,
        replica: home * copies + copy,
        ready: true,
      })),
    ),
  };
}

/** Whichever of two is newer. */
export function newerPlaces(one: Places, other: Places): Places {
  return other.generation > one.generation ? other : one;
}

export function replicasOf({ homes }: Places, home: number): readonly Replica[] {
  const replicas = homes[home];
  invariant(replicas !== undefined, 'a home of this machine');
  return replicas;
}

/** All who keep the home's pages, or are about to. */
export function keepersOf(places: Places, home: number): Address<'home'>[] {
  return replicasOf(places, home).map(({ node }) => addressOf('home', home, node));
}

/** Whom somebody on `node` asks for the home's pages: the replica there, or one of the others; null if there is none. */
export function readerOf(places: Places, home: number, node: number): Address<'home'> | null {
  const ready = replicasOf(places, home).filter((replica) => replica.ready);
  const chosen = ready.find((replica) => replica.node === node) ?? ready[(home + node) % ready.length];
  return chosen === undefined ? null : addressOf('home', home, chosen.node);
}
