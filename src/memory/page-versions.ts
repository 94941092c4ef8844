/** The versions of one page that a home still keeps. */

import { invariant } from '../invariant.ts';
import type { Version } from './version.ts';

/** A page's content, and the versions of memory for which it is the content. */
export interface PageAt {
  /** Null is the zero page. Shared by reference: never written. */
  readonly bytes: Uint8Array | null;
  readonly from: Version;
  /** Infinity while nothing newer is known. */
  readonly through: Version;
}

export class PageVersions {
  /** The newest one stands by itself: mostly there is no other, and then reading it touches little memory. */
  #newest: Version;
  #content: Uint8Array | null;
  /** Ascending; the contents stand at the same index. */
  #older: { readonly versions: Version[]; readonly contents: (Uint8Array | null)[] } | null = null;
  #supersededBytes = 0;

  constructor(initial: Uint8Array | null, from: Version = 0) {
    this.#newest = from;
    this.#content = initial;
  }

  /** Snapshots from here on can be read. */
  get oldest(): Version {
    return this.#older?.versions[0] ?? this.#newest;
  }

  get newest(): Version {
    return this.#newest;
  }

  get count(): number {
    return 1 + (this.#older?.versions.length ?? 0);
  }

  /** Bytes that only snapshots older than `newest` can see. */
  get supersededBytes(): number {
    return this.#supersededBytes;
  }

  /** Oldest first. */
  all(): { readonly from: Version; readonly bytes: Uint8Array | null }[] {
    const newest = { from: this.#newest, bytes: this.#content };
    if (this.#older === null) return [newest];
    const { versions, contents } = this.#older;
    return [...versions.map((from, i) => ({ from, bytes: contents[i]! })), newest];
  }

  /** The page as a snapshot at `version` sees it; that must not have been collected. */
  at(version: Version): PageAt {
    if (version >= this.#newest)
      return { bytes: this.#content, from: this.#newest, through: Number.POSITIVE_INFINITY };
    const index = this.#indexAt(version);
    invariant(this.#older !== null && index >= 0, 'a version that a snapshot may read is kept');
    const { versions, contents } = this.#older;
    return {
      bytes: contents[index]!,
      from: versions[index]!,
      through: (versions[index + 1] ?? this.#newest) - 1,
    };
  }

  apply(version: Version, bytes: Uint8Array | null): void {
    invariant(version > this.#newest, 'pages only grow newer');
    this.#supersededBytes += this.#content?.length ?? 0;
    this.#older ??= { versions: [], contents: [] };
    this.#older.versions.push(this.#newest);
    this.#older.contents.push(this.#content);
    this.#newest = version;
    this.#content = bytes;
  }

  /** Drops the versions that no snapshot at `floor` or above can read, and says how many. */
  collect(floor: Version): number {
    if (this.#older === null) return 0;
    const { versions, contents } = this.#older;
    const dropped = floor >= this.#newest ? versions.length : Math.max(0, this.#indexAt(floor));
    versions.splice(0, dropped);
    for (const bytes of contents.splice(0, dropped)) this.#supersededBytes -= bytes?.length ?? 0;
    if (versions.length === 0) this.#older = null;
    return dropped;
  }

  /** Index of the newest of the older versions that is not above `version`; −1 if all are. */
  #indexAt(version: Version): number {
    const versions = this.#older?.versions ?? [];
    let low = 0;
    let high = versions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (versions[middle]! <= version) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
