/**
 * A set in the order of adding, found from both ends. Every operation costs the same however many there are. A `Set` of
 * the language does not promise that: looking for its first element passes those that were deleted before it.
 */

interface Link<T> {
  readonly item: T;
  older: Link<T> | null;
  newer: Link<T> | null;
}

export class LinkedSet<T> implements Iterable<T> {
  readonly #links = new Map<T, Link<T>>();
  #oldest: Link<T> | null = null;
  #newest: Link<T> | null = null;

  get size(): number {
    return this.#links.size;
  }

  get oldest(): T | undefined {
    return this.#oldest?.item;
  }

  get newest(): T | undefined {
    return this.#newest?.item;
  }

  has(item: T): boolean {
    return this.#links.has(item);
  }

  /** Makes the item the newest, whether it was there or not. */
  add(item: T): void {
    if (this.#newest?.item === item) return;
    this.delete(item);
    const link: Link<T> = { item, older: this.#newest, newer: null };
    if (this.#newest === null) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
    this.#links.set(item, link);
  }

  /** False if it was not there. */
  delete(item: T): boolean {
    const link = this.#links.get(item);
    if (link === undefined) return false;
    if (link.older === null) this.#oldest = link.newer;
    else link.older.newer = link.newer;
    if (link.newer === null) this.#newest = link.older;
    else link.newer.older = link.older;
    return this.#links.delete(item);
  }

  clear(): void {
    this.#links.clear();
    this.#oldest = null;
    this.#newest = null;
  }

  /** Oldest first. Only what is not being looked at may be deleted meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (let link = this.#oldest; link !== null; link = link.newer) yield link.item;
  }

  *newestFirst(): Generator<T> {
    for (let link = this.#newest; link !== null; link = link.older) yield link.item;
  }
}
