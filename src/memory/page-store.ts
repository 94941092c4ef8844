/** All that a page home keeps: versions of its pages, and what attempts have staged. */

import { invariant } from '../invariant.ts';
import { MinHeap } from './min-heap.ts';
import { type PageAt, PageVersions } from './page-versions.ts';
import { applyPatch, type PagePatch } from './patch.ts';
import type { Version } from './version.ts';

/** A page with all its versions that are kept, oldest first: each holds until the next one. */
export interface KeptPage {
  readonly page: number;
  readonly versions: readonly { readonly from: Version; readonly bytes: Uint8Array | null }[];
}

const UNTOUCHED: PageAt = { bytes: null, from: 0, through: Number.POSITIVE_INFINITY };

/** Every message may come twice and late (I29): an attempt that was settled is remembered until the floor passes it. */
interface Attempt {
  /** Null: it reads no snapshot, so no floor passes it before it is decided. */
  readonly sv: Version | null;
  /** Null once decided or dropped. */
  patches: readonly PagePatch[] | null;
}

export class PageStore {
  readonly #pageSize: number;
  readonly #pages = new Map<number, PageVersions>();
  readonly #attempts = new Map<string, Attempt>();
  /** Keys of `#attempts` by sv, or by version where there is none. */
  readonly #bySnapshot = new MinHeap<string>();
  /** Pages by the version that superseded an older one of theirs. */
  readonly #superseded = new MinHeap<PageVersions>();
  #applied: Version = 0;
  #floor: Version = 0;
  #retainedBytes = 0;

  constructor({ pageSize }: { readonly pageSize: number }) {
    this.#pageSize = pageSize;
  }

  /** The newest version applied here; versions that do not concern this home leave no trace. */
  get applied(): Version {
    return this.#applied;
  }

  get floor(): Version {
    return this.#floor;
  }

  /** Bytes kept only for snapshots that are not the newest. */
  get retainedBytes(): number {
    return this.#retainedBytes;
  }

  versionCount(page: number): number {
    return this.#pages.get(page)?.count ?? 1;
  }

  /**
   * Sets a page's content before anything is written to it: in version 0, or in a later one before which nothing of it is
   * known. The array is kept, not copied.
   */
  load(page: number, bytes: Uint8Array, from: Version = 0): void {
    invariant(bytes.length === this.#pageSize, 'a loaded page is whole');
    invariant(!this.#pages.has(page), 'a page is loaded once, before it is written');
    this.#pages.set(page, new PageVersions(bytes, from));
  }

  /** All pages that were ever touched, as they are kept now. Bytes are shared: they never change. */
  keptPages(): KeptPage[] {
    return [...this.#pages].map(([page, versions]) => ({ page, versions: versions.all() }));
  }

  /** Takes over what another store has kept; at first. Snapshots from its floor on can be read. */
  adopt(pages: Iterable<KeptPage>): void {
    for (const { page, versions } of pages) {
      const [oldest, ...newer] = versions;
      invariant(oldest !== undefined, 'a kept page has a version');
      const kept = new PageVersions(oldest.bytes, oldest.from);
      this.#pages.set(page, kept);
      for (const { from, bytes } of newer) {
        kept.apply(from, bytes);
        this.#superseded.push(from, kept);
      }
      this.#retainedBytes += kept.supersededBytes;
    }
  }

  /** All up to `applied` is loaded, and attempts on snapshots from `floor` on may be staged; at first. */
  begin(applied: Version, floor: Version): void {
    invariant(this.#applied === 0 && this.#floor === 0, 'a store begins once');
    this.#applied = applied;
    this.#floor = floor;
  }

  /**
   * Keeps what an attempt wrote until it is decided or dropped. False, and nothing changes, if the attempt has
   * staged here before or its snapshot lies below the floor. An arrival of input reads no snapshot: its `sv` is null.
   */
  stage(key: string, sv: Version | null, patches: readonly PagePatch[]): boolean {
    if ((sv !== null && sv < this.#floor) || this.#attempts.has(key)) return false;
    this.#attempts.set(key, { sv, patches });
    if (sv !== null) this.#bySnapshot.push(sv, key);
    return true;
  }

  /**
   * The staged attempt is `version`; `record` is written over it in the same version (a status record), and with
   * `key` null it is all that is written. Returns the patches applied, in their order; empty, and nothing changes, if
   * this or a later version has been applied.
   */
  decide(key: string | null, version: Version, record: readonly PagePatch[] = []): readonly PagePatch[] {
    if (version <= this.#applied) return [];
    const patches = key === null ? record : layered(this.#take(key, version), record);
    for (const patch of patches) this.#write(patch, version);
    this.#applied = version;
    return patches;
  }

  /** The attempt lost: forgets what it staged. */
  drop(key: string): void {
    const attempt = this.#attempts.get(key);
    if (attempt !== undefined) attempt.patches = null;
  }

  /**
   * The page as of version `at`, which the caller knows to be applied as far as it concerns this home. `through`
   * is Infinity where no newer version of the page has been applied. `below-floor`: it is no longer known.
   */
  read(page: number, at: Version): PageAt | 'below-floor' {
    const versions = this.#pages.get(page);
    if (at < this.#floor || at < (versions?.oldest ?? 0)) return 'below-floor';
    return versions?.at(at) ?? UNTOUCHED;
  }

  /**
   * No snapshot below `floor` is live any more, nor will be: collects what only those could read, at a cost of what
   * was superseded, and forgets attempts from before. A lower floor than the present one changes nothing.
   */
  raiseFloor(floor: Version): void {
    if (floor <= this.#floor) return;
    this.#floor = floor;
    while (this.#superseded.least <= floor) {
      const page = this.#superseded.pop()!;
      this.#retainedBytes -= page.supersededBytes;
      page.collect(floor);
      this.#retainedBytes += page.supersededBytes;
    }
    while (this.#bySnapshot.least < floor) this.#attempts.delete(this.#bySnapshot.pop()!);
  }

  #take(key: string, version: Version): readonly PagePatch[] {
    const attempt = this.#attempts.get(key);
    invariant(attempt?.patches, 'a decided attempt is staged here');
    const { patches } = attempt;
    if (attempt.sv === null) this.#bySnapshot.push(version, key);
    attempt.patches = null;
    return patches;
  }

  #write(patch: PagePatch, version: Version): void {
    const page = this.#pages.get(patch.page) ?? new PageVersions(null);
    this.#pages.set(patch.page, page);
    this.#retainedBytes -= page.supersededBytes;
    page.apply(version, applyPatch(page.at(version).bytes, this.#pageSize, patch));
    this.#retainedBytes += page.supersededBytes;
    this.#superseded.push(version, page);
  }
}

/** What a home needs of whatever keeps its pages: all that `PageStore` shows. */
export type PageStoreLike = Pick<PageStore, keyof PageStore>;

/** The runs of `over` after those of `under`, so that a page gets one new version only. */
function layered(under: readonly PagePatch[], over: readonly PagePatch[]): readonly PagePatch[] {
  if (over.length === 0) return under;
  const runs = new Map(under.map((patch) => [patch.page, patch.runs]));
  for (const patch of over) runs.set(patch.page, [...(runs.get(patch.page) ?? []), ...patch.runs]);
  return [...runs].map(([page, all]) => ({ page, runs: all }));
}
