/** The programs of a DVM: those that run, and the last that have ended, so that whoever asks again hears of them. */

import { UsageError } from '../../../errors.ts';
import { decodeAs, encodeAs } from '../wire/wire.ts';
import { ClusterRun, type KeptRun, type RunHost } from './cluster-run.ts';
import type { NodeOptions } from './node-options.ts';
import type { Wishes } from './observation.ts';
import type { KeptProgram, Store } from './store.ts';
import { SUBMISSION, type Submission } from './submission.ts';

export interface ProgramsOptions {
  /** What outlives this process. Null: nothing does. */
  readonly store: Store | null;
  /** Steps of a program's log from one checkpoint to the next. Default 2,000. */
  readonly checkpointPeriod?: number;
  /** Bytes of memory that programs which have ended may keep, all together; of more the oldest let go. Default 1 GiB. */
  readonly endedBytes?: number;
  /** Milliseconds that a client has for fetching what is too much, from the end or its last read on. Default: a minute. */
  readonly fetchTime?: number;
  readonly log: NodeOptions['log'];
}

/** Steps from one checkpoint to the next, unless the master is told otherwise. */
export const CHECKPOINT_PERIOD = 2_000;

const NOTHING: Wishes = { stats: false, trace: false };

/** Bytes of memory that ended programs keep, unless the master is told otherwise. */
export const ENDED_BYTES = 2 ** 30;

/** Programs that run at once. */
const MOST_RUNNING = 64;

/** Programs that have ended and whose results are kept. */
const MOST_ENDED = 16;

/** Milliseconds that a client has for fetching what is too much, unless the master is told otherwise. */
const FETCH_TIME = 60_000;

export class Programs {
  readonly #options: ProgramsOptions;
  readonly #hostOf: () => RunHost;
  readonly #onFailure: (error: Error) => void;
  readonly #runs = new Map<number, ClusterRun>();
  readonly #keys = new Map<string, ClusterRun>();
  /** Those that do not run yet, by key. */
  readonly #coming = new Map<string, Promise<ClusterRun>>();
  /** What programs came to that are no longer here. */
  readonly #forgotten = { commits: 0, conflicts: 0 };
  #last: number;
  #isClosing = false;

  /** `hostOf`: where one more program runs. `onFailure`: the log takes no more. */
  constructor(options: ProgramsOptions, hostOf: () => RunHost, onFailure: (error: Error) => void) {
    this.#options = options;
    this.#hostOf = hostOf;
    this.#onFailure = onFailure;
    this.#last = options.store?.lastId ?? 0;
  }

