/**
 * The agents of all nodes, kept by what the master may want of one: to have room, or to hear news. So a step looks at
 * those that it does something for, however many nodes there are.
 */

import { LinkedSet } from '../memory/linked-set.ts';
import type { Version } from '../memory/version.ts';
import type { Address } from './address.ts';

/** A node's agent, as the master sees it. */
export interface AgentRecord {
  readonly address: Address<'agent'>;
  readonly incarnation: number;
  readonly rcomps: number;
  /** Batches sent. */
  batch: number;
  /** Attempts that are out at this agent. */
  outstanding: number;
  /** The newest version that it has heard of, and of all that its homes have to do with it. */
  readable: Version;
  /** Who wants to hear that it has left; null: it stays. */
  leaving: Address<'client'> | null;
}

export class Agents {
  readonly #ahead: number;
  readonly #all = new Map<number, AgentRecord>();
  /** RComps stand idle there. */
  readonly #idle = new LinkedSet<AgentRecord>();
  /** All RComps are busy, and few runners are held ready. */
  readonly #spare = new LinkedSet<AgentRecord>();
  /** Runners are held ready; oldest: who has heard news longest ago. */
  readonly #holding = new LinkedSet<AgentRecord>();
  readonly #leaving = new Set<AgentRecord>();
  /** Looks at agents so far, for tests of cost. */
  looks = 0;

  /** `ahead`: runners that an agent holds ready beyond those that it runs. */
  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  get size(): number {
    return this.#all.size;
  }

  get(id: number): AgentRecord | undefined {
    return this.#all.get(id);
  }

  all(): Iterable<AgentRecord> {
    return this.#all.values();
  }

  join(id: number, agent: AgentRecord): void {
    this.#all.set(id, agent);
    this.#arrange(agent);
  }

  leave(id: number): void {
    const agent = this.#all.get(id);
    if (agent === undefined) return;
    this.#all.delete(id);
    for (const kind of [this.#idle, this.#spare, this.#holding, this.#leaving]) kind.delete(agent);
  }

  /** It gets nothing more. */
  retire(agent: AgentRecord, client: Address<'client'>): void {
    agent.leaving = client;
    this.#leaving.add(agent);
    this.#arrange(agent);
  }

  /** Those that are to leave. */
  get leaving(): Iterable<AgentRecord> {
    return this.#leaving;
  }

  /** An attempt is no longer out there. */
  free(agent: AgentRecord): void {
    agent.outstanding -= 1;
    this.#arrange(agent);
  }

  /** It has heard all there is to hear. */
  told(agent: AgentRecord, readable: Version): void {
    agent.readable = readable;
    if (this.#holding.has(agent)) this.#holding.add(agent);
  }

  /** Attempts that may be sent there at once; a node without RComps keeps pages only. */
  roomOf({ rcomps, outstanding }: AgentRecord): number {
    return rcomps === 0 ? 0 : rcomps + this.#ahead - outstanding;
  }

  /**
   * Each agent that has room, once; whoever has idle RComps first, and of those the one that was last sent something or
   * heard from: it lacks the least news. Of the others the one that has waited longest. What each is sent counts from
   * the end of the walk on.
   */
  *withRoom(): Generator<AgentRecord> {
    const served: AgentRecord[] = [];
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        this.looks += 1;
        this.#idle.delete(next);
        this.#spare.delete(next);
        served.push(next);
        yield next;
      }
    } finally {
      for (const agent of served.reverse()) this.#arrange(agent);
    }
  }

  /** Up to so many that hold runners ready and have not heard of this version. */
  *unaware(version: Version, most: number): Generator<AgentRecord> {
    for (let count = 0; count < most; count += 1) {
      const agent = this.#holding.oldest;
      if (agent === undefined || agent.readable >= version) return;
      this.looks += 1;
      yield agent;
    }
  }

  #next(): AgentRecord | undefined {
    return this.#idle.newest ?? this.#spare.oldest;
  }

  #arrange(agent: AgentRecord): void {
    const { rcomps, outstanding } = agent;
    const stays = agent.leaving === null;
    // Room for a few is no reason for a message: the agent still holds some ready.
    const few = outstanding <= rcomps + Math.floor(this.#ahead / 2) && this.roomOf(agent) > 0;
    arrange(this.#idle, agent, stays && outstanding < rcomps);
    arrange(this.#spare, agent, stays && outstanding >= rcomps && few);
    arrange(this.#holding, agent, stays && outstanding > rcomps);
  }
}

function arrange(kind: LinkedSet<AgentRecord>, agent: AgentRecord, belongs: boolean): void {
  if (belongs === kind.has(agent)) return;
  if (belongs) kind.add(agent);
  else kind.delete(agent);
}
