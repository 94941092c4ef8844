/** What goes wrong between messages, as plain data, so that a trace can hold it and a person read it. */

import { withThousands } from './report/plain-text.ts';

/** Nodes by their numbers; times in microseconds of virtual time. */
export type Mishap =
  /** Nothing passes between the two groups, both ways; or only from the first to the second; or one node is alone. */
  | {
      readonly kind: 'partition' | 'one-way-partition' | 'isolate';
      readonly nodes: readonly number[];
      readonly until: number;
    }
  /** One link carries nothing for a while. `half-open`: its sender notices late, and then sends again what was not acknowledged. */
  | {
      readonly kind: 'clog' | 'half-open';
      readonly from: number;
      readonly to: number;
      readonly until: number;
    }
  /** The connection breaks in mid-frame. What was not acknowledged is sent again on the next one: it may come twice. */
  | { readonly kind: 'reset'; readonly from: number; readonly to: number; readonly until: number }
  /** The node takes so many times as long for everything. */
  | { readonly kind: 'slow-node'; readonly node: number; readonly factor: number; readonly until: number }
  /** The node does nothing for a while, and nobody notices. */
  | { readonly kind: 'pause'; readonly node: number; readonly until: number }
  /** The node dies with all that it ran, and starts again. `noticedAfter`: so much later the master hears of its death. */
  | {
      readonly kind: 'node-crash';
      readonly node: number;
      readonly until: number;
      readonly noticedAfter: number;
      /** Whether what it had sent is lost with it. */
      readonly loses: boolean;
    }
  /** The node is there again, in its next incarnation. Follows from its crash. */
  | { readonly kind: 'node-restart'; readonly node: number }
  /** The node is to leave: it does once it has nothing of the program any more, and is not there again. */
  | { readonly kind: 'node-leave'; readonly node: number }
  /**
   * The master's node dies, and with it all of the program, which begins anew from its log. So many of the newest steps are
   * lost, but for those that the outside has heard of. So many are decided again on top of a checkpoint, or all of them.
   */
  | { readonly kind: 'master-crash'; readonly unsynced: number; readonly since: number }
  /** One RComp dies under whatever it runs, and a fresh one stands in its place. */
  | { readonly kind: 'rcomp-crash'; readonly rcomp: number }
  /** The clock jumps: so many ticks of the timer, or events of another system word, at once. */
  | { readonly kind: 'clock-jump'; readonly word: number; readonly events: number }
  /** The client cancels the run. */
  | { readonly kind: 'cancel' }
  /** The outside of an I/O actor fails. */
  | { readonly kind: 'device-failure'; readonly io: number };

/** What cuts links. */
export const LINK_MISHAPS = [
  'partition',
  'one-way-partition',
  'isolate',
  'clog',
  'half-open',
  'reset',
] as const satisfies readonly Mishap['kind'][];

export type LinkMishap = Extract<Mishap, { readonly kind: (typeof LINK_MISHAPS)[number] }>;

export function isLinkMishap(mishap: Mishap): mishap is LinkMishap {
  return (LINK_MISHAPS as readonly string[]).includes(mishap.kind);
}

/** One at a time in virtual time. */
export interface TimedMishap {
  readonly time: number;
  readonly mishap: Mishap;
}

/** For a person: `partition of nodes 0, 2 from all others until 3,400 µs`. */
export function mishapText(mishap: Mishap): string {
  const { kind } = mishap;
  const until = 'until' in mishap ? ` until ${withThousands(mishap.until)} µs` : '';
  switch (mishap.kind) {
    case 'partition':
      return `${kind}: nodes ${mishap.nodes.join(', ')} and the others do not hear each other${until}`;
    case 'one-way-partition':
      return `${kind}: nodes ${mishap.nodes.join(', ')} are not heard by the others${until}`;
    case 'isolate':
      return `${kind}: node ${mishap.nodes.join(', ')} hears nobody and is not heard${until}`;
    case 'clog':
    case 'half-open':
    case 'reset':
      return `${kind}: link from node ${mishap.from} to node ${mishap.to}${until}`;
    case 'slow-node':
      return `${kind}: node ${mishap.node} takes ${mishap.factor} times as long${until}`;
    case 'pause':
      return `${kind}: node ${mishap.node} does nothing${until}`;
    case 'node-crash': {
      const lost = mishap.loses ? ', what it sent is lost' : '';
      return `${kind}: node ${mishap.node} is dead${until}, noticed after ${withThousands(mishap.noticedAfter)} µs${lost}`;
    }
    case 'node-restart':
      return `${kind}: node ${mishap.node} is there again`;
    case 'node-leave':
      return `${kind}: node ${mishap.node} is to leave`;
    case 'master-crash':
      return `${kind}: the program begins anew from its log, without the ${mishap.unsynced} newest steps as far as nobody has heard of them, from a checkpoint before the last ${mishap.since}`;
    case 'rcomp-crash':
      return `${kind}: rcomp ${mishap.rcomp} dies, and another takes its place`;
    case 'clock-jump':
      return `${kind}: the system word 0x${mishap.word.toString(16)} gets ${mishap.events} events`;
    case 'cancel':
      return `${kind}: the client cancels the run`;
    case 'device-failure':
      return `${kind}: the outside of io ${mishap.io} fails`;
  }
}

/** What a cluster has that something may befall. */
export interface Befallen {
  readonly nodes: number;
  readonly rcomps: number;
  /** I/O actors. */
  readonly ios: number;
  /** Nodes that may die or leave. */
  readonly mortal: readonly number[];
  /** Whether what is decided is kept on a disk. */
  readonly hasDisk: boolean;
}

/** Whether there is what it befalls: a trace may be of a larger cluster. */
export function canBefall(mishap: Mishap, { nodes, rcomps, ios, mortal, hasDisk }: Befallen): boolean {
  switch (mishap.kind) {
    case 'partition':
    case 'one-way-partition':
    case 'isolate':
      return mishap.nodes.every((node) => node < nodes);
    case 'clog':
    case 'half-open':
    case 'reset':
      return mishap.from < nodes && mishap.to < nodes;
    case 'slow-node':
    case 'pause':
      return mishap.node < nodes;
    case 'node-crash':
    case 'node-restart':
    case 'node-leave':
      return mortal.includes(mishap.node);
    case 'master-crash':
      return hasDisk;
    case 'rcomp-crash':
      return mishap.rcomp < rcomps;
    case 'device-failure':
      return mishap.io < ios;
    case 'clock-jump':
    case 'cancel':
      return true;
  }
}
