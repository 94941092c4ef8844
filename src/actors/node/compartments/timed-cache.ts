/** What a machine has translated, with what came along with the program, and how long that has taken. */

import { UnitCache, type UnitEntry } from '../../../isa/jit/unit-cache.ts';
import { layoutOf } from '../../../isa/layout.ts';
import type { MachineSettings } from './posted.ts';

export class TimedCache extends UnitCache {
  /** Spent on translating so far. */
  milliseconds = 0;

  constructor({ config, translations }: MachineSettings) {
    super(layoutOf(config.regionBoundary));
    for (const seed of translations) this.seed(seed);
  }

  override add(...given: Parameters<UnitCache['add']>): UnitEntry | null {
    const begin = performance.now();
    const entry = super.add(...given);
    this.milliseconds += performance.now() - begin;
    return entry;
  }
}
