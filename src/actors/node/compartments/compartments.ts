/**
 * The outside of one machine's RComps: gives their attempts to threads and brings back what became of them.
 *
 * **Invariant:** an attempt that was given to a thread ends here in exactly one way, or its RComp no longer wants it.
 */

import type { AttemptId } from '../../control-block.ts';
import { sameAttempt } from '../../control-block.ts';
import type { ToCompartment, ToRComp } from '../../protocol.ts';
import { COSTS, type Costs, NO_COSTS } from './costs.ts';
import type { MachineSettings } from './posted.ts';
import type { Outward } from './records.ts';
import type { Thread, ThreadOwner } from './thread.ts';
import { THREADS, type ThreadPool } from './thread-pool.ts';

type Execute = Extract<ToCompartment, { type: 'execute' }>;

/** Milliseconds of looking into the rings before going to sleep. */
const SPIN = 0.05;

/** Milliseconds between two looks at whether threads get on. */
const ROUND = 1_000;

/** Rounds in which an executing thread may tell nothing before it counts as hung. */
const SILENT_ROUNDS = 60;

/** Rounds that a thread may take to let go of a dropped execution. */
const DROPPING_ROUNDS = 2;

export interface CompartmentsOptions {
  readonly toRComp: (rcomp: number, message: ToRComp) => void;
  /** A thread has died under an attempt. */
  readonly onDeath: (error: Error | null, rcomp: number) => void;
  /** A thread has been given an attempt; for tests that kill it. */
  readonly onExecute?: (rcomp: number, thread: { kill(): void }) => void;
  readonly pool?: ThreadPool;
  /** Milliseconds between two looks at whether threads get on. Default 1 s. */
  readonly round?: number;
}

/** What a thread executes. */
interface Job {
  readonly rcomp: number;
  readonly attempt: AttemptId;
  readonly execution: number;
  readonly thread: Thread;
  /** Nobody wants to know of it any more. */
  dropped: boolean;
  /** It waits for pages. */
  waiting: boolean;
  beats: number;
  silence: number;
}

export class Compartments implements ThreadOwner {
  readonly #settings: MachineSettings;
  readonly #options: CompartmentsOptions;
  readonly #pool: ThreadPool;
  /** By RComp; dropped ones are no longer here. */
  readonly #wanted = new Map<number, Job>();
  /** By thread, dropped ones included. */
  readonly #jobs = new Map<Thread, Job>();
  #free: Thread[] = [];
  readonly #queue: { readonly rcomp: number; readonly message: Execute }[] = [];
  #costs = NO_COSTS;
  #polling = false;
  #activity = 0;
  #rounds: NodeJS.Timeout | undefined;

  constructor(settings: MachineSettings, options: CompartmentsOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#pool = options.pool ?? THREADS;
  }

  /** Of all executions so far. */
  get costs(): Costs {
    return this.#costs;
  }

