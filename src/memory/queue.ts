/** First in, first out, at a cost that does not depend on how many wait: an array's own `shift` and `splice` move them all. */

export class Queue<T> {
  #items: T[] = [];
  #head = 0;
  /** What was put in front, the next one last. */
  #front: T[] = [];

  get length(): number {
    return this.#front.length + this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts items before all others, in their order. */
  pushFront(items: readonly T[]): void {
    for (let i = items.length - 1; i >= 0; i--) this.#front.push(items[i]!);
  }

  shift(): T | undefined {
    if (this.#front.length > 0) return this.#front.pop();
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head]!;
    this.#head += 1;
    // Halving what is passed costs each item one move at the most, amortised.
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes out everything, in order. */
  drain(): T[] {
    const all = [...this.#front.reverse(), ...this.#items.slice(this.#head)];
    this.#front = [];
    this.#items = [];
    this.#head = 0;
    return all;
  }
}
