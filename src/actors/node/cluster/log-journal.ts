/** A journal over a commit log. */

import type { CommitLog } from '../../commit-log.ts';
import type { Epoch } from '../../control-block.ts';
import type { Decided } from '../../decided.ts';
import type { Journal } from '../journal.ts';
import { encodeDecided } from '../wire/decided.ts';

/** Whatever comes while a batch is on its way to the log is the next batch. */
export class LogJournal implements Journal {
  readonly #log: Pick<CommitLog, 'append'>;
  readonly #epoch: Epoch;
  readonly #onFailure: (error: Error) => void;
  #waiting: { readonly records: readonly Decided[]; readonly bytes: Uint8Array }[] = [];
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
    // What cannot be written down is a mistake of whoever decided it, and not of the log.
    const bytes = encodeDecided(records);
    this.#appended += 1;
    this.#waiting.push({ records, bytes });
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
        if (
          (await this.#log.append(
            this.#epoch,
            batch.map(({ bytes }) => bytes),
          )) === 'fenced'
        )
          throw new Error('another master has taken over this log');
        this.#safe += batch.length;
        this.onSafe();
        for (const { records } of batch) this.onStep(records);
      }
      this.#isWriting = false;
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
