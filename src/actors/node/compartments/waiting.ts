/** How a compartment's thread sleeps until it is woken. */

import { Wasm } from '../../../isa/jit/web-assembly.ts';

/** Returns once the word is no longer `value`, or rather: once it may be. */
export type Wait = (words: Int32Array, word: number, value: number) => undefined | Promise<unknown>;

export type WaitName = 'block' | 'await';

export const WAITS: Readonly<Record<WaitName, Wait>> = {
  /** The thread stands still. */
  block: (words, word, value) => {
    Atomics.wait(words, word, value);
    return undefined;
  },
  /** The thread's event loop goes on, so that whoever is suspended there can be resumed. */
  await: (words, word, value) => {
    const { async, value: woken } = (Atomics as unknown as WithWaitAsync).waitAsync(words, word, value);
    return async ? woken : undefined;
  },
};

/**
 * How pages are fetched in the middle of translated code: it is suspended where the host can do that (JSPI) and the
 * thread's event loop goes on; else the thread stands still. A thread that can do neither is left by translated code.
 */
export type FetchName = 'block' | 'suspend' | 'leave';

export function fetchBy(wait: WaitName): FetchName {
  if (wait === 'block') return 'block';
  return Wasm.Suspending === undefined ? 'leave' : 'suspend';
}

/** TypeScript declares it for ES2024 only; Node 20 has it. */
interface WithWaitAsync {
  waitAsync(
    words: Int32Array,
    word: number,
    value: number,
  ):
    | { readonly async: false; readonly value: string }
    | { readonly async: true; readonly value: Promise<string> };
}
