/** The cap on old versions (rule 14). */

import { supersededBytes } from './log-step.ts';
import type { MasterState } from './master-state.ts';
import type { AttemptEnd } from './protocol.ts';
import type { RunnerRecord } from './runner-record.ts';
import { floorOf } from './scheduling.ts';

/**
 * Whether a commit fits under the cap, must wait, or needs the oldest attempt out of its way, so that what only that
 * one could read is collected. A starving attempt is spared: the commit waits for it. The oldest attempt itself never
 * waits for anybody, so somebody always gets on.
 */
export function judgeCap(
  state: MasterState,
  record: RunnerRecord,
  commit: Extract<AttemptEnd, { type: 'commit' }>,
): 'fits' | 'waits' | { readonly victim: RunnerRecord } {
  const bytes = supersededBytes(state.config, commit.spans);
  const { versionBytes } = state.config;
  if (state.round !== null || bytes === 0 || state.ledger.bytes + bytes <= versionBytes) return 'fits';
  state.ledger.raiseFloor(floorOf(state));
  if (state.ledger.bytes + bytes <= versionBytes) return 'fits';
  const { oldest } = state.out;
  if (oldest === undefined || oldest === record || oldest.pin === state.version) return 'fits';
  return oldest.waiting !== null || state.starvation.has(oldest) ? 'waits' : { victim: oldest };
}
