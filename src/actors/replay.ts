/**
 * A machine made anew from what went into its log: the actors that hold something others need, as they would be if all
 * that was decided had been decided one after the other. Whoever was running runs again.
 */

import { homeOf } from '../memory/directory.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { PatchRun } from '../memory/patch.ts';
import type { Version } from '../memory/version.ts';
import { addressOf } from './address.ts';
import { attemptOfArrival } from './arrivals.ts';
import { type Checkpoint, checkpointOf } from './checkpoint.ts';
import { type AttemptId, attemptKey, type ControlBlock, type Epoch } from './control-block.ts';
import type { Decided } from './decided.ts';
import { countLoss, decide, finish } from './deciding.ts';
import { cancel } from './ending.ts';
import type { PageImage } from './init.ts';
import { receiveAsMaster } from './master.ts';
import type { MasterState, Out } from './master-state.ts';
import { type Revived, RevivedActors, type ReviveOptions } from './revived-actors.ts';
import { decideArrival } from './rounds.ts';
import type { RunnerRecord } from './runner-record.ts';
import { raiseFloor } from './scheduling.ts';
import type { RunnerState } from './trace-event.ts';

export interface ReplayOptions extends ReviveOptions {
  readonly entry: ControlBlock;
}

type Staged = Extract<Decided, { type: 'staged' }>;

/** Finished runners that may be left in the pool. */
const LEFT_OVER = 1_000;

export const INPUT_LOST = 'standard input had not ended, and did not outlive the process';

export class Replayer {
  readonly #options: ReplayOptions;
  readonly #actors: RevivedActors;
  readonly #master: MasterState;
  /** What homes held for attempts that were not decided so far. */
  readonly #staged = new Map<string, Staged[]>();
  /** What signals have come to, by system word. */
  readonly #signals = new Map<number, number>();

