/** A compartment's thread: executes one attempt after the other, for one machine after the other, until it is ended. */

import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../../invariant.ts';
import type { FetchMissing } from '../../../isa/jit/calls.ts';
import type { PagePatch } from '../../../memory/patch.ts';
import type { MachineConfig } from '../../config.ts';
import { Execution } from '../../execution.ts';
import { LinearMemory } from '../../linear-memory.ts';
import type { Outcome } from '../../protocol.ts';
import { Mailbox } from './mailbox.ts';
import type { Posted, ThreadData } from './posted.ts';
import type { Inward } from './records.ts';
import { sharedWordsIn } from './shared-words.ts';
import { Stopwatch } from './stopwatch.ts';
import { type ThreadEngine, TranslatingEngine } from './thread-engine.ts';
import { type FetchName, fetchBy, WAITS } from './waiting.ts';

type Execute = Extract<Inward, { type: 'execute' }>;

/** Bytes written from which on they are given away instead of copied: that takes a message of its own. */
const LARGE_COMMIT = 2 ** 14;

/** Instructions that the engine is asked for at once: it looks by itself whether the attempt is still wanted. */
const BUDGET = 2 ** 40;

/** What a thread is executing. */
interface Running {
  readonly execution: number;
  readonly attempt: Execution;
  readonly stopwatch: Stopwatch;
}

/** Thrown through translated code: its attempt is dropped. What has come instead of pages is for the caller. */
class Dropped {
  readonly message: Inward | Posted | null;

  constructor(message: Inward | Posted | null) {
    this.message = message;
  }
}

class CompartmentThread {
  readonly #mailbox: Mailbox;
  readonly #fetches: FetchName;
  /** One for as long as the thread lives. */
  readonly #linear = new LinearMemory();
  #engine: ThreadEngine | null = null;
  #config: MachineConfig | null = null;
  #running: Running | null = null;

  constructor(mailbox: Mailbox, fetches: FetchName) {
    this.#mailbox = mailbox;
    this.#fetches = fetches;
  }

  async serve(): Promise<never> {
    let message: Inward | Posted | null = null;
    for (;;) {
      message ??= await this.#mailbox.next();
      if ('machine' in message) {
        this.#config = message.machine.config;
        this.#engine = new TranslatingEngine(message.machine, this.#linear, this.#fetchMissing(), () =>
          this.#tick(),
        );
      }
      // What else there may be concerns an execution that is over.
      message = 'type' in message && message.type === 'execute' ? await this.#begin(message) : null;
    }
  }

  async #begin({ execution, control, sv, pages }: Execute): Promise<Inward | Posted | null> {
    invariant(this.#engine !== null && this.#config !== null, 'a thread executes for a machine');
    const stopwatch = new Stopwatch(this.#engine);
    const attempt = new Execution(this.#engine, this.#config, control, sv);
    this.#running = { execution, attempt, stopwatch };
    attempt.provide(pages);
    stopwatch.ready();
    try {
      await this.#execute(this.#running, this.#engine, this.#config.fuel);
      return null;
    } catch (dropped) {
      if (!(dropped instanceof Dropped)) throw dropped;
      this.#mailbox.send({ type: 'dropped', execution });
      return dropped.message;
    } finally {
      this.#running = null;
      this.#engine.close(attempt.memory);
    }
  }

  /** Executes an attempt to its end. */
  async #execute(running: Running, engine: ThreadEngine, fuel: number): Promise<void> {
    const { execution, attempt, stopwatch } = running;
    const mailbox = this.#mailbox;
    while (!mailbox.isDropped(execution)) {
      stopwatch.begins();
      const stop =
        this.#fetches === 'suspend'
          ? await engine.runSuspended(attempt.cpu, attempt.memory, BUDGET, fuel)
          : engine.run(attempt.cpu, attempt.memory, BUDGET, fuel);
      stopwatch.ran();
      const progress = attempt.progressOf(stop);
      mailbox.beat();
      if (progress.type === 'needs') {
        this.#ask(running, progress.pages);
        this.#provide(running, await mailbox.next());
      } else if (progress.type !== 'going') {
        this.#finish(execution, progress, stopwatch);
        return;
      }
    }
    throw new Dropped(null);
  }

  /** The attempt gets on; or is to be dropped, wherever it is. */
  #tick(): void {
    this.#mailbox.beat();
    if (this.#running !== null && this.#mailbox.isDropped(this.#running.execution)) throw new Dropped(null);
  }

  #fetchMissing(): FetchMissing | null {
    switch (this.#fetches) {
      case 'leave':
        return null;
      case 'block':
        return { suspends: false, fetch: () => this.#fetch() };
      case 'suspend':
        return { suspends: true, fetch: async () => await this.#fetch() };
    }
  }

  /** Gets the pages that the running attempt misses; has them when it returns, or when the promise is fulfilled. */
  #fetch(): undefined | Promise<void> {
    const running = this.#running;
    invariant(running !== null, 'who misses pages is running');
    running.stopwatch.ran();
    this.#ask(running, running.attempt.needs());
    const answer = this.#mailbox.next();
    if (answer instanceof Promise) return answer.then((message) => this.#provide(running, message));
    this.#provide(running, answer);
    return undefined;
  }

  #ask({ execution }: Running, pages: readonly number[]): void {
    this.#mailbox.send({ type: 'needs', execution, pages });
  }

  #provide({ execution, attempt, stopwatch }: Running, message: Inward | Posted): void {
    stopwatch.fetched();
    if (!('type' in message) || message.type === 'execute') throw new Dropped(message);
    if (this.#mailbox.isDropped(execution)) throw new Dropped(null);
    if (message.type === 'supply' && message.execution === execution) attempt.provide(message.pages);
    stopwatch.ready();
  }

  #finish(execution: number, outcome: Outcome, stopwatch: Stopwatch): void {
    const give = outcome.type === 'commit' && bytesOf(outcome.patches) > LARGE_COMMIT;
    const costs = stopwatch.costs(outcome.executed);
    this.#mailbox.send({ type: 'ended', execution, outcome, costs }, give);
  }
}

function bytesOf(patches: readonly PagePatch[]): number {
  let bytes = 0;
  for (const { runs } of patches) for (const run of runs) bytes += run.bytes.length;
  return bytes;
}

const { shared, freight, wait } = workerData as ThreadData;
// A thread whose event loop goes on while it waits must not end for want of work.
parentPort!.ref();
const bell = () => parentPort!.postMessage(0);
const mailbox = new Mailbox(sharedWordsIn(shared), freight, bell, WAITS[wait]);
await new CompartmentThread(mailbox, fetchBy(wait)).serve();
