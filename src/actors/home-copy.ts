/**
 * How a replica of a home comes to have what another one has: part by part, each asked for, as of one version. Whatever is
 * decided meanwhile it hears from the master and applies afterwards.
 */

import type { KeptPage } from '../memory/page-store.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import type { Address } from './address.ts';
import { type Effect, send } from './behaviour.ts';
import type { AttemptId } from './control-block.ts';
import type { HomeContents, ToHome } from './protocol.ts';

type Message<T extends ToHome['type']> = Extract<ToHome, { type: T }>;

/** What another replica copies: nothing of it changes any more. */
interface Original {
  readonly copy: number;
  readonly contents: HomeContents;
  readonly parts: readonly (readonly KeptPage[])[];
}

/** What others copy here. */
export class Originals {
  /** By the replica that copies. */
  readonly #originals = new Map<number, Original>();
  /** Those that will ask no more. Danger: a question that is heard again must not begin anew. */
  readonly #released = new Set<number>();
  readonly #partBytes: number;

  /** `partBytes`: of pages in a part; one that is longer goes alone. */
  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  /** `make`: all that there is now. */
  answer(
    { from, replica, copy, part }: Message<'pull'>,
    make: () => { readonly contents: HomeContents; readonly pages: readonly KeptPage[] },
  ): Effect[] {
    if (this.#released.has(replica)) {
      sometimes('a part is asked for by who will need no more');
      return [];
    }
    let original = this.#originals.get(replica);
    if (original === undefined || original.copy < copy) {
      if (part > 0) return [];
      const { contents, pages } = make();
      original = { copy, contents, parts: inParts(pages, this.#partBytes) };
      this.#originals.set(replica, original);
    }
    const { contents, parts } = original;
    const pages = parts[part];
    if (original.copy > copy || pages === undefined) return [];
    return [send(from, { type: 'part', copy, part, last: part === parts.length - 1, contents, pages })];
  }

  release(replica: number): void {
    this.#released.add(replica);
    this.#originals.delete(replica);
  }
}

/** At least one, perhaps empty. */
function inParts(pages: readonly KeptPage[], partBytes: number): KeptPage[][] {
  const parts: KeptPage[][] = [[]];
  let bytes = 0;
  for (const page of pages) {
    const size = page.versions.reduce((sum, version) => sum + (version.bytes?.length ?? 0), 0);
    if (parts.at(-1)!.length > 0 && bytes + size > partBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(page);
    bytes += size;
  }
  if (parts.length > 1) sometimes('a home is copied in several parts');
  return parts;
}

/** What a step of a copy leads to. */
export interface Copied {
  readonly effects: readonly Effect[];
  /** All but the pages, once everything is there. */
  readonly contents: HomeContents | null;
}

const NOTHING_NEW: Copied = { effects: [], contents: null };

/** Of a home that nobody has ever written to. */
const EMPTY: HomeContents = { applied: 0, floor: 0, arrivals: [], writes: [] };

/** A copy under way. */
export class Copying {
  readonly #self: Address<'home'>;
  readonly #replica: number;
  #source: Address<'home'> | null = null;
  #copy = 0;
  #needs: Version = 0;
  #next = 0;
  #pages: KeptPage[] = [];
  /** Heard of in the meantime. */
  floor: Version = 0;
  /** Arrivals staged in the meantime: they may be old ones that are heard again. */
  readonly arrivals: AttemptId[] = [];
  /** Attempts dropped in the meantime. Danger: one that was decided before may be among them, and that is still to be applied. */
  readonly drops: AttemptId[] = [];

  constructor(self: Address<'home'>, replica: number) {
    this.#self = self;
    this.#replica = replica;
  }

  begin({ source, copy, needs }: Message<'copy'>): Copied {
    if (copy <= this.#copy) return NOTHING_NEW;
    if (this.#source !== null) sometimes('a copy begins anew, from another replica');
    this.#source = source;
    this.#copy = copy;
    this.#needs = needs;
    this.#next = 0;
    this.#pages = [];
    if (source === null) return { effects: [], contents: EMPTY };
    return { effects: [this.#ask(source)], contents: null };
  }

  /** With the last part all is there. */
  add({ copy, part, last, contents, pages }: Message<'part'>): Copied {
    if (copy !== this.#copy || part !== this.#next || this.#source === null) {
      sometimes('a part is heard twice');
      return NOTHING_NEW;
    }
    this.#pages.push(...pages);
    this.#next += 1;
    if (!last) return { effects: [this.#ask(this.#source)], contents: null };
    return { effects: [send(this.#source, { type: 'release', replica: this.#replica })], contents };
  }

  /** All that has come. */
  get pages(): readonly KeptPage[] {
    return this.#pages;
  }

  #ask(source: Address<'home'>): Effect {
    return send(source, {
      type: 'pull',
      from: this.#self,
      replica: this.#replica,
      copy: this.#copy,
      part: this.#next,
      needs: this.#needs,
    });
  }
}
