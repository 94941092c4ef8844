/** Reads committed memory from the page homes, for clients: a debugger, `--print`, a test. */

import { VersionGoneError } from '../../errors.ts';
import { homeOf, pagesOf } from '../../memory/directory.ts';
import type { Version } from '../../memory/version.ts';
import { addressOf } from '../address.ts';
import type { FetchedPage, PageRequest, ToClient, ToHome } from '../protocol.ts';
import type { TraceEvent } from '../trace-event.ts';

/** Pages asked for at once. */
const WINDOW = 256;

interface Question {
  /** Pages still missing. */
  missing: number;
  readonly pages: FetchedPage[];
  readonly answer: (pages: readonly FetchedPage[]) => void;
  readonly reject: (reason: Error) => void;
}

export class SnapshotReader {
  readonly #homes: number;
  readonly #pageSize: number;
  readonly #ask: (home: number, message: ToHome) => void;
  readonly #questions = new Map<number, Question>();
  /** Client 0 is the one that runs the program. */
  #lastClient = 0;
  /** Why nobody answers any more. */
  #abandoned: Error | null = null;
  #newest: Version = 0;
  /** The newest version that touched each home. */
  readonly #touched: Version[];

  constructor(homes: number, pageSize: number, ask: (home: number, message: ToHome) => void) {
    this.#homes = homes;
    this.#pageSize = pageSize;
    this.#ask = ask;
    this.#touched = new Array<Version>(homes).fill(0);
  }

  get newest(): Version {
    return this.#newest;
  }

  /** All commits up to `newest` have been before; `touched`: the newest that touched each home. */
  begin(newest: Version, touched: readonly Version[]): void {
    this.#newest = newest;
    touched.forEach((version, home) => {
      this.#touched[home] = version;
    });
  }

  /** Must hear of every commit, in order. */
  committed({ version, homes }: Extract<TraceEvent, { type: 'commit' }>): void {
    this.#newest = version;
    for (const home of homes) this.#touched[home] = version;
  }

  /** The bytes as of version `at`, or as of the newest one. Rejects with `VersionGoneError`. */
  async read(address: number, length: number, at: Version | null): Promise<Uint8Array> {
    for (;;) {
      const version = at ?? this.#newest;
      const bytes = await this.#readAt(address, length, version);
      if (bytes !== null) return bytes;
      // While the program runs, the newest version may have been superseded and collected on the way.
      if (at !== null || version === this.#newest) throw new VersionGoneError(version);
    }
  }

  answered(client: number, { pages }: Extract<ToClient, { type: 'fetched' }>): void {
    const question = this.#questions.get(client);
    if (question === undefined) return;
    question.pages.push(...pages);
    question.missing -= pages.length;
    if (question.missing > 0) return;
    this.#questions.delete(client);
    question.answer(question.pages);
  }

  /** Nobody will answer any more. */
  abandon(reason: Error): void {
    this.#abandoned = reason;
    for (const question of this.#questions.values()) question.reject(reason);
    this.#questions.clear();
  }

  async #readAt(address: number, length: number, at: Version): Promise<Uint8Array | null> {
    const result = new Uint8Array(length);
    const wanted = [...pagesOf({ base: address, length }, this.#pageSize)];
    for (let from = 0; from < wanted.length; from += WINDOW) {
      for (const page of await this.#fetch(wanted.slice(from, from + WINDOW), at)) {
        if (page.state === 'too-old') return null;
        copyCommon(page.bytes, page.page * this.#pageSize, result, address);
      }
    }
    return result;
  }

  #fetch(pages: readonly number[], at: Version): Promise<readonly FetchedPage[]> {
    this.#lastClient += 1;
    const client = this.#lastClient;
    const requests = new Map<number, PageRequest[]>();
    for (const page of pages) {
      const home = homeOf(page, this.#homes);
      const request = { page, have: -1 };
      if (requests.get(home)?.push(request) === undefined) requests.set(home, [request]);
    }
    if (this.#abandoned !== null) return Promise.reject(this.#abandoned);
    return new Promise((answer, reject) => {
      this.#questions.set(client, { missing: pages.length, pages: [], answer, reject });
      for (const [home, mine] of requests) {
        const needs = this.#touched[home]!;
        this.#ask(home, { type: 'fetch', from: addressOf('client', client), pages: mine, at, needs });
      }
    });
  }
}

/** The bytes that two pieces of memory have in common, from the first into the second. */
export function copyCommon(from: Uint8Array, fromBase: number, to: Uint8Array, toBase: number): void {
  const first = Math.max(fromBase, toBase);
  const last = Math.min(fromBase + from.length, toBase + to.length);
  if (first < last) to.set(from.subarray(first - fromBase, last - fromBase), first - toBase);
}
