/**
 * A scheduling policy for many nodes: a runner of large ranges goes to a node that has run one of the same ranges before,
 * since that one's page cache holds them; whoever has nothing near takes what is oldest. Nobody idles for the sake of it.
 */

import { IntervalMap } from '../memory/interval-map.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { SchedulingPolicy } from './scheduling-policy.ts';

/** Bytes that are worth a thought: less is fetched sooner than found. */
const LEAST_BYTES = 2 ** 20;

/** Runners that are given out before the oldest one, at most. */
const PATIENCE = 64;

/** Runners that are looked at for one that is near, at most. */
const WINDOW = 32;

/** Pieces of memory whose holders are remembered; then all are forgotten, and are learned anew. */
const MOST_PIECES = 10_000;

/** Pieces of a runner's ranges that are looked at. */
const MOST_LOOKED_AT = 64;

/** A runner that waits. */
interface Waiting {
  readonly runner: RunnerRecord;
  /** Those that are large, if together they are; else it is as near to one agent as to another. */
  readonly ranges: readonly Range[];
  /** It has waited for a starving one, and goes before all others. */
  readonly isFirst: boolean;
  isTaken: boolean;
}

interface Holder {
  readonly agent: number;
  readonly version: number;
}

export class LocalityPolicy implements SchedulingPolicy {
  /** Who has run on these bytes last; the version counts what was given out. */
  #holders = new IntervalMap<Holder>();
  /** In the order of coming; those before `#head` are taken. */
  #all: Waiting[] = [];
  #head = 0;
  #length = 0;
  #given = 0;
  /** How many were given out while the oldest has been the oldest. */
  #passed = 0;

  get length(): number {
    return this.#length;
  }

  push(runner: RunnerRecord): void {
    this.#length += 1;
    this.#all.push({ runner, ranges: largeOf(runner), isFirst: false, isTaken: false });
  }

  pushFront(runners: readonly RunnerRecord[]): void {
    if (runners.length === 0) return;
    this.#length += runners.length;
    const first = runners.map(
      (runner): Waiting => ({ runner, ranges: largeOf(runner), isFirst: true, isTaken: false }),
    );
    this.#all = [...first, ...this.#all.slice(this.#head)];
    this.#head = 0;
    this.#passed = 0;
  }

  shift(agent: number): RunnerRecord | undefined {
    const oldest = this.#oldest();
    if (oldest === undefined) return undefined;
    const chosen = oldest.isFirst || this.#passed >= PATIENCE ? oldest : this.#nearest(agent, oldest);
    this.#passed = chosen === oldest ? 0 : this.#passed + 1;
    chosen.isTaken = true;
    this.#length -= 1;
    this.#learn(chosen, agent);
    return chosen.runner;
  }

  drain(): RunnerRecord[] {
    const all = this.#all.slice(this.#head).flatMap(({ runner, isTaken }) => (isTaken ? [] : [runner]));
    this.#all = [];
    this.#head = 0;
    this.#length = 0;
    this.#passed = 0;
    return all;
  }

  #oldest(): Waiting | undefined {
    while (this.#all[this.#head]?.isTaken === true) this.#head += 1;
    if (this.#head * 2 > this.#all.length) {
      this.#all = this.#all.slice(this.#head);
      this.#head = 0;
    }
    return this.#all[this.#head];
  }

  /**
   * Of those that are near this agent the one whose ranges it has used last, since somebody else may be given the others;
   * or the first that is near nobody; or the oldest.
   */
  #nearest(agent: number, oldest: Waiting): Waiting {
    let near: Waiting | null = null;
    let newest = 0;
    let free: Waiting | null = null;
    for (let at = this.#head, looked = 0; at < this.#all.length && looked < WINDOW; at += 1) {
      const waiting = this.#all[at]!;
      if (waiting.isTaken) continue;
      looked += 1;
      const holder = this.#holderOf(waiting);
      if (holder?.agent === agent && holder.version > newest) {
        near = waiting;
        newest = holder.version;
      } else if (holder === null) free ??= waiting;
      // Mostly all of them are small, and then the first is as good as any.
      if (near === null && waiting.ranges.length === 0) return free ?? waiting;
    }
    return near ?? free ?? oldest;
  }

  /** Who holds the most of its ranges, if that is enough to matter, and when it has used any of them last. */
  #holderOf({ ranges }: Waiting): Holder | null {
    if (ranges.length === 0 || this.#holders.size === 0) return null;
    const held = new Map<number, { bytes: number; version: number }>();
    let looked = 0;
    for (const range of ranges)
      for (let at = range.base; at < end(range) && looked < MOST_LOOKED_AT; looked += 1) {
        const found = this.#holders.find(at, end(range), 0);
        if (found === null) break;
        const { agent, version } = found.value;
        const before = held.get(agent) ?? { bytes: 0, version: 0 };
        held.set(agent, {
          bytes: before.bytes + Math.min(found.end, end(range)) - Math.max(found.base, at),
          version: Math.max(before.version, version),
        });
        at = found.end;
      }
    const [best] = [...held].sort(([, a], [, b]) => b.bytes - a.bytes);
    return best !== undefined && best[1].bytes >= LEAST_BYTES
      ? { agent: best[0], version: best[1].version }
      : null;
  }

  #learn({ ranges }: Waiting, agent: number): void {
    if (ranges.length === 0) return;
    if (this.#holders.size > MOST_PIECES) this.#holders = new IntervalMap();
    this.#given += 1;
    for (const range of ranges) this.#holders.assign(range.base, end(range), { version: this.#given, agent });
  }
}

/** What it declares, if all of it together is large. */
function largeOf({ control: { heap, watched } }: RunnerRecord): readonly Range[] {
  const ranges = [...heap, ...watched];
  const bytes = ranges.reduce((sum, { length }) => sum + length, 0);
  return bytes < LEAST_BYTES ? [] : ranges.filter(({ length }) => length > 0);
}
