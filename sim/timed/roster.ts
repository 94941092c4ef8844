/** Every actor that has been heard of, as one object each, so that what is kept about it needs no lookup by text. */

import { type Address, nameOfAddress } from '../../src/actors/address.ts';
import { nodeOf } from '../../src/actors/placement.ts';
import { AddressMap } from '../address-map.ts';
import type { Pair } from './pair.ts';
import type { Processor } from './processor.ts';

export interface Place {
  readonly index: number;
  /** `rcomp:3`: ids count through the whole cluster, so the node says nothing more; but of a home: `home:3@1`. */
  readonly name: string;
  readonly address: Address;
  readonly node: number;
  /** What handles its messages, one at a time; null: it takes no time. */
  readonly processor: Processor | null;
  /** To each receiver, by its index. */
  readonly pairs: Map<number, Pair>;
  /** Messages posted before its latest death never arrive. */
  deaths: number;
  /** What it had sent before this message was lost with it. */
  lostBefore: number;
}

export class Roster {
  readonly #places = new AddressMap<Place>();
  readonly #nodes: number;
  readonly #processorOf: (address: Address, node: number) => Processor | null;
  readonly all: Place[] = [];

  constructor(nodes: number, processorOf: (address: Address, node: number) => Processor | null) {
    this.#nodes = nodes;
    this.#processorOf = processorOf;
  }

  placeOf(address: Address): Place {
    const known = this.#places.get(address);
    if (known !== undefined) return known;
    const node = nodeOf(address, { nodes: this.#nodes });
    const place: Place = {
      index: this.all.length,
      name: address.kind === 'home' ? nameOfAddress(address) : nameOfAddress(address).replace(/@.*/, ''),
      address,
      node,
      processor: this.#processorOf(address, node),
      pairs: new Map(),
      deaths: 0,
      lostBefore: 0,
    };
    this.#places.set(address, place);
    this.all.push(place);
    return place;
  }
}
