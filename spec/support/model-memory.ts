/** Every version of memory that a finished run has decided, by the reference model. */

import { writtenBy } from '../../sim/evidence/commits.ts';
import { imageOf } from '../../sim/evidence/world.ts';
import type { Memory } from '../../sim/model/memory.ts';
import type { SimResult } from '../../sim/result.ts';

export function memoryOf(result: SimResult): Memory {
  const memory = imageOf(result);
  for (const commit of result.log) memory.commit(writtenBy(commit, memory));
  return memory;
}
