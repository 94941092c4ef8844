/** The checkers as the judge of an exploration: the one place here that knows how they are asked. */

import { CHECKERS } from '../checkers/all.ts';
import { evidenceOf } from '../evidence.ts';
import type { SimResult } from '../result.ts';

/** The first violated invariant, with its id; null if all hold. */
export function judged(result: SimResult): string | null {
  const evidence = evidenceOf(result);
  for (const { id, check } of CHECKERS) for (const violation of check(evidence)) return `${id}: ${violation}`;
  return null;
}
