/** What a node's agent knows: its RComps, what runs there, what waits, and its page cache. */

import type { PageCache } from '../memory/page-cache.ts';
import type { Version } from '../memory/version.ts';
import type { Address } from './address.ts';
import type { MachineConfig, MemoryMap } from './config.ts';
import type { AttemptId, ControlBlock, Epoch } from './control-block.ts';
import type { Places } from './places.ts';
import type { Assignment, AttemptEnd, SnapshotPage } from './protocol.ts';

export interface AgentState {
  readonly self: Address<'agent'>;
  readonly incarnation: number;
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  readonly cache: PageCache;
  epoch: Epoch;
  /** The newest batch that was heeded. */
  batch: number;
  /** The newest readable version that this node has heard of. */
  readable: Version;
  /** The newest version that touched each home, up to `readable`. */
  readonly touched: Map<number, Version>;
  /** Who keeps which pages, as far as this node has heard. */
  places: Places;
  /** Replicas that stand at this node, or have stood there, by home: the newest of each. */
  readonly keeps: Map<number, number>;
  queue: Assignment[];
  /** Its RComps by their ids. */
  readonly slots: ReadonlyMap<number, Slot>;
  ends: { readonly attempt: AttemptId; readonly end: AttemptEnd }[];
}

/** One RComp. */
export interface Slot {
  readonly rcomp: number;
  /** Starts sent to it so far. */
  sequence: number;
  running: Running | null;
  /** Attempts that it died under and whose end may still be under way. */
  lost: AttemptId[];
}

export interface Running {
  readonly attempt: AttemptId;
  readonly control: ControlBlock;
  readonly sv: Version;
  started: boolean;
  /** The newest of its needs that was heeded. */
  need: number;
  /** The master no longer wants it: its end is not reported. */
  revoked: boolean;
  /** Pages that it waits for. */
  readonly missing: Set<number>;
  /** Pages that have come for its start or its last need. */
  pages: SnapshotPage[];
}
