/** A compartment's thread: executes one attempt after the other, for one machine after the other, until it is ended. */

import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../../invariant.ts';
import type { PagePatch } from '../../../memory/patch.ts';
import { Execution } from '../../execution.ts';
import { LinearMemory } from '../../linear-memory.ts';
import type { Outcome } from '../../protocol.ts';
import { Mailbox } from './mailbox.ts';
import type { Posted, ThreadData } from './posted.ts';
import type { Inward } from './records.ts';
import { sharedWordsIn } from './shared-words.ts';
import { Stopwatch } from './stopwatch.ts';
import { type ThreadEngine, TranslatingEngine } from './thread-engine.ts';
import { WAITS } from './waiting.ts';

type Execute = Extract<Inward, { type: 'execute' }>;

/** Bytes written from which on they are given away instead of copied: that takes a message of its own. */
const LARGE_COMMIT = 2 ** 14;

/** Instructions between two looks at whether the attempt is still wanted: from here up, as fast as it turns out to be. */
const FIRST_BUDGET = 2 ** 16;

/** Milliseconds that should lie between two looks, at the most. */
const LONG_RUN = 10;

class CompartmentThread {
  readonly #mailbox: Mailbox;
  /** One for as long as the thread lives. */
  readonly #linear = new LinearMemory();
  #engine: ThreadEngine | null = null;
  #config: ConstructorParameters<typeof Execution>[1] | null = null;

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox;
  }

  async serve(): Promise<never> {
    let message: Inward | Posted | null = null;
    for (;;) {
      message ??= await this.#next();
      if ('machine' in message) {
        this.#config = message.machine.config;
        this.#engine = new TranslatingEngine(message.machine, this.#linear);
      }
      // What else there may be concerns an execution that is over.
      message = 'type' in message && message.type === 'execute' ? await this.#begin(message) : null;
    }
  }

  async #begin({ execution, control, sv, pages }: Execute): Promise<Inward | Posted | null> {
    invariant(this.#engine !== null && this.#config !== null, 'a thread executes for a machine');
    const stopwatch = new Stopwatch(this.#engine);
    const attempt = new Execution(stopwatch.engine, this.#config, control, sv);
    attempt.provide(pages);
    stopwatch.ready();
    try {
      return await this.#execute(execution, attempt, stopwatch);
    } finally {
      this.#engine.close(attempt.memory);
    }
  }

  /** Awaits nothing where the thread has blocked. */
  #next(): Inward | Posted | Promise<Inward | Posted> {
    return this.#mailbox.next();
  }

  /** Executes an attempt to its end. What comes of it in between, but for its pages, is for the caller. */
  async #execute(
    execution: number,
    attempt: Execution,
    stopwatch: Stopwatch,
  ): Promise<Inward | Posted | null> {
    const mailbox = this.#mailbox;
    let budget = FIRST_BUDGET;
    while (!mailbox.isDropped(execution)) {
      const progress = attempt.run(budget);
      mailbox.beat();
      if (stopwatch.lastRun > LONG_RUN) budget = Math.max(FIRST_BUDGET, budget / 2);
      else if (stopwatch.lastRun < LONG_RUN / 2) budget *= 2;
      if (progress.type === 'going') continue;
      if (progress.type !== 'needs') {
        this.#finish(execution, progress, stopwatch);
        return null;
      }
      mailbox.send({ type: 'needs', execution, pages: progress.pages });
      const answer = mailbox.next();
      const message = answer instanceof Promise ? await answer : answer;
      stopwatch.fetched();
      if (!('type' in message) || message.type === 'execute') {
        mailbox.send({ type: 'dropped', execution });
        return message;
      }
      if (message.type === 'supply' && message.execution === execution) attempt.provide(message.pages);
      stopwatch.ready();
    }
    mailbox.send({ type: 'dropped', execution });
    return null;
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
await new CompartmentThread(mailbox).serve();
