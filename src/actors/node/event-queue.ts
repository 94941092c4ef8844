/** Events for a `for await`: what has come and not been taken is kept, so that nothing is missed. */

export class EventQueue<T> implements AsyncIterableIterator<T> {
  readonly #onReturn: () => void;
  readonly #waiting: ((result: IteratorResult<T, undefined>) => void)[] = [];
  /** Read from `#next` on: taking from the front of a long array moves all of it. */
  #events: T[] = [];
  #next = 0;
  #ended = false;

  /** `onReturn` is called when the loop is left. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(event: T): void {
    if (this.#ended) return;
    const taker = this.#waiting.shift();
    if (taker === undefined) this.#events.push(event);
    else taker({ done: false, value: event });
  }

  /** No event will come any more; those that are kept can still be taken. */
  end(): void {
    this.#ended = true;
    for (const taker of this.#waiting.splice(0)) taker({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const event = this.#events[this.#next];
    if (event !== undefined) {
      this.#next += 1;
      if (this.#next === this.#events.length) {
        this.#events = [];
        this.#next = 0;
      }
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#events = [];
    this.#next = 0;
    this.end();
    this.#onReturn();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
