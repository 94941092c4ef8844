/** How a machine and the other nodes of a cluster find each other. */

import type { Address } from '../address.ts';
import type { MachineConfig } from '../config.ts';
import type { Epoch } from '../control-block.ts';
import type { Decided } from '../decided.ts';
import type { IoKind } from '../init.ts';
import type { Beginning } from '../revived-actors.ts';
import type { SchedulingPolicy } from '../scheduling-policy.ts';
import type { Abroad, Message } from './host.ts';
import type { Journal } from './journal.ts';

/** Other nodes that take part in a run, as a cluster's master node gives them. */
export interface Company {
  readonly abroad: Abroad;
  /** RComps of this node; there may be none. */
  readonly rcomps: number;
  /** Nodes that keep each page, as far as there are so many. */
  readonly replicas: number;
  /** The run's actors live: those of other nodes may join them. */
  begun(run: Begun): void;
  /** In what order agents get runners; becomes the run's own. */
  readonly policy: SchedulingPolicy;
  /** Where the run's decisions are kept; null: nowhere. */
  readonly keeping: Keeping | null;
  /** The run is over, whatever came of it: nothing of it is to be executed anywhere. Its memory can still be read. */
  over(): void;
}

export interface Keeping {
  readonly journal: Journal;
  /** Of this master, above all before it. */
  readonly epoch: Epoch;
  /** What was decided before this process; null: the program has never run. */
  readonly before: Before | null;
}

export interface Before {
  /** Null: the records are all that there ever were. */
  readonly from: Beginning | null;
  readonly records: Iterable<Decided>;
  /** What was put out before the records and somebody may still want, by its channel's I/O actor. */
  readonly outputs: readonly KeptOutput[];
}

export interface KeptOutput {
  readonly io: number;
  /** Bytes before it. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Begun {
  readonly config: MachineConfig;
  readonly ios: readonly IoKind[];
  /** Brings what an actor of another node has sent. */
  deliver(to: Address, message: Message): void;
  /** Fulfilled when nothing of the run is left at the node, and the master sends it nothing more. */
  leave(node: number): Promise<void>;
  /** The node has died. */
  lost(node: number): void;
}
