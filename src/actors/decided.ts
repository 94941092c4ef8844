/**
 * What goes into the log: what a home holds for an attempt, and what the master decides. From it `replay` makes both anew.
 * Attempts that were not decided leave nothing: their runners run again.
 */

import type { Fault } from '../isa/fault.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { PagePatch } from '../memory/patch.ts';
import type { Span } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import type { AttemptId } from './control-block.ts';
import type { AttemptEnd, RunnerEnd } from './protocol.ts';
import type { Summary } from './summary.ts';

/** How a runner ends for good, with what its status record tells. */
export interface Ending {
  readonly how: RunnerEnd;
  /** The attempt's snapshot: a persistent watcher watches again from there. */
  readonly sv: Version;
  readonly detach: boolean;
  readonly fault: Fault | null;
}

export type Decided =
  /** Home: the patches of an attempt that may be decided later. */
  | {
      readonly type: 'staged';
      readonly home: number;
      readonly attempt: AttemptId;
      readonly sv: Version | null;
      readonly patches: readonly PagePatch[];
    }
  /** Master: the next version. */
  | {
      readonly type: 'committed';
      readonly attempt: AttemptId;
      readonly end: Extract<AttemptEnd, { type: 'commit' }>;
    }
  /** Master: a runner has ended without a commit. With a status record it is the next version. */
  | { readonly type: 'finished'; readonly runner: RunnerId; readonly ending: Ending }
  /** Master, in deterministic rounds: an attempt has lost, which decides who is in the next rounds. */
  | { readonly type: 'lost'; readonly runner: RunnerId }
  /** Master: input has come; the next version. */
  | {
      readonly type: 'arrived';
      readonly io: number;
      readonly number: number;
      readonly spans: readonly Span[];
      readonly homes: readonly number[];
      readonly generation: number;
      readonly last: boolean;
    }
  /** Master: no snapshot below will be read any more. */
  | { readonly type: 'floor'; readonly floor: Version }
  /** Master: whatever was not decided is dropped, and the program ends. */
  | { readonly type: 'closed'; readonly status: Summary['status']; readonly error: string };
