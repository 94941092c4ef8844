/** Which bytes were last written by which commit: validation (rules 3, 5, 6) and arming of watchers (rule 20). */

import { invariant } from '../invariant.ts';
import { IntervalMap } from './interval-map.ts';
import type { MergeType } from './merge.ts';
import { end, overlap, type Range, unite } from './ranges.ts';
import { coalesce, type Span } from './span.ts';
import type { Version } from './version.ts';

/** Bytes `[base, base + length)` that were asked about and that commit `version` of `writer` wrote. */
export interface Collision {
  readonly version: Version;
  readonly writer: bigint;
  readonly base: number;
  readonly length: number;
}

interface Commit {
  readonly version: Version;
  readonly writer: bigint;
}

/**
 * What is known of a byte: its latest commit, and the latest one of any other merge type. The second is needed
 * where contributions follow a plain write: A writes a word, B adds to it; C, whose snapshot is older than both,
 * adds too and may pass B but not A.
 */
interface Stamp {
  readonly version: Version;
  readonly latest: Commit;
  readonly merge: MergeType;
  /** Null if there is none, or if the latest is plain and conflicts with everything anyway. */
  readonly other: Commit | null;
}

interface LogEntry {
  readonly commit: Commit;
  readonly spans: readonly Span[];
}

export class WriteHistory {
  readonly #stamps = new IntervalMap<Stamp>();
  /** By ascending version; entries before `#head` are forgotten. */
  #log: LogEntry[] = [];
  #head = 0;
  #newest: Version = 0;
  #floor: Version = 0;

  /** Disjoint intervals of bytes with one history each. */
  get size(): number {
    return this.#stamps.size;
  }

  /** Visits of tree nodes so far, for tests of cost. */
  get steps(): number {
    return this.#stamps.steps;
  }

  /** Adds a decided commit; versions increase. O(log size) a span, amortised; a merge span also O(its words). */
  record(version: Version, writer: bigint, spans: readonly Span[]): void {
    invariant(version > this.#newest, 'commits are recorded in the order of the log');
    this.#newest = version;
    const commit: Commit = { version, writer };
    const entry: LogEntry = { commit, spans: coalesce(spans) };
    this.#log.push(entry);
    const plain: Stamp = { version, latest: commit, merge: 0, other: null };
    for (const span of entry.spans) {
      if (span.merge === 0) this.#stamps.assign(span.base, end(span), plain);
      else this.#contribute(span, commit);
    }
  }

  /**
   * A commit in (sv, now] that writes of `spans` conflict with, or null: one that wrote a common byte, unless
   * both are contributions of one merge type. `sv` is not below the floor.
   */
  conflict(spans: readonly Span[], sv: Version): Collision | null {
    this.#mustRemember(sv);
    for (const span of spans) {
      const { merge } = span;
      const accepts = merge === 0 ? undefined : (stamp: Stamp) => (rivalOf(stamp, merge)?.version ?? 0) > sv;
      const collision = this.#collide(span, sv, merge, accepts);
      if (collision !== null) return collision;
    }
    return null;
  }

  /** A commit in (sv, now] that wrote a byte of `reads`, in whatever way, or null. `sv` is not below the floor. */
  readConflict(reads: readonly Range[], sv: Version): Collision | null {
    this.#mustRemember(sv);
    for (const range of reads) {
      const collision = this.#collide(range, sv, 0);
      if (collision !== null) return collision;
    }
    return null;
  }

  /**
   * The earliest commit after `since`, by a writer other than `except`, that wrote a byte of `ranges`; or null.
   * The stamps only tell whether the log need be read: in them a later commit hides an earlier one, and the
   * creator's own would hide what must fire its watcher. `since` is not below the floor.
   */
  firstTouch(ranges: readonly Range[], since: Version, except: bigint): Collision | null {
    if (this.readConflict(ranges, since) === null) return null;
    const watched = unite(ranges);
    for (let index = this.#indexAfter(since); index < this.#log.length; index++) {
      const { commit, spans } = this.#log[index]!;
      if (commit.writer === except) continue;
      const common = overlap(watched, spans);
      if (common !== null) return { ...commit, ...common };
    }
    return null;
  }

  /** Commits that are not forgotten, oldest first. */
  *commits(): Generator<Commit & { readonly spans: readonly Span[] }> {
    for (let index = this.#head; index < this.#log.length; index++) {
      const { commit, spans } = this.#log[index]!;
      yield { ...commit, spans };
    }
  }

  /** What a commit wrote, as disjoint spans; empty also if it is forgotten. */
  spansOf(version: Version): readonly Span[] {
    const entry = this.#log[this.#indexAfter(version - 1)];
    return entry?.commit.version === version ? entry.spans : [];
  }

  /** No question will be about an `sv` or `since` below `floor` again. Costs what is forgotten. */
  forget(floor: Version): void {
    if (floor <= this.#floor) return;
    this.#floor = floor;
    this.#stamps.dropThrough(floor);
    this.#head = this.#indexAfter(floor);
    if (this.#head * 2 > this.#log.length) {
      this.#log = this.#log.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Pieces with one outcome get one stamp, by identity, so that the map joins them. */
  #contribute(span: Span, commit: Commit): void {
    const { version } = commit;
    let stamp: Stamp | null = null;
    this.#stamps.update(span.base, end(span), (old) => {
      const rival = old === null ? null : rivalOf(old, span.merge);
      const other = rival !== null && rival.version > this.#floor ? rival : null;
      if (stamp?.other !== other) stamp = { version, latest: commit, merge: span.merge, other };
      return stamp!;
    });
  }

  #collide(
    range: Range,
    sv: Version,
    merge: MergeType,
    accepts?: (stamp: Stamp) => boolean,
  ): Collision | null {
    if (range.length === 0) return null;
    const found = this.#stamps.find(range.base, end(range), sv, accepts);
    if (found === null) return null;
    const base = Math.max(found.base, range.base);
    const { version, writer } = rivalOf(found.value, merge)!;
    return { version, writer, base, length: Math.min(found.end, end(range)) - base };
  }

  #mustRemember(sv: Version): void {
    invariant(sv >= this.#floor, 'a question is about versions that are not forgotten');
  }

  /** Index of the first remembered entry above `version`. */
  #indexAfter(version: Version): number {
    let low = this.#head;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#log[middle]!.commit.version <= version) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The latest commit that a write of type `merge` conflicts with. */
function rivalOf(stamp: Stamp, merge: MergeType): Commit | null {
  return merge !== 0 && stamp.merge === merge ? stamp.other : stamp.latest;
}
