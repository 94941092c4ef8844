/** What an attempt has written to the shared region, to the byte, however it is kept. */

import type { Range } from './ranges.ts';

export interface Written {
  /** How many of `size` bytes at `address` are written. */
  countWritten(address: number, size: number): number;
  /** The written runs within `range`, by address and as long as can be; none crosses a page. Bytes of their own. */
  runsIn(range: Range): WrittenRun[];
}

/** A run of written bytes. */
export interface WrittenRun {
  readonly address: number;
  readonly bytes: Uint8Array;
}
