/** A simulated run beside the reference model, as far as both have come: what the checkers judge. */

import { type AttemptId, attemptKey } from '../src/actors/control-block.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import type { PagePatch } from '../src/memory/patch.ts';
import { mergesOf, writtenBy } from './evidence/commits.ts';
import { type Expected, ExpectedRunners } from './evidence/expected.ts';
import { type AttemptEvent, type Rerun, rerun } from './evidence/reruns.ts';
import { Waits } from './evidence/waits.ts';
import { imageOf, runnerOf, worldOf } from './evidence/world.ts';
import type { Memory, Written } from './model/memory.ts';
import type { World } from './model/runner.ts';
import type { Envelope } from './network.ts';
import type { Commit, Setting } from './result.ts';

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>;

/** One decided version, beside the model. */
export interface Decided extends Commit {
  readonly written: Written;
  /** The rerun of the attempt that it commits; null for arrivals, and for records of other ends. */
  readonly rerun: Rerun | null;
}

export class Evidence {
  readonly setting: Setting;
  readonly world: World;
  /** `M_0` to the newest decided version. */
  readonly memory: Memory;
  readonly waits: Waits;
  readonly #expected: ExpectedRunners;
  readonly #log: Decided[] = [];
  readonly #merges: ReadonlyMap<number, number>[] = [new Map()];
  /** By runner, until it has finished. */
  readonly #reruns = new Map<bigint, Rerun[]>();
  #finished: bigint | null = null;
  /** What I/O actors have staged, by attempt. */
  readonly #staged = new Map<string, PagePatch[]>();
  #overrun = false;

  constructor(setting: Setting) {
    this.setting = setting;
    this.world = worldOf(setting);
    this.memory = imageOf(setting);
    this.waits = new Waits(this.world, this.memory, (version) => this.#log[version - 1]!.attempt.runner);
    this.#expected = new ExpectedRunners(this.world);
    this.#expected.born(runnerOf(setting.entry, this.world.serializable), 0);
  }

  /** `log[v − 1]` is version v. */
  get log(): readonly Decided[] {
    return this.#log;
  }

  get runners(): ReadonlyMap<bigint, Expected> {
    return this.#expected.all;
  }

  /** Whether a commit has asked for more runners than the machine may have: that ends the program. */
  get overrun(): boolean {
    return this.#overrun;
  }

  /** What is known of an attempt whose runner has not finished. */
  rerunOf({ runner, number, epoch }: AttemptId): Rerun | undefined {
    return this.#reruns
      .get(runner)
      ?.find(({ event: { attempt } }) => attempt.number === number && attempt.epoch === epoch);
  }

  /** The newest attempt of a runner that has not finished before, or finishes with this event. */
  lastOf(runner: bigint): Rerun | undefined {
    const reruns = this.#reruns.get(runner) ?? [];
    return reruns.reduce<Rerun | undefined>(
      (last, one) => (last && last.event.attempt.number > one.event.attempt.number ? last : one),
      undefined,
    );
  }

  /** The merge type that a version wrote the byte with: 0 plain; undefined if it did not write it. */
  writeType(version: number, address: number): number | undefined {
    if (!this.memory.written(version).has(address)) return undefined;
    return this.#merges[version]!.get(address) ?? 0;
  }

  isBefore(a: bigint, b: bigint): boolean {
    return this.#expected.isBefore(a, b);
  }

  sent({ from, message }: Envelope): void {
    if (message.type !== 'stage' || from.kind !== 'io') return;
    const key = attemptKey(message.attempt);
    this.#staged.set(key, [...(this.#staged.get(key) ?? []), ...message.patches]);
  }

  attempted(event: AttemptEvent): Rerun {
    const runner = runnerOf(event.control, this.world.serializable);
    const made = rerun(this.world, runner, this.memory, event);
    const known = this.#reruns.get(runner.id);
    if (known === undefined) this.#reruns.set(runner.id, [made]);
    else known.push(made);
    return made;
  }

  committed(event: EventOf<'commit'>): Decided {
    const { attempt, sv } = event;
    const known = this.rerunOf(attempt);
    const made = known?.event.end.type === 'commit' ? known : null;
    const patches = made?.event.patches ?? this.#staged.get(attemptKey(attempt)) ?? [];
    const parts = { patches, record: event.record };
    const written = writtenBy(parts, this.memory);
    const decided = { ...event, patches, run: made?.event ?? null, rerun: made, written };
    this.#log.push(decided);
    this.#merges.push(mergesOf(parts));
    this.memory.commit(written);
    this.waits.decided(this.memory.version);
    for (const child of made?.model.children ?? []) {
      const { control } = this.#expected.born(child, this.memory.version);
      if (control.watcher) this.waits.born(control, sv);
    }
    return decided;
  }

  /** Of what was not decided nothing is left. */
  restarted(): void {
    this.#reruns.clear();
    this.#staged.clear();
    this.#finished = null;
  }

  ended({ attempt, why, fault }: EventOf<'ended'>): void {
    if (why === 'fault' && fault?.cause === 'too-many-children')
      this.#overrun ||= this.rerunOf(attempt)?.event.end.type !== 'fault';
  }

  runner({ runner, end, state }: EventOf<'runner'>): void {
    if (this.#finished !== null) this.#reruns.delete(this.#finished);
    this.#finished = state === 'finished' ? runner : null;
    const watcher = this.runners.get(runner)?.activationOf ?? null;
    const last = this.lastOf(runner);
    if (state === 'finished' && end !== null && watcher !== null && last !== undefined)
      this.waits.finished(watcher, end, last);
  }

  fired({ watcher, activation }: EventOf<'fired'>): void {
    this.waits.fired(watcher, activation);
    this.#expected.activated(watcher, activation);
  }
}
