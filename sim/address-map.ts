/** What is kept by address, without a text being made of each: this is asked for every message. */

import type { ActorKind, Address } from '../src/actors/address.ts';

/** Ids count through the whole cluster, so the node says nothing more. */
export class AddressMap<T> {
  readonly #kinds = new Map<ActorKind, Map<number | bigint, T>>();

  /** Undefined if nothing was ever set. */
  get({ kind, id }: Address): T | undefined {
    return this.#kinds.get(kind)?.get(id);
  }

  set({ kind, id }: Address, value: T): void {
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, new Map([[id, value]]));
    else known.set(id, value);
  }
}
