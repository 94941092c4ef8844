/**
 * Where the master's decisions are kept, and who may add to them: the one part of a cluster that needs consensus. A
 * machine in one process dies with its log, and so does without.
 */

import { invariant } from '../invariant.ts';
import type { Version } from '../memory/version.ts';
import type { Epoch } from './control-block.ts';
import type { Soon } from './soon.ts';

/** One decided version. */
export interface LogRecord {
  readonly version: Version;
  /** Of the master that decided it. */
  readonly epoch: Epoch;
  readonly bytes: Uint8Array;
}

export interface Epochs {
  /** The next epoch, above all that were ever claimed: whoever claimed an earlier one can append nothing from now on. */
  claim(): Soon<Epoch>;
}

export interface CommitLog {
  /**
   * Adds the records of a batch as the next versions, all of them or none. Answers the version of the last one, and
   * whoever has the answer may tell of the commits: they outlive a crash. A batch without records answers the newest
   * version. `fenced`, and nothing is added, if the epoch is not the newest that was claimed.
   */
  append(epoch: Epoch, batch: readonly Uint8Array[]): Soon<Version | 'fenced'>;
  /** The records from version `from` on, in their order. `gone` if a checkpoint has passed `from`. */
  read(from: Version): Soon<readonly LogRecord[] | 'gone'>;
  /** The pages as of `version`, which is in the log, are safe elsewhere: it and all before it are kept no longer. */
  checkpoint(version: Version): Soon<void>;
}

/** The meaning, as short as it can be told. */
export class MemoryCommitLog implements CommitLog, Epochs {
  #records: LogRecord[] = [];
  /** The newest version that is not kept. */
  #passed: Version = 0;
  #epoch: Epoch = 0;

  claim(): Epoch {
    this.#epoch += 1;
    return this.#epoch;
  }

  append(epoch: Epoch, batch: readonly Uint8Array[]): Version | 'fenced' {
    if (epoch !== this.#epoch) return 'fenced';
    for (const bytes of batch) this.#records.push({ version: this.#newest + 1, epoch, bytes });
    return this.#newest;
  }

  read(from: Version): readonly LogRecord[] | 'gone' {
    if (from <= this.#passed) return 'gone';
    return this.#records.slice(from - this.#passed - 1);
  }

  checkpoint(version: Version): void {
    invariant(version <= this.#newest, 'a checkpoint is of a version that is in the log');
    if (version <= this.#passed) return;
    this.#records = this.#records.slice(version - this.#passed);
    this.#passed = version;
  }

  get #newest(): Version {
    return this.#passed + this.#records.length;
  }
}
