/** Where a machine puts what must outlive its process. */

import type { CommitLog } from '../commit-log.ts';
import type { Epoch } from '../control-block.ts';
import type { Decided } from '../decided.ts';
import { encodeDecided } from './wire/decided.ts';

export interface Journal {
  /** Adds the records of one step, all of them or none; answers how many steps have been added. */
  append(records: readonly Decided[]): number;
  /** How many of these outlive a crash. */
  readonly safe: number;
  /** Whoever waits for more to be safe. */
  onSafe: () => void;
}

/** Whatever comes while a batch is on its way to the log is the next batch. */
export class LogJournal implements Journal {
  readonly #log: Pick<CommitLog, 'append'>;
  readonly #epoch: Epoch;
  readonly #onFailure: (error: Error) => void;
  #waiting: (readonly Decided[])[] = [];
  #appended = 0;
  #safe = 0;
  #isWriting = false;
  #hasFailed = false;
  onSafe: () => void = () => {};
  /** Whoever follows the log: called for each step that is safe, in order. */
  onStep: (records: readonly Decided[]) => void = () => {};

  /** `onFailure`: the log takes no more, and so nothing will be safe any more. Called once. */
  constructor(log: Pick<CommitLog, 'append'>, epoch: Epoch, onFailure: (error: Error) => void) {
    this.#log = log;
    this.#epoch = epoch;
    this.#onFailure = onFailure;
  }

  get safe(): number {
    return this.#safe;
  }

  append(records: readonly Decided[]): number {
    this.#appended += 1;
    this.#waiting.push(records);
    if (!this.#isWriting && !this.#hasFailed) {
      this.#isWriting = true;
      // What else this turn brings goes along.
      setImmediate(() => void this.#write());
    }
    return this.#appended;
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        if ((await this.#log.append(this.#epoch, batch.map(encodeDecided))) === 'fenced')
          throw new Error('another master has taken over this log');
        this.#safe += batch.length;
        this.onSafe();
        for (const records of batch) this.onStep(records);
      }
      this.#isWriting = false;
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
