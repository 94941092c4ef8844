/** The links between all nodes, and what goes wrong with them. */

import type { LinkMishap } from '../mishap.ts';
import type { Agenda } from './agenda.ts';
import type { Event } from './event.ts';
import { Link } from './link.ts';
import type { Pace } from './pace.ts';

export class Links {
  readonly #nodes: number;
  readonly #pace: Pick<Pace, 'latency' | 'spread'>;
  readonly #agenda: Agenda<Event>;
  readonly #links = new Map<number, Link>();

  constructor(nodes: number, pace: Pick<Pace, 'latency' | 'spread'>, agenda: Agenda<Event>) {
    this.#nodes = nodes;
    this.#pace = pace;
    this.#agenda = agenda;
  }

  /** Links differ, and each is what it is: by the numbers of its nodes, so that nothing has to be drawn. */
  between(from: number, to: number): Link {
    const key = from * this.#nodes + to;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const { latency, spread } = this.#pace;
    const slower = ((from * 7 + to * 13) % 8) / 8;
    const link = new Link(from, to, Math.ceil(latency * (1 + slower * (spread - 1))));
    this.#links.set(key, link);
    return link;
  }

  suffer(mishap: LinkMishap, now: number): void {
    const { until } = mishap;
    switch (mishap.kind) {
      case 'partition':
      case 'isolate':
        this.#cutOff(mishap.nodes, true, until, now);
        break;
      case 'one-way-partition':
        this.#cutOff(mishap.nodes, false, until, now);
        break;
      case 'clog':
        this.#cut(this.between(mishap.from, mishap.to), until, false, now);
        break;
      case 'half-open':
        this.#cut(this.between(mishap.from, mishap.to), until, true, now);
        break;
      case 'reset':
        this.#cut(this.between(mishap.from, mishap.to), until, true, now);
        this.#cut(this.between(mishap.to, mishap.from), until, true, now);
        break;
    }
  }

  mend(link: Link, now: number): void {
    if (now < link.cutUntil) {
      this.#agenda.push(link.cutUntil, { what: 'mend', link });
      return;
    }
    if (link.held.length > 0) this.#agenda.push(now, { what: 'release', link });
    if (!link.resends) return;
    link.resends = false;
    // With the number and the deaths of the first sending: what was lost by a death stays lost.
    for (const flight of link.takeUnacknowledged())
      this.#agenda.push(now + link.latency, {
        what: 'flight',
        flight: { ...flight, repeated: true, deadly: false },
      });
  }

  /** What waited goes on in its order: after whatever arrives at this very moment, which therefore has waited as well. */
  release(link: Link, now: number): void {
    for (const flight of link.held.splice(0)) this.#agenda.push(now, { what: 'flight', flight });
  }

  /** A node that is dead sends nothing again. */
  dropUnacknowledged(node: number): void {
    for (const link of this.#links.values()) if (link.from === node) link.takeUnacknowledged();
  }

  #cutOff(nodes: readonly number[], bothWays: boolean, until: number, now: number): void {
    for (let other = 0; other < this.#nodes; other += 1) {
      if (nodes.includes(other)) continue;
      for (const node of nodes) {
        this.#cut(this.between(node, other), until, !bothWays, now);
        if (bothWays) this.#cut(this.between(other, node), until, false, now);
        else this.#resend(this.between(other, node), until);
      }
    }
  }

  #cut(link: Link, until: number, resends: boolean, now: number): void {
    link.resends ||= resends;
    if (until <= link.cutUntil) return;
    const mending = link.cutUntil > now;
    link.cutUntil = until;
    if (!mending) this.#agenda.push(until, { what: 'mend', link });
  }

  /** Who is heard and does not hear gets no acknowledgements, and sends again. */
  #resend(link: Link, until: number): void {
    link.resends = true;
    this.#agenda.push(until, { what: 'mend', link });
  }
}
