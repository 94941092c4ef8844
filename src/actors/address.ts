/** An actor's address is data: which node, what kind, which one. A router maps it to a mailbox or a link. */

export type ActorKind =
  | 'master'
  | 'agent'
  | 'rcomp'
  | 'home'
  | 'watcher'
  | 'io'
  | 'compartment'
  | 'device'
  | 'client';

export interface Address<K extends ActorKind = ActorKind> {
  /** Says something of a home only, which may live on several; where others live follows from their ids. */
  readonly node: number;
  readonly kind: K;
  /** Counted from 0 within its kind and node; a watcher's is its runner id. */
  readonly id: number | bigint;
}

export function addressOf<K extends ActorKind>(kind: K, id: number | bigint = 0, node = 0): Address<K> {
  return { node, kind, id };
}

/** The address as one word, for logs and keys: `home:3@0`. */
export function nameOfAddress(address: Address): string {
  return `${address.kind}:${typeof address.id === 'bigint' ? `0x${address.id.toString(16)}` : address.id}@${address.node}`;
}
