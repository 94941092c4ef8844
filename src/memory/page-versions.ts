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
  /** Ascending; the contents stand at the same index. Mostly one. */
  readonly #versions: Version[];
  readonly #contents: (Uint8Array | null)[];
  #supersededBytes = 0;

  constructor(initial: Uint8Array | null, from: Version = 0) {
    this.#versions = [from];
    this.#contents = [initial];
  }

  /** Snapshots from here on can be read. */
  get oldest(): Version {
    return this.#versions[0]!;
  }

  get newest(): Version {
    return this.#versions.at(-1)!;
  }

  get count(): number {
    return this.#versions.length;
  }

  /** Bytes that only snapshots older than `newest` can see. */
  get supersededBytes(): number {
    return this.#supersededBytes;
  }

  /** Oldest first. */
  all(): { readonly from: Version; readonly bytes: Uint8Array | null }[] {
    return this.#versions.map((from, i) => ({ from, bytes: this.#contents[i]! }));
  }

  /** The page as a snapshot at `version` sees it; that must not have been collected. */
  at(version: Version): PageAt {
    const index = this.#indexAt(version);
    invariant(index >= 0, 'a version that a snapshot may read is kept');
    return {
      bytes: this.#contents[index]!,
      from: this.#versions[index]!,
      through: (this.#versions[index + 1] ?? Number.POSITIVE_INFINITY) - 1,
    };
  }

  apply(version: Version, bytes: Uint8Array | null): void {
    invariant(version > this.newest, 'pages only grow newer');
    this.#supersededBytes += this.#contents.at(-1)?.length ?? 0;
    this.#versions.push(version);
    this.#contents.push(bytes);
  }

  /** Drops the versions that no snapshot at `floor` or above can read, and says how many. */
  collect(floor: Version): number {
    const dropped = Math.max(0, this.#indexAt(floor));
    this.#versions.splice(0, dropped);
    for (const bytes of this.#contents.splice(0, dropped)) this.#supersededBytes -= bytes?.length ?? 0;
    return dropped;
  }

  /** Index of the newest version that is not above `version`; −1 if all are. */
  #indexAt(version: Version): number {
    let low = 0;
    let high = this.#versions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#versions[middle]! <= version) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