  receive(rcomp: number, message: ToCompartment): void {
    switch (message.type) {
      case 'execute':
        this.#dropWanted(rcomp);
        this.#start(rcomp, message);
        break;
      case 'supply': {
        const job = this.#wanted.get(rcomp);
        if (job === undefined || !sameAttempt(job.attempt, message.attempt)) return;
        job.waiting = false;
        job.thread.send({ type: 'supply', execution: job.execution, pages: message.pages });
        this.#expect();
        break;
      }
      case 'cancel': {
        const queued = this.#queue.findIndex(({ message: { attempt } }) =>
          sameAttempt(attempt, message.attempt),
        );
        if (queued >= 0) this.#queue.splice(queued, 1);
        const job = this.#wanted.get(rcomp);
        if (job !== undefined && sameAttempt(job.attempt, message.attempt)) this.#dropWanted(rcomp);
        break;
      }
    }
  }

  /** Gives all threads back. Nothing is told of any attempt afterwards. */
  close(): void {
    clearInterval(this.#rounds);
    this.#rounds = undefined;
    this.#queue.length = 0;
    for (const rcomp of [...this.#wanted.keys()]) this.#dropWanted(rcomp);
    for (const thread of this.#jobs.keys()) this.#pool.giveBusy(thread);
    for (const thread of this.#free) this.#pool.give(thread);
    this.#jobs.clear();
    this.#free = [];
  }

  rung(): void {
    this.#expect();
  }

  died(thread: Thread, error: Error | null): void {
    this.#drain(thread);
    const job = this.#jobs.get(thread);
    this.#jobs.delete(thread);
    this.#free = this.#free.filter((one) => one !== thread);
    if (job === undefined) return;
    if (!job.dropped) {
      this.#wanted.delete(job.rcomp);
      this.#options.onDeath(error, job.rcomp);
      this.#options.toRComp(job.rcomp, {
        type: 'compartment-ended',
        attempt: job.attempt,
        outcome: null,
        loads: [],
      });
    }
    this.#startQueued();
  }

  #start(rcomp: number, message: Execute): void {
    const thread = this.#freeThread();
    if (thread === null) {
      this.#queue.push({ rcomp, message });
      return;
    }
    const { attempt, control, sv, pages } = message;
    thread.executions = (thread.executions + 1) | 0;
    const execution = thread.executions;
    const job: Job = {
      rcomp,
      attempt,
      execution,
      thread,
      dropped: false,
      waiting: false,
      beats: thread.beats,
      silence: 0,
    };
    this.#wanted.set(rcomp, job);
    this.#jobs.set(thread, job);
    thread.serve(this.#settings);
    thread.send({ type: 'execute', execution, control, sv, pages });
    this.#options.onExecute?.(rcomp, thread);
    this.#watch();
    this.#expect();
  }

  #freeThread(): Thread | null {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#jobs.size >= this.#pool.most) return null;
    const thread = this.#pool.take();
    thread.owner = this;
    thread.ref();
    return thread;
  }

  #startQueued(): void {
    const next = this.#queue.shift();
    if (next !== undefined) this.#start(next.rcomp, next.message);
  }

  #dropWanted(rcomp: number): void {
    const job = this.#wanted.get(rcomp);
    if (job === undefined) return;
    this.#wanted.delete(rcomp);
    job.dropped = true;
    job.silence = 0;
    job.thread.drop(job.execution);
  }

  /** Something may come soon: looks for it until nothing has come for a while, then waits to be rung for. */
  #expect(): void {
    this.#activity = performance.now();
    if (this.#polling) return;
    this.#polling = true;
    setImmediate(this.#poll);
  }

  readonly #poll = (): void => {
    let came = false;
    for (const thread of this.#jobs.keys()) if (this.#drain(thread)) came = true;
    const now = performance.now();
    if (came) this.#activity = now;
    if (this.#jobs.size > 0 && (now - this.#activity < SPIN || !this.#maySleep())) {
      setImmediate(this.#poll);
      return;
    }
    this.#polling = false;
  };

  #maySleep(): boolean {
    for (const thread of this.#jobs.keys()) if (!thread.mayRing()) return false;
    return true;
  }

  #drain(thread: Thread): boolean {
    let came = false;
    for (let message = thread.receive(); message !== null; message = thread.receive()) {
      came = true;
      const job = this.#jobs.get(thread);
      if (job !== undefined) this.#heard(job, message);
    }
    return came;
  }

  #heard(job: Job, message: Outward): void {
    if (message.type === 'posted' || message.execution !== job.execution) return;
    const { rcomp, attempt, dropped } = job;
    switch (message.type) {
      case 'needs':
        job.waiting = true;
        if (!dropped)
          this.#options.toRComp(rcomp, { type: 'compartment-needs', attempt, pages: message.pages });
        break;
      case 'dropped':
        this.#finished(job);
        break;
      case 'ended': {
        const { outcome, costs } = message;
        this.#finished(job);
        this.#add(costs);
        if (dropped) break;
        this.#wanted.delete(rcomp);
        this.#options.toRComp(rcomp, { type: 'compartment-ended', attempt, outcome, loads: [] });
      }
    }
  }

  #finished({ thread }: Job): void {
    this.#jobs.delete(thread);
    this.#free.push(thread);
    this.#startQueued();
  }

  #add(costs: Costs): void {
    const sum = { ...this.#costs };
    for (const cost of COSTS) sum[cost] += costs[cost];
    this.#costs = sum;
  }

  /** Threads that do not get on are killed, and so replaced. Counted in rounds: a process that was stopped is no excuse. */
  #watch(): void {
    if (this.#rounds !== undefined) return;
    this.#rounds = setInterval(() => {
      for (const job of this.#jobs.values()) {
        const { beats } = job.thread;
        job.silence = !job.dropped && (job.waiting || beats !== job.beats) ? 0 : job.silence + 1;
        job.beats = beats;
        if (job.silence > (job.dropped ? DROPPING_ROUNDS : SILENT_ROUNDS)) job.thread.kill();
      }
    }, this.#options.round ?? ROUND);
    this.#rounds.unref();
  }
}
