/** What is kept by address, without a text being made of each: this is asked for every message. */

import type { ActorKind, Address } from '../src/actors/address.ts';

/** More than a machine has homes. */
const HOMES = 2 ** 20;

/** Ids count through the whole cluster, so the node says nothing more; but homes have replicas on several. */
function keyOf({ kind, id, node }: Address): number | bigint {
  return kind === 'home' ? Number(id) + node * HOMES : id;
}

export class AddressMap<T> {
  readonly #kinds = new Map<ActorKind, Map<number | bigint, T>>();

  /** Undefined if nothing was ever set. */
  get(address: Address): T | undefined {
    return this.#kinds.get(address.kind)?.get(keyOf(address));
  }

  set(address: Address, value: T): void {
    const { kind } = address;
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, new Map([[keyOf(address), value]]));
    else known.set(keyOf(address), value);
  }
}