  /** Those whose results are kept, too. */
  get all(): readonly ClusterRun[] {
    return [...this.#runs.values()];
  }

  get(id: number): ClusterRun | undefined {
    return this.#runs.get(id);
  }

  /** Of all programs so far. */
  get totals(): { readonly commits: number; readonly conflicts: number } {
    const { commits, conflicts } = this.#forgotten;
    return {
      commits: this.all.reduce((sum, { counts }) => sum + counts.commits, commits),
      conflicts: this.all.reduce((sum, { counts }) => sum + counts.conflicts, conflicts),
    };
  }

  /** Those that the store holds go on. */
  async resume(): Promise<void> {
    for (const kept of this.#options.store?.programs() ?? []) await this.#resume(kept);
  }

  /** Fulfilled once it runs. Rejects with `UsageError` if it cannot be run. The same submission twice is one run. */
  submit(submission: Submission, wishes = NOTHING): Promise<ClusterRun> {
    const { key } = submission;
    const known = this.#keys.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const coming = this.#coming.get(key);
    if (coming !== undefined) return coming;
    const submitted = this.#submit(submission, wishes).finally(() => this.#coming.delete(key));
    this.#coming.set(key, submitted);
    return submitted;
  }

  async #submit(submission: Submission, wishes: Wishes): Promise<ClusterRun> {
    const running = this.all.filter(({ state }) => state === 'running').length;
    if (running >= MOST_RUNNING || this.#isClosing)
      throw new UsageError(this.#isClosing ? 'this DVM is being stopped' : `${running} programs run already`);
    this.#last += 1;
    const program = { id: this.#last, submitted: Date.now(), submission };
    const run = await ClusterRun.create({ ...program, isNew: true }, this.#hostOf(), this.#keptRun(), wishes);
    const { store, log } = this.#options;
    await store?.add({ ...program, submission: encodeAs(SUBMISSION, submission) });
    const ended = this.#run(run, submission.key);
    try {
      await Promise.race([run.started, ended]);
    } catch (error) {
      await this.forget(run);
      throw error;
    }
    log('info', 'program runs', { program: run.id, name: run.name });
    return run;
  }

  /** Its results are fetched, or nobody wants them. */
  async forget(run: ClusterRun): Promise<void> {
    if (!this.#runs.delete(run.id)) return;
    this.#forgotten.commits += run.counts.commits;
    this.#forgotten.conflicts += run.counts.conflicts;
    for (const [key, other] of this.#keys) if (other === run) this.#keys.delete(key);
    await run.dispose();
    await this.#options.store?.remove(run.id, run.epoch);
  }

  /**
   * Lets go of what is too much of all that ended programs have left: that of the oldest. What could not go on may be
   * mended; what somebody is about to fetch is not taken away.
   */
  letGo(): void {
    if (this.#isClosing) return;
    const { fetchTime = FETCH_TIME, endedBytes = ENDED_BYTES, log } = this.#options;
    const cannotLetGo =
      ({ id }: ClusterRun) =>
      (error: Error) =>
        log('warn', 'program cannot be let go', { program: id, why: error.message });
    const now = Date.now();
    const idle = this.all.filter(
      (one) =>
        one.state === 'ended' && !one.isFollowed && now - Math.max(one.ended, one.lastRead) >= fetchTime,
    );
    for (const old of idle.splice(0, Math.max(0, idle.length - MOST_ENDED)))
      this.forget(old).catch(cannotLetGo(old));
    const ended = this.all.filter(({ state }) => state === 'ended');
    let bytes = ended.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    for (const old of idle) {
      if (bytes <= endedBytes) return;
      const { id, memoryBytes } = old;
      if (old.isLetGo) continue;
      bytes -= memoryBytes;
      log('info', 'memory let go', { program: id, bytes: memoryBytes });
      old.letGo().catch(cannotLetGo(old));
    }
  }

  /** Nothing that runs can go on. */
  failAll(error: string): void {
    for (const run of this.#runs.values()) run.fail(error);
  }

  /** No more are taken. `cancel`: what runs is cancelled; fulfilled when nothing of it is executed any more. */
  async close(cancel: boolean): Promise<void> {
    this.#isClosing = true;
    if (!cancel) return;
    for (const run of this.#runs.values()) {
      run.abandon();
      run.cancel();
    }
    await Promise.all(this.all.map(({ over }) => over));
  }

  async dispose(): Promise<void> {
    for (const run of this.all) await run.dispose();
    await this.#options.store?.close();
  }

  /**
   * A program of an earlier process goes on from where its log ends. What was counted and traced of it ended with that
   * process, and half of either would be wrong: so neither goes on.
   */
  async #resume({ id, submitted, submission: bytes }: KeptProgram): Promise<void> {
    const { log } = this.#options;
    try {
      const decoded = decodeAs(SUBMISSION, bytes);
      if (!decoded.ok) throw new Error(`program ${id} is kept as what is none: ${decoded.error.message}`);
      const submission = decoded.value;
      const program = { id, submitted, submission, isNew: false };
      const run = await ClusterRun.create(program, this.#hostOf(), this.#keptRun(), NOTHING);
      void this.#run(run, submission.key).catch((error: Error) =>
        log('warn', 'program cannot go on', { program: id, why: error.message }),
      );
      log('info', 'program goes on', { program: id, name: run.name, version: run.version });
    } catch (error) {
      log('warn', 'program cannot go on', {
        program: id,
        why: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #run(run: ClusterRun, key: string): Promise<void> {
    this.#runs.set(run.id, run);
    this.#keys.set(key, run);
    const ended = run.run();
    void ended.catch(() => {}).then(() => this.#ended(run));
    return ended;
  }

  #keptRun(): KeptRun | null {
    const { store, checkpointPeriod: period = CHECKPOINT_PERIOD } = this.#options;
    return store && { store, period, onFailure: this.#onFailure };
  }

  #ended(run: ClusterRun): void {
    if (this.#isClosing) return;
    this.#options.log('info', 'program ended', { program: run.id, status: run.report?.status ?? 'broken' });
    this.letGo();
  }
}
