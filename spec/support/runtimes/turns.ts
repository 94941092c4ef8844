/**
 * nact's use of `setImmediate`, intercepted: what it schedules waits here until somebody chooses it. nact looks the
 * function up at every call, so it is enough that the global one is another while a run lasts.
 */

import { isAsyncFunction } from 'node:util/types';

/** The turns of actors that nact has scheduled, in that order. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = false;

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether an actor is reading its mailbox. */
  get running(): boolean {
    return this.#running;
  }

  /** One actor reads its mailbox, and nact does what it does after that. */
  async take(nth: number): Promise<void> {
    const turn = this.#waiting.splice(nth, 1)[0]!;
    this.#running = true;
    turn();
    this.#running = false;
    await promisesKept();
  }

  /** As `setImmediate`: an actor's turn is an async function; the other use that nact has for it comes after an end, and does nothing. */
  schedule(turn: () => void): () => void {
    if (isAsyncFunction(turn)) this.#waiting.push(turn);
    return turn;
  }

  /** As `clearImmediate`. */
  drop(turn: () => void): void {
    const at = this.#waiting.indexOf(turn);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}

/** Gives `body` every turn of nact; it must wait for nothing but turns, so that nobody else runs meanwhile. */
export async function interceptTurns<T>(body: (turns: Turns) => Promise<T>): Promise<T> {
  const { setImmediate, clearImmediate } = globalThis;
  const turns = new Turns();
  globalThis.setImmediate = ((turn: () => void) => turns.schedule(turn)) as never;
  globalThis.clearImmediate = ((turn: () => void) => turns.drop(turn)) as never;
  try {
    return await body(turns);
  } finally {
    Object.assign(globalThis, { setImmediate, clearImmediate });
  }
}

/** Node comes to this when no promise is left to be followed, and before anything of the event loop. */
function promisesKept(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
