/** What observers hear: logs, progress, checkers. No actor does. */

import type { Fault } from '../isa/fault.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { PagePatch } from '../memory/patch.ts';
import type { Span } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import type { Collision } from '../memory/write-history.ts';
import type { AttemptId, ControlBlock } from './control-block.ts';
import type { Places } from './places.ts';
import type { AttemptEnd, RunnerEnd } from './protocol.ts';

/** The states of a runner: rule 15 of the semantics. */
export type RunnerState = 'created' | 'watching' | 'schedulable' | 'running' | 'finished';

export type TraceEvent =
  /** Master: a runner has come into this state. */
  | {
      readonly type: 'runner';
      readonly runner: RunnerId;
      readonly state: RunnerState;
      readonly end: RunnerEnd | null;
    }
  /** Master: this version is decided. Arrivals and signals have the I/O actor's id as runner, and attempt numbers from 1. */
  | {
      readonly type: 'commit';
      readonly version: Version;
      readonly attempt: AttemptId;
      readonly sv: Version;
      readonly spans: readonly Span[];
      readonly homes: readonly number[];
      readonly record: readonly PagePatch[];
    }
  /** Master: the attempt has lost, and to whom. */
  | { readonly type: 'conflict'; readonly attempt: AttemptId; readonly sv: Version; readonly with: Collision }
  /** Master: the attempt has ended without a commit and without blame, or by its own fault or will. */
  | {
      readonly type: 'ended';
      readonly attempt: AttemptId;
      readonly why: 'abort' | 'fault' | 'snapshot-too-old' | 'lost' | 'node-lost' | 'moved' | 'stale';
      readonly fault: Fault | null;
    }
  /** Master: this commit is the first to fire the watcher. */
  | {
      readonly type: 'fired';
      readonly watcher: RunnerId;
      readonly version: Version;
      readonly activation: number;
    }
  /** Master: who keeps which pages from now on. */
  | { readonly type: 'places'; readonly places: Places }
  /** Master: a runner is starving from now on, or no longer. */
  | { readonly type: 'starving'; readonly runner: RunnerId; readonly starving: boolean }
  /** RComp: what an attempt has done, before anything is decided. `loads` is filled if `observeLoads` is set. */
  | {
      readonly type: 'attempt';
      readonly attempt: AttemptId;
      readonly control: ControlBlock;
      readonly end: AttemptEnd;
      readonly patches: readonly PagePatch[];
      readonly loads: readonly ObservedLoad[];
      /** Instructions that translated code has executed where the RComp lives; a thread tells its own. */
      readonly translated: number;
    }
  /** Agent: an attempt starts at this snapshot on this RComp. */
  | { readonly type: 'start'; readonly attempt: AttemptId; readonly sv: Version; readonly rcomp: number };

export interface ObservedLoad {
  readonly address: number;
  readonly size: number;
  readonly bits: bigint;
}
