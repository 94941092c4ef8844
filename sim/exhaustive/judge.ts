/** The checkers as the judge of an exploration. */

import { Inspection } from '../checkers/inspection.ts';
import type { RunObserver } from '../cluster.ts';

/** For one execution: the first violated invariant ends it. */
export function inspected(): readonly RunObserver[] {
  return [new Inspection({ onViolation: 'throw' })];
}
