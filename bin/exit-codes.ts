/** How `dvm` exits; documented in `dvm --help`. */

import type { RunStatus } from '../src/actors/node/run-report.ts';

export const EXIT = {
  ok: 0,
  /** A runner faulted, the entry runner aborted, or the outside failed; also: a file that `fmt --check` would change. */
  failed: 1,
  /** Bad usage or source: nothing has run. */
  usage: 2,
  quiescent: 3,
  /** A DVM cannot be reached, or does not let in. */
  unreachable: 4,
  /** A mistake of our own. */
  broken: 70,
  cancelled: 130,
} as const;

export const EXIT_OF_STATUS: Readonly<Record<RunStatus, number>> = {
  done: EXIT.ok,
  faulted: EXIT.failed,
  aborted: EXIT.failed,
  failed: EXIT.failed,
  quiescent: EXIT.quiescent,
  cancelled: EXIT.cancelled,
};
