/** One sender and one receiver: first in, first out. */

import type { Way } from '../decisions.ts';
import type { Link } from './link.ts';

export interface Pair {
  /** `rcomp:1>home:0`, as decisions name it. */
  readonly name: string;
  /** Null within a node. */
  readonly link: Link | null;
  readonly way: Way;
  /** Messages sent so far. */
  count: number;
  /** When the latest one arrives: the next one does not arrive before. */
  last: number;
}
