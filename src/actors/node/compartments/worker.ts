/** A compartment's thread: executes one attempt after the other, for one machine after the other, until it is ended. */

import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../../invariant.ts';
import { Execution } from '../../execution.ts';
import type { Outcome } from '../../protocol.ts';
import { Mailbox } from './mailbox.ts';
import type { Posted, ThreadData } from './posted.ts';
import type { Inward } from './records.ts';
import { sharedWordsIn } from './shared-words.ts';
import { Stopwatch } from './stopwatch.ts';
import { type ThreadEngine, threadEngine } from './thread-engine.ts';
import { WAITS } from './waiting.ts';

type Execute = Extract<Inward, { type: 'execute' }>;

/** Bytes of patches in one record: what a commit writes may be more than an array can hold. */
const PART_BYTES = 2 ** 26;

class CompartmentThread {
  readonly #mailbox: Mailbox;
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
        this.#engine = threadEngine(message.machine);
      }
      // What else there may be concerns an execution that is over.
      message = 'type' in message && message.type === 'execute' ? await this.#execute(message) : null;
    }
  }

  /** Awaits nothing where the thread has blocked. */
  #next(): Inward | Posted | Promise<Inward | Posted> {
    return this.#mailbox.next();
  }

  /** Executes an attempt to its end. What comes of it in between, but for its pages, is for the caller. */
  async #execute({ execution, control, sv, pages }: Execute): Promise<Inward | Posted | null> {
    const mailbox = this.#mailbox;
    invariant(this.#engine !== null && this.#config !== null, 'a thread executes for a machine');
    const stopwatch = new Stopwatch(this.#engine);
    const attempt = new Execution(stopwatch.engine, this.#config, control, sv);
    attempt.provide(pages);
    stopwatch.ready();
    while (!mailbox.isDropped(execution)) {
      const progress = attempt.run(this.#engine.budget);
      mailbox.beat();
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
    const mailbox = this.#mailbox;
    if (outcome.type !== 'commit') {
      mailbox.send({ type: 'ended', execution, outcome, costs: stopwatch.costs(outcome.executed) });
      return;
    }
    const { patches } = outcome;
    let from = 0;
    let bytes = 0;
    for (const [i, { runs }] of patches.entries()) {
      for (const run of runs) bytes += run.bytes.length;
      if (bytes < PART_BYTES) continue;
      mailbox.send({ type: 'patches', execution, patches: patches.slice(from, i + 1) });
      mailbox.beat();
      from = i + 1;
      bytes = 0;
    }
    const rest = from === 0 ? outcome : { ...outcome, patches: patches.slice(from) };
    mailbox.send({ type: 'ended', execution, outcome: rest, costs: stopwatch.costs(outcome.executed) });
  }
}

const { shared, freight, wait } = workerData as ThreadData;
const bell = () => parentPort!.postMessage(0);
const mailbox = new Mailbox(sharedWordsIn(shared), freight, bell, WAITS[wait]);
await new CompartmentThread(mailbox).serve();
