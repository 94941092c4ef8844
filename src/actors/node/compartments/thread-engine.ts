/** What executes attempts in a compartment's thread. */

import type { MachineConfig } from '../../config.ts';
import { type Engine, interpreterEngine } from '../../execution.ts';
import { terrainOf } from '../../terrain.ts';
import type { MachineSettings } from './posted.ts';

/** An engine that tells what it has cost. All of the counts only grow. */
export interface ThreadEngine extends Engine {
  /** Instructions between two looks at whether the attempt is still wanted: some milliseconds. */
  readonly budget: number;
  /** Instructions executed by translated code so far. */
  readonly translated: number;
  /** Milliseconds spent on translating so far. */
  readonly translating: number;
}

export function threadEngine({ config, map }: MachineSettings): ThreadEngine {
  return interpreting(interpreterEngine(config, terrainOf(map)), config);
}

function interpreting(engine: Engine, config: MachineConfig): ThreadEngine {
  return { ...engine, budget: 10 * config.slice, translated: 0, translating: 0 };
}
