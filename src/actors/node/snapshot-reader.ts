/** Reads committed memory from the page homes, for clients: a debugger, `--print`, a test. */

import { PagesLostError, VersionGoneError } from '../../errors.ts';
import { byHome, pagesOf } from '../../memory/directory.ts';
import type { Version } from '../../memory/version.ts';
import { type Address, addressOf } from '../address.ts';
import type { MachineConfig } from '../config.ts';
import { MASTER_NODE } from '../placement.ts';
import { type Places, placesAtFirst, readerOf } from '../places.ts';
import type { FetchedPage, PageRequest, ToClient, ToHome } from '../protocol.ts';
import type { TraceEvent } from '../trace-event.ts';

/** Pages asked for at once. */
const WINDOW = 256;

interface Question {
  readonly at: Version;
  /** Pages still missing. */
  readonly missing: Set<number>;
  readonly pages: FetchedPage[];
  readonly answer: (pages: readonly FetchedPage[]) => void;
  readonly reject: (reason: Error) => void;
}

export class SnapshotReader {
  readonly #homes: number;
  readonly #pageSize: number;
  readonly #ask: (home: Address<'home'>, message: ToHome) => void;
  #places: Places;
  readonly #questions = new Map<number, Question>();
  /** Client 0 is the one that runs the program. */
  #lastClient = 0;
  /** Why nobody answers any more. */
  #abandoned: Error | null = null;
  #newest: Version = 0;
  /** The newest version that touched each home. */
  readonly #touched: Version[];

  constructor(config: MachineConfig, ask: (home: Address<'home'>, message: ToHome) => void) {
    this.#homes = config.homes;
    this.#pageSize = config.pageSize;
    this.#places = placesAtFirst(config);
    this.#ask = ask;
    this.#touched = new Array<Version>(config.homes).fill(0);
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

  /** Others keep the pages from now on: whoever was asked may answer no more. */
  moved(places: Places): void {
    const before = this.#places;
    this.#places = places;
    const isNews = (home: number) => {
      const [was, is] = [before, places].map((one) => readerOf(one, home, MASTER_NODE));
      return is?.node !== was?.node || places.lost.includes(home);
    };
    for (const [client, question] of this.#questions) this.#askFor(client, question, isNews);
  }

  /** The bytes as of version `at`, or as of the newest one. Rejects with `VersionGoneError` or `PagesLostError`. */
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
    // Two replicas may have been asked.
    for (const page of pages) if (question.missing.delete(page.page)) question.pages.push(page);
    if (question.missing.size > 0) return;
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
    if (this.#abandoned !== null) return Promise.reject(this.#abandoned);
    return new Promise((answer, reject) => {
      const question = { at, missing: new Set(pages), pages: [], answer, reject };
      this.#questions.set(client, question);
      this.#askFor(client, question);
    });
  }

  #askFor(client: number, { at, missing, reject }: Question, isWanted = (_home: number) => true): void {
    const requests: PageRequest[] = [...missing].map((page) => ({ page, have: -1 }));
    for (const [home, pages] of byHome(requests, this.#homes)) {
      if (!isWanted(home)) continue;
      if (this.#places.lost.includes(home)) {
        this.#questions.delete(client);
        reject(new PagesLostError());
        return;
      }
      const reader = readerOf(this.#places, home, MASTER_NODE);
      // Somebody is about to keep it.
      if (reader === null) continue;
      const needs = this.#touched[home]!;
      this.#ask(reader, { type: 'fetch', from: addressOf('client', client), pages, at, needs });
    }
  }
}

/** The bytes that two pieces of memory have in common, from the first into the second. */
export function copyCommon(from: Uint8Array, fromBase: number, to: Uint8Array, toBase: number): void {
  const first = Math.max(fromBase, toBase);
  const last = Math.min(fromBase + from.length, toBase + to.length);
  if (first < last) to.set(from.subarray(first - fromBase, last - fromBase), first - toBase);
}
