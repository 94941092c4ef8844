/** How many bytes of page versions homes keep only for live snapshots, as far as the master can tell (rule 14). */

import type { Version } from '../memory/version.ts';

export class VersionLedger {
  /** Commits above the floor, oldest first, from `#head` on. */
  #commits: { readonly version: Version; readonly bytes: number }[] = [];
  #head = 0;
  #bytes = 0;

  /** Bytes that versions above the floor have superseded. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A commit has put new versions of pages in the place of `bytes` bytes of old ones. */
  add(version: Version, bytes: number): void {
    if (bytes === 0) return;
    this.#commits.push({ version, bytes });
    this.#bytes += bytes;
  }

  /** No snapshot below `floor` is live: what was superseded up to it is collected. */
  raiseFloor(floor: Version): void {
    for (
      let next = this.#commits[this.#head];
      next && next.version <= floor;
      next = this.#commits[this.#head]
    ) {
      this.#bytes -= next.bytes;
      this.#head += 1;
    }
    if (this.#head * 2 > this.#commits.length) {
      this.#commits = this.#commits.slice(this.#head);
      this.#head = 0;
    }
  }
}