  constructor(options: ReplayOptions) {
    this.#options = options;
    const { entry, from } = options;
    this.#actors = new RevivedActors(options);
    this.#master = this.#actors.master;
    const [, ...effects] = receiveAsMaster(this.#master, { type: 'run', client: addressOf('client'), entry });
    this.#actors.carryOut(effects);
    // The client of the new process is still to come: it hears also of a program that has ended by then.
    this.#master.client = null;
    if (from !== null) this.#resume(from.checkpoint, entry.id);
  }

  /** The newest version. */
  get version(): Version {
    return this.#master.version;
  }

  /** The newest version that touched each home. */
  get homes(): readonly Version[] {
    return this.#master.homes;
  }

  /** What `homes` of then would answer about the page's newest content; null is the zero page. */
  pageAt(page: number): Uint8Array | null {
    const { homes } = this.#master.config;
    const found = this.#actors.homes[homeOf(page, homes)]!.store.read(page, this.#master.version);
    return found === 'below-floor' ? null : found.bytes;
  }

  /** Whether it can begin anew from here: a program that was closed only has to end. */
  get mayBegin(): boolean {
    return this.#master.phase === 'running';
  }

  /** All that was decided so far, but for pages. */
  checkpoint(): Checkpoint {
    return {
      ...checkpointOf(this.#master, this.#actors.homes, this.#actors.watchers),
      signals: [...this.#signals].map(([address, count]) => ({ word: address, count })),
      staged: [...this.#staged.values()].flat(),
    };
  }

  /** Pages that were written since the last time that this was asked, as they are now. */
  takeChanged(): PageImage[] {
    const { changed } = this.#actors;
    const pages = [...changed].flatMap((page) => {
      const bytes = this.pageAt(page);
      return bytes === null ? [] : [{ page, bytes }];
    });
    changed.clear();
    return pages;
  }

  heed(entry: Decided): void {
    const out: Out = [];
    this.#decide(entry, out);
    this.#actors.carryOut(out);
    const { pool, live } = this.#master;
    if (pool.length > 2 * live + LEFT_OVER) this.#sweep();
  }

  /**
   * The actors that hold something; agents and RComps are not among them, and begin anew. `epoch`: of the new master, above
   * all before. Nothing more can be heeded.
   */
  end(epoch: Epoch): Revived[] {
    this.#master.epoch = epoch;
    this.#cutInput();
    this.#sweep();
    this.#actors.resumeSignals(this.#signals);
    return this.#actors.all;
  }

  #decide(entry: Decided, out: Out): void {
    const master = this.#master;
    switch (entry.type) {
      case 'staged':
        this.#hold(entry);
        break;
      case 'committed': {
        const { attempt, end } = entry;
        const record = this.#recordOf(attempt.runner);
        master.epoch = attempt.epoch;
        record.attempts = attempt.number;
        this.#stage(attempt, end.homes);
        decide(master, record, end, out);
        break;
      }
      case 'finished':
        finish(master, this.#recordOf(entry.runner), entry.ending, out);
        break;
      case 'lost':
        countLoss(master, this.#recordOf(entry.runner), out);
        break;
      case 'arrived': {
        const { io, number } = entry;
        const attempt = attemptOfArrival(io, number);
        const input = master.inputs.get(io)!;
        input.number = number;
        if (input.stream === null) this.#count(attempt, entry.homes);
        this.#stage(attempt, entry.homes);
        decideArrival(master, input, entry, out);
        break;
      }
      case 'floor':
        raiseFloor(master, entry.floor, out);
        this.#forget(entry.floor);
        break;
      case 'closed':
        master.ending.error = entry.error;
        cancel(master, entry.status, out);
        break;
    }
  }

  /** Replayed commits take no runner out of the pool: those that have finished are still in it, and come out here. */
  #sweep(): void {
    const { pool, round } = this.#master;
    const waiting = new Set(
      [...(round?.queue.drain() ?? []), ...pool.drain()].filter((record) =>
        isSchedulable(this.#master, record),
      ),
    );
    if (round !== null) round.open = 0;
    for (const record of waiting) pool.push(record);
  }

  /** Danger: a program that took the end of what had come for the end of its input would answer wrongly. */
  #cutInput(): void {
    const isCut = [...this.#master.inputs.values()].some(({ stream, open }) => stream !== null && open);
    if (!isCut || this.#master.phase !== 'running') return;
    const out: Out = [];
    this.#master.ending.error ||= INPUT_LOST;
    cancel(this.#master, 'failed', out);
    this.#actors.carryOut(out);
  }

  #resume(checkpoint: Checkpoint, entry: RunnerId): void {
    this.#actors.resume(checkpoint);
    for (const { word, count } of checkpoint.signals) this.#signals.set(word, count);
    for (const staged of checkpoint.staged) this.#hold(staged);
    for (const { control, isSchedulable } of checkpoint.runners)
      this.#tell(control.id, isSchedulable ? 'schedulable' : 'watching');
    if (!this.#master.runners.has(entry)) this.#tell(entry, 'finished');
  }

  #tell(runner: RunnerId, state: RunnerState): void {
    this.#options.onTrace({ type: 'runner', runner, state, end: null });
  }

  #hold(entry: Staged): void {
    const key = attemptKey(entry.attempt);
    this.#staged.set(key, [...(this.#staged.get(key) ?? []), entry]);
  }

  #recordOf(runner: RunnerId): RunnerRecord {
    const record = this.#master.runners.get(runner);
    if (record === undefined) throw new Error(`the log decides about runner ${runner}, which is not there`);
    return record;
  }

  /**
   * What homes hold for it, the newest of each. Danger: an arrival that was staged and not decided when a process died has
   * the number of the one that the next process staged.
   */
  #heldFor(attempt: AttemptId, homes: readonly number[]): Staged[] {
    const held = this.#staged.get(attemptKey(attempt)) ?? [];
    return homes.flatMap((home) => held.findLast((staged) => staged.home === home) ?? []);
  }

  /** The homes hold what the attempt has staged; it is about to be decided. */
  #stage(attempt: AttemptId, homes: readonly number[]): void {
    const key = attemptKey(attempt);
    for (const staged of this.#heldFor(attempt, homes)) this.#actors.stage(staged);
    this.#staged.delete(key);
  }

  /** Words of eight bytes each, as the signals actor writes them. */
  #count(attempt: AttemptId, homes: readonly number[]): void {
    const runs = this.#heldFor(attempt, homes).flatMap(({ patches }) =>
      patches.flatMap((patch): readonly PatchRun[] => patch.runs),
    );
    for (const { address, bytes } of runs)
      for (let at = 0; at < bytes.length; at += 8)
        this.#signals.set(
          address + at,
          Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true)),
        );
  }

  #forget(floor: Version): void {
    for (const [key, staged] of this.#staged)
      if (staged.every(({ sv }) => sv !== null && sv < floor)) this.#staged.delete(key);
  }
}

function isSchedulable({ runners }: MasterState, record: RunnerRecord): boolean {
  return record.state === 'schedulable' && runners.get(record.control.id) === record;
}
