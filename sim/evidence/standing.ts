/** Which replicas of homes stand somewhere: whoever has gone hears nothing and answers nothing. */

import { type Address, addressOf, nameOfAddress } from '../../src/actors/address.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import { placesAtFirst } from '../../src/actors/places.ts';
import type { HomeReplica } from '../../src/actors/protocol.ts';

export class Standing {
  /** With its own number. */
  readonly #homes = new Map<string, { readonly address: Address; readonly replica: number }>();

  constructor(config: MachineConfig) {
    placesAtFirst(config).homes.forEach((replicas, home) => {
      for (const { node, replica } of replicas) this.made(node, [{ home, replica }]);
    });
  }

  get all(): Address[] {
    return [...this.#homes.values()].map(({ address }) => address);
  }

  has(home: Address): boolean {
    return this.#homes.has(nameOfAddress(home));
  }

  /** Whether this very replica stands there. */
  is(home: Address, replica: number): boolean {
    return this.#homes.get(nameOfAddress(home))?.replica === replica;
  }

  /** A node has made them. */
  made(node: number, replicas: readonly HomeReplica[]): void {
    for (const { home, replica } of replicas) {
      const address = addressOf('home', home, node);
      this.#homes.set(nameOfAddress(address), { address, replica });
    }
  }

  retired(home: Address): void {
    this.#homes.delete(nameOfAddress(home));
  }

  died(node: number): void {
    for (const [name, { address }] of this.#homes) if (address.node === node) this.#homes.delete(name);
  }
}
