/** A binary heap: the entry of the least order first. */
export class MinHeap<T> {
  readonly #orders: number[] = [];
  readonly #entries: T[] = [];

  /** The least order, or Infinity of an empty heap. */
  get least(): number {
    return this.#orders[0] ?? Number.POSITIVE_INFINITY;
  }

  push(order: number, entry: T): void {
    let hole = this.#orders.length;
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      if (this.#orders[parent]! <= order) break;
      this.#put(hole, this.#orders[parent]!, this.#entries[parent]!);
      hole = parent;
    }
    this.#put(hole, order, entry);
  }

  /** Removes and returns an entry of the least order. */
  pop(): T | undefined {
    const first = this.#entries[0];
    const order = this.#orders.pop();
    const entry = this.#entries.pop();
    if (order !== undefined && this.#orders.length > 0) this.#sink(order, entry!);
    return first;
  }

  #sink(order: number, entry: T): void {
    const size = this.#orders.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child + 1 < size && this.#orders[child + 1]! < this.#orders[child]!) child++;
      if (child >= size || this.#orders[child]! >= order) break;
      this.#put(hole, this.#orders[child]!, this.#entries[child]!);
      hole = child;
    }
    this.#put(hole, order, entry);
  }

  #put(index: number, order: number, entry: T): void {
    this.#orders[index] = order;
    this.#entries[index] = entry;
  }
}
