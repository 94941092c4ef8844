/** The checkers as the judge of an exploration. */

import { Inspection } from '../checkers/inspection.ts';
import type { RunWatcher } from '../cluster.ts';

/** For one execution: the first violated invariant ends it. */
export function inspected(): RunWatcher {
  return new Inspection({ onViolation: 'throw' });
}
