/** What travels between the threads beside the rings, in one of the two forms of a `posted` record. */

import type { Seed } from '../../../isa/jit/unit-cache.ts';
import type { MachineConfig, MemoryMap } from '../../config.ts';

export type Posted =
  /** A record that is too large for a ring, and what is attached to it. Their memory goes with them. */
  | { readonly record: Uint8Array<ArrayBuffer>; readonly attached: readonly ArrayBuffer[] }
  /** Main thread → compartment's thread: what comes from now on is of this machine. */
  | { readonly machine: MachineSettings };

export interface MachineSettings {
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  /** Units that came with the program, accepted and compiled. */
  readonly translations: readonly Seed[];
}

/** What a compartment's thread is born with. */
export interface ThreadData {
  readonly shared: SharedArrayBuffer;
  readonly freight: import('node:worker_threads').MessagePort;
  readonly wait: import('./waiting.ts').WaitName;
}
