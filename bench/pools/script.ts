/**
 * A pool in another language: a process that reads `batch COUNT` and `row COUNT`, a line each, and answers each with a
 * line that says how many seconds that took, by its own clock.
 */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Pool } from './pool.ts';

export class ScriptPool implements Pool {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  private constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', () => {});
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Null if it does not say `ready`. */
  static async open(command: string, args: readonly string[]): Promise<ScriptPool | null> {
    const pool = new ScriptPool(command, args);
    const { value } = await pool.#answers.next();
    return value === 'ready' ? pool : null;
  }

  async batch(count: number): Promise<number> {
    return count / (await this.#ask(`batch ${count}`));
  }

  async oneAtATime(count: number): Promise<number> {
    return ((await this.#ask(`row ${count}`)) / count) * 1e6;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
  }

  async #ask(question: string): Promise<number> {
    this.#process.stdin.write(`${question}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the process has ended instead of an answer to: ${question}`);
    return Number(value);
  }
}
