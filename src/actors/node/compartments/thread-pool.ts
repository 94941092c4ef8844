/**
 * The threads of this process, for all its machines: a thread is started when it is needed first and kept for the next
 * machine, as starting one costs more than most programs. Idle ones do not keep the process from ending.
 */

import { Wasm } from '../../../isa/jit/web-assembly.ts';
import { Thread } from './thread.ts';
import type { WaitName } from './waiting.ts';

/** Milliseconds after which a thread that does not let go of a dropped execution is replaced. */
const PATIENCE = 1_000;

/** Threads of one machine, at the most; attempts beyond wait for one that is free. */
const MOST_THREADS = 64;

export interface PoolOptions {
  /** How its threads sleep. Default: `await` on a host that can suspend translated code (JSPI), else `block`. */
  readonly wait?: WaitName;
  /** What its threads run, for tests of threads that misbehave. */
  readonly entry?: URL;
  readonly most?: number;
}

export class ThreadPool {
  /** Threads that one machine may use at once. */
  readonly most: number;
  readonly #start: () => Thread;
  #idle: Thread[] = [];
  #started = 0;

  constructor({ wait = usualWait(), entry, most = MOST_THREADS }: PoolOptions = {}) {
    this.most = most;
    this.#start = () => new Thread(wait, entry);
  }

  /** How many threads it has started so far. */
  get started(): number {
    return this.#started;
  }

  take(): Thread {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    this.#started += 1;
    return this.#start();
  }

  /** Takes back a thread that executes nothing. */
  give(thread: Thread): void {
    thread.unref();
    thread.owner = null;
    if (thread.isDead) return;
    thread.owner = { rung: () => {}, died: () => this.#forget(thread) };
    this.#idle.push(thread);
  }

  /** Takes back a thread that still has to let go of what it was told to drop. */
  giveBusy(thread: Thread): void {
    thread.unref();
    const timer = setTimeout(() => thread.kill(), PATIENCE);
    timer.unref();
    const settle = () => {
      for (let message = thread.receive(); message !== null; message = thread.receive()) {
        if (message.type !== 'dropped' && message.type !== 'ended') continue;
        if (message.execution !== thread.executions) continue;
        clearTimeout(timer);
        this.give(thread);
        return;
      }
      if (!thread.mayRing()) settle();
    };
    thread.owner = { rung: settle, died: () => clearTimeout(timer) };
    settle();
  }

  #forget(thread: Thread): void {
    this.#idle = this.#idle.filter((one) => one !== thread);
  }
}

/** What machines use unless they are told otherwise. */
export const THREADS = new ThreadPool();

function usualWait(): WaitName {
  return Wasm.Suspending === undefined ? 'block' : 'await';
}
