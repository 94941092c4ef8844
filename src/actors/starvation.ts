/**
 * No livelock (rule 10): a runner that has lost too often is starving; others whose declared ranges overlap its own
 * start only when it has finished, and of overlapping starving runners the lowest place in the runner tree goes first.
 */

import type { RunnerId } from '../memory/ids.ts';
import { compare } from '../memory/place.ts';
import { RangeIndex } from '../memory/range-index.ts';
import { type Range, unite } from '../memory/ranges.ts';
import type { RunnerRecord } from './runner-record.ts';

export class Starvation {
  readonly #starving = new Map<RunnerId, RunnerRecord>();
  readonly #index = new RangeIndex<RunnerId>();
  /** Runners that wait for a starving one. */
  readonly #delayed = new Map<RunnerId, RunnerRecord[]>();

  has(record: RunnerRecord): boolean {
    return this.#starving.has(record.control.id);
  }

  add(record: RunnerRecord): void {
    this.#starving.set(record.control.id, record);
    this.#index.insert(record.control.id, declared(record));
  }

  /** Whether the runner must wait; it is then kept here until the one in its way has ended an attempt. */
  delays(record: RunnerRecord): boolean {
    if (this.#starving.size === 0) return false;
    for (const id of this.#index.touched(declared(record))) {
      const other = this.#starving.get(id)!;
      if (other !== record && this.#goesFirst(other, record)) {
        const waiting = this.#delayed.get(id);
        if (waiting === undefined) this.#delayed.set(id, [record]);
        else waiting.push(record);
        return true;
      }
    }
    return false;
  }

  /**
   * An attempt of the runner has ended: those that waited for it, to be judged anew. They are let go even if it only
   * lost once more, as it may now have to wait for one of them.
   */
  release(record: RunnerRecord): RunnerRecord[] {
    const waiting = this.#delayed.get(record.control.id) ?? [];
    this.#delayed.delete(record.control.id);
    return waiting;
  }

  /** The runner has finished; false if it was not starving. */
  delete(record: RunnerRecord): boolean {
    this.#index.delete(record.control.id);
    return this.#starving.delete(record.control.id);
  }

  #goesFirst(starving: RunnerRecord, record: RunnerRecord): boolean {
    return !this.has(record) || starving.state === 'running' || compare(starving.place, record.place) < 0;
  }
}

function declared({ control }: RunnerRecord): Range[] {
  return unite([...control.heap, ...control.watched]);
}
