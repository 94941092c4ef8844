/** What is to happen when: by time, and at one time in the order of scheduling. */

import { MinHeap } from '../../src/memory/min-heap.ts';

interface Moment<T> {
  readonly time: number;
  readonly entries: T[];
}

export class Agenda<T> {
  /** One a time; the present one, once something of it was taken, is not among them. */
  readonly #moments = new MinHeap<Moment<T>>();
  readonly #byTime = new Map<number, Moment<T>>();
  #present: Moment<T> | null = null;
  /** Entries of the present moment that were taken. */
  #taken = 0;

  /** The time of the next entry; Infinity if there is none. */
  get time(): number {
    return this.#present?.time ?? this.#moments.least;
  }

  /** Not for a time before that of the entry that was taken last. */
  push(time: number, entry: T): void {
    const known = this.#byTime.get(time);
    if (known !== undefined) {
      known.entries.push(entry);
      return;
    }
    const moment = { time, entries: [entry] };
    this.#byTime.set(time, moment);
    this.#moments.push(time, moment);
  }

  take(): T | undefined {
    this.#present ??= this.#moments.pop() ?? null;
    if (this.#present === null) return undefined;
    const { time, entries } = this.#present;
    const entry = entries[this.#taken]!;
    this.#taken += 1;
    if (this.#taken === entries.length) {
      this.#byTime.delete(time);
      this.#present = null;
      this.#taken = 0;
    }
    return entry;
  }
}
