/** The nodes of a DVM, as its master's node knows them. A number is never used again: what comes back is another node. */

import type { Whereabouts } from '../link/web-socket-endpoint.ts';

/**
 * - `joining`: it has a number, and not yet connections to all others.
 * - `here`: it takes part.
 * - `leaving`: it gets nothing new, and ends what it has.
 * - `left`: it has gone as it should.
 * - `lost`: it was silent for too long; whatever it had is somebody else's by now.
 */
export type MemberState = 'joining' | 'here' | 'leaving' | 'left' | 'lost';

export interface Member {
  readonly node: number;
  /** Where others reach it, as in `ws://10.0.0.7:7400`. */
  readonly origin: string;
  readonly rcomps: number;
  readonly state: MemberState;
}

interface Entry extends Member {
  state: MemberState;
  /** Beats without a connection. */
  missed: number;
}

/** Nodes that have gone and are kept. */
const MOST_GONE = 100;

/** Beats without a connection after which a node is lost. */
const MOST_MISSED = 3;

/** The same for one that has not connected yet. */
const MOST_MISSED_AT_FIRST = 10;

export class Members {
  readonly #linkPath: string;
  readonly #entries = new Map<number, Entry>();
  /** The newest number. */
  #last = 0;

  constructor(linkPath: string) {
    this.#linkPath = linkPath;
  }

  add(origin: string, rcomps: number): Member {
    this.#last += 1;
    const node = this.#last;
    this.#forget();
    const entry: Entry = { node, origin, rcomps, state: 'joining', missed: 0 };
    this.#entries.set(node, entry);
    return entry;
  }

  /** Of those that have gone, the last are kept, for people to see. */
  #forget(): void {
    const gone = this.all().filter(isGone);
    for (const { node } of gone.slice(0, Math.max(0, gone.length - MOST_GONE))) this.#entries.delete(node);
  }

  get(node: number): Member | undefined {
    return this.#entries.get(node);
  }

  all(): Member[] {
    return [...this.#entries.values()];
  }

  /** Those that have not gone. */
  get present(): Member[] {
    return this.all().filter((member) => !isGone(member));
  }

  /** Those that may get something new. */
  get active(): Member[] {
    return this.all().filter(({ state }) => state === 'here');
  }

  /** It reaches all others. Null if that is no news. */
  met(node: number): Member | null {
    const entry = this.#entries.get(node);
    if (entry?.state !== 'joining') return null;
    entry.state = 'here';
    return entry;
  }

  whereabouts(node: number): Whereabouts {
    const entry = this.#entries.get(node);
    if (entry === undefined || isGone(entry)) return 'left';
    return { url: `${entry.origin}${this.#linkPath}` };
  }

  /** Whether that is news. */
  leave(node: number): boolean {
    const entry = this.#entries.get(node);
    if (entry === undefined || (entry.state !== 'joining' && entry.state !== 'here')) return false;
    entry.state = 'leaving';
    return true;
  }

  /** It is gone, as it should or not. */
  gone(node: number, state: 'left' | 'lost'): void {
    const entry = this.#entries.get(node);
    if (entry !== undefined && !isGone(entry)) entry.state = state;
  }

  /** Time has passed; answers those that have been silent for too long now. */
  beat(isConnected: (node: number) => boolean): Member[] {
    const silent: Member[] = [];
    for (const entry of this.#entries.values()) {
      if (isGone(entry)) continue;
      if (isConnected(entry.node)) {
        entry.missed = 0;
        continue;
      }
      entry.missed += 1;
      if (entry.missed > (entry.state === 'joining' ? MOST_MISSED_AT_FIRST : MOST_MISSED)) silent.push(entry);
    }
    return silent;
  }
}

function isGone({ state }: Member): boolean {
  return state === 'left' || state === 'lost';
}
