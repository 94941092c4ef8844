/** How `dvm sim` exits; documented in its help. */

import { EXIT } from '../exit-codes.ts';

export const SIM_EXIT = {
  clean: EXIT.ok,
  invariant: 1,
  usage: EXIT.usage,
  /** The same seed has given two runs. */
  nondeterministic: 3,
  liveness: 4,
} as const;
