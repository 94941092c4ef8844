/** Who lives in a simulated cluster: actors by their addresses, and what each node is made of. */

import { type Actor, addressOfInit } from '../src/actors/actor.ts';
import { type Address, addressOf, nameOfAddress } from '../src/actors/address.ts';
import type { MachineConfig, MemoryMap } from '../src/actors/config.ts';
import type { Init } from '../src/actors/init.ts';
import type { MasterState } from '../src/actors/master-state.ts';
import type { HomeState } from '../src/actors/page-home.ts';
import { nodeOf } from '../src/actors/placement.ts';
import { AddressMap } from './address-map.ts';
import { SimulatedCompartment } from './compartments.ts';

type AgentInit = Extract<Init, { readonly kind: 'agent' }>;

export class Population {
  readonly #config: MachineConfig;
  readonly #map: MemoryMap;
  readonly #forget: (receiver: Address) => void;
  /** Null: there was one once, and messages to it are dropped. */
  readonly #actors = new AddressMap<Actor | null>();
  /** Of all of them. */
  readonly #addresses: Address[] = [];
  /** What agents and RComps are made from, by node. */
  readonly #inits = new Map<number, Init[]>();
  readonly #compartments = new Map<number, SimulatedCompartment>();
  /** Page homes that live, by node. */
  readonly #homes = new Map<number, Map<number | bigint, Address>>();

  /** `forget`: what is under way to somebody is lost. */
  constructor(config: MachineConfig, map: MemoryMap, forget: (receiver: Address) => void) {
    this.#config = config;
    this.#map = map;
    this.#forget = forget;
  }

  /** Null: not any more. */
  at(address: Address): Actor | null {
    const actor = this.#actors.get(address);
    if (actor === undefined) throw new Error(`nobody was ever at ${nameOfAddress(address)}`);
    return actor;
  }

  lives(address: Address): boolean {
    return (this.#actors.get(address) ?? null) !== null;
  }

  get master(): MasterState {
    return this.at(addressOf('master'))!.look?.() as MasterState;
  }

  /** Which replica of the home stands on the node; undefined if none does. */
  replicaOn(home: number, node: number): number | undefined {
    const actor = this.#actors.get(addressOf('home', home, node));
    return (actor?.look?.() as HomeState | undefined)?.replica;
  }

  compartmentAt({ id }: Address): SimulatedCompartment {
    const known = this.#compartments.get(Number(id));
    if (known !== undefined) return known;
    const made = new SimulatedCompartment(this.#config, this.#map);
    this.#compartments.set(Number(id), made);
    return made;
  }

  /** Somebody who has never been there, or is there again. */
  enter(init: Init, actor: Actor): void {
    const address = addressOfInit(init);
    if (this.lives(address)) throw new Error(`${nameOfAddress(address)} is born twice`);
    if (this.#actors.get(address) === undefined) this.#enrol(init, address);
    if (init.kind === 'home') {
      const homes = this.#homes.get(init.node) ?? new Map<number | bigint, Address>();
      this.#homes.set(init.node, homes.set(init.id, address));
    }
    this.#actors.set(address, actor);
  }

  /** An actor has ended by itself. */
  leave(address: Address): void {
    this.#actors.set(address, null);
    if (address.kind === 'home') this.#homes.get(address.node)?.delete(address.id);
  }

  /** An actor has died, and its compartment with it. */
  bury(address: Address): void {
    this.#forget(address);
    this.leave(address);
    if (address.kind !== 'rcomp') return;
    this.#forget(addressOf('compartment', address.id));
    this.#compartments.delete(Number(address.id));
  }

  /** A node has died, with the pages that it kept. */
  buryNode(node: number): void {
    for (const init of this.initsOf(node)) this.bury(addressOfInit(init));
    for (const address of [...(this.#homes.get(node)?.values() ?? [])]) this.bury(address);
  }

  /** Nothing of the program lives. Who is born from now on has no earlier life that anybody knows of. */
  buryAll(): void {
    for (const address of this.#addresses) this.bury(address);
    for (const [node, inits] of this.#inits) this.#inits.set(node, inits.map(unborn));
  }

  keepsPages(node: number): boolean {
    return (this.#homes.get(node)?.size ?? 0) > 0;
  }

  /** Nodes that are there. */
  nodes(): number[] {
    return [...this.#inits.keys()].filter((node) => this.lives(addressOf('agent', node)));
  }

  initsOf(node: number): readonly Init[] {
    return this.#inits.get(node) ?? [];
  }

  agentOf(node: number): AgentInit {
    return this.initsOf(node).find((init) => init.kind === 'agent')!;
  }

  rcomp(id: number): Extract<Init, { readonly kind: 'rcomp' }> | undefined {
    const node = nodeOf(addressOf('rcomp', id), this.#config);
    return this.initsOf(node).find((init) => init.kind === 'rcomp' && init.id === id) as ReturnType<
      Population['rcomp']
    >;
  }

  /** What the node is made from when it starts again. */
  nextLife(node: number): readonly Init[] {
    const inits = this.initsOf(node).map(inItsNextLife);
    this.#inits.set(node, inits);
    return inits;
  }

  #enrol(init: Init, address: Address): void {
    this.#addresses.push(address);
    if (init.kind !== 'rcomp' && init.kind !== 'agent') return;
    const node = nodeOf(address, this.#config);
    this.#inits.set(node, [...this.initsOf(node), init]);
  }
}

function inItsNextLife(init: Init): Init {
  return init.kind === 'agent' ? { ...init, incarnation: init.incarnation + 1 } : init;
}

function unborn(init: Init): Init {
  return init.kind === 'agent' ? { ...init, incarnation: 0 } : init;
}
