/** What each watcher waits for, and what has come of it: a function of the log alone (rules 20–24). */

import type { RunnerEnd } from '../../src/actors/protocol.ts';
import { ExtentIndex } from '../model/extent-index.ts';
import type { Memory } from '../model/memory.ts';
import type { Runner, World } from '../model/runner.ts';
import type { Rerun } from './reruns.ts';

export interface Wait {
  readonly watcher: bigint;
  /** Counted from 1. */
  readonly activation: number;
  readonly since: number;
  /** Whose commits do not count: its creator's, or those of its latest activation. */
  readonly except: bigint;
  /** Who starts then: the watcher itself, or a runner of its own for each activation of a persistent one. */
  readonly runner: bigint;
  /** The first commit that touches it; null while there is none. */
  readonly version: number | null;
}

type Ongoing = { -readonly [K in keyof Wait]: Wait[K] };

interface Watcher {
  readonly control: Runner;
  readonly waits: Ongoing[];
}

export class Waits {
  readonly #world: World;
  readonly #memory: Memory;
  /** Who wrote a version. */
  readonly #writer: (version: number) => bigint;
  readonly #watchers = new Map<bigint, Watcher>();
  readonly #owed = new Set<Wait>();
  /** Watchers that no commit has touched yet. */
  readonly #index = new ExtentIndex<Watcher>();

  constructor(world: World, memory: Memory, writer: (version: number) => bigint) {
    this.#world = world;
    this.#memory = memory;
    this.#writer = writer;
  }

  /** All waits of a watcher, the present one last; undefined if nobody created it. */
  of(watcher: bigint): readonly Wait[] | undefined {
    return this.#watchers.get(watcher)?.waits;
  }

  *all(): Iterable<readonly [watcher: bigint, waits: readonly Wait[]]> {
    for (const [id, { waits }] of this.#watchers) yield [id, waits];
  }

  /** Waits that a commit has ended, and whose watchers have not fired yet. */
  get owed(): ReadonlySet<Wait> {
    return this.#owed;
  }

  /** The newest version was decided. */
  decided(version: number): void {
    for (const watcher of this.#index.touched(this.#memory.written(version).keys())) {
      const wait = watcher.waits.at(-1)!;
      if (wait.except === this.#writer(version)) continue;
      wait.version = version;
      this.#index.delete(watcher);
      this.#owed.add(wait);
    }
  }

  /** A watcher is born. Commits that its creator had not seen touch it already. */
  born(control: Runner, since: number): void {
    const watcher: Watcher = { control, waits: [] };
    this.#watchers.set(control.id, watcher);
    this.#watch(watcher, since, control.parent);
  }

  /** An activation of a persistent watcher has ended by `last`, and the watcher watches again, or ends with it. */
  finished(id: bigint, end: RunnerEnd, last: Rerun): void {
    const watcher = this.#watchers.get(id);
    if (watcher !== undefined && !endsWatching(end, last))
      this.#watch(watcher, last.event.end.sv, last.event.attempt.runner);
  }

  fired(id: bigint, activation: number): void {
    const wait = this.#watchers.get(id)?.waits[activation - 1];
    if (wait !== undefined) this.#owed.delete(wait);
  }

  #watch(watcher: Watcher, since: number, except: bigint): void {
    const { id, persistent, watched } = watcher.control;
    const activation = watcher.waits.length + 1;
    const runner = persistent ? this.#world.childId(id, activation - 1) : id;
    const touch = this.#memory.firstWrite(
      watched,
      since,
      this.#memory.version,
      (version) => this.#writer(version) !== except,
    );
    const wait = { watcher: id, activation, since, except, runner, version: touch?.version ?? null };
    watcher.waits.push(wait);
    if (touch === null) this.#index.add(watcher, watched);
    else this.#owed.add(wait);
  }
}

/** A conflict leaves nothing of the attempt, its wish to detach included. */
function endsWatching(end: RunnerEnd, { model }: Rerun): boolean {
  return end === 'faulted' || (end !== 'conflict' && model.detach);
}
