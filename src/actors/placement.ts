/** Which node an actor lives on. Ids count through the whole machine, so that an address says enough without its node. */

import type { Address } from './address.ts';
import type { MachineConfig } from './config.ts';

type Spread = Pick<MachineConfig, 'nodes' | 'rcomps'>;

/** The node of the master, of all that it owns, and of whatever touches the outside. */
export const MASTER_NODE = 0;

/** A home's address says it; everything else that is no node's own stands beside the master. */
export function nodeOf({ kind, id, node }: Address, { nodes }: Pick<Spread, 'nodes'>): number {
  switch (kind) {
    case 'agent':
    case 'rcomp':
    case 'compartment':
      return Number(id) % nodes;
    case 'home':
      return node;
    case 'master':
    case 'watcher':
    case 'io':
    case 'device':
    case 'client':
      return MASTER_NODE;
  }
}

/** The agent that an RComp belongs to; an agent's id is its node's. */
export function agentOf(rcomp: number, { nodes }: Pick<Spread, 'nodes'>): number {
  return rcomp % nodes;
}

export function rcompsOf(agent: number, { nodes, rcomps }: Spread): number[] {
  const own: number[] = [];
  for (let rcomp = agent; rcomp < rcomps; rcomp += nodes) own.push(rcomp);
  return own;
}

/** RComps that a node of a cluster may have. */
export const RCOMPS_A_MEMBER = 4096;

/**
 * The node of a cluster whose nodes come and go: an agent's id is its node's number, an RComp's tells it, a home's address
 * says it, and everything else stands beside the master.
 */
export function memberOf({ kind, id, node }: Address): number {
  switch (kind) {
    case 'agent':
      return Number(id);
    case 'rcomp':
    case 'compartment':
      return Math.floor(Number(id) / RCOMPS_A_MEMBER);
    case 'home':
      return node;
    case 'master':
    case 'watcher':
    case 'io':
    case 'device':
    case 'client':
      return MASTER_NODE;
  }
}

/** Ids of a member's RComps. */
export function rcompsOfMember(node: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => node * RCOMPS_A_MEMBER + i);
}
