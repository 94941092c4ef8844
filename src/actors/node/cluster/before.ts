/** What earlier processes have decided of a program, as a store has it. */

import { invariant } from '../../../invariant.ts';
import type { Decided } from '../../decided.ts';
import type { Before } from '../company.ts';
import { decodeCheckpoint } from '../wire/checkpoint.ts';
import { decodeDecided } from '../wire/decided.ts';
import type { Store } from './store.ts';

export interface KeptBefore {
  readonly before: Before;
  /** Steps of the log so far. */
  readonly steps: number;
  /** Those that the checkpoint stands for. */
  readonly saved: number;
}

/** Rejects with what is wrong with what is kept. */
export async function beforeOf(store: Store, id: number): Promise<KeptBefore> {
  const kept = store.checkpoint(id);
  const records = await store.logOf(id).read((kept?.steps ?? 0) + 1);
  invariant(records !== 'gone', 'a log has all that follows its checkpoint');
  const saved = kept?.steps ?? 0;
  const steps = saved + records.length;
  const decided = records.flatMap(({ bytes, version }) => decidedIn(bytes, version));
  if (kept === null) return { before: { from: null, records: decided, outputs: [] }, steps, saved };
  const checkpoint = decodeCheckpoint(kept.state);
  if (!checkpoint.ok) throw new Error(`the checkpoint of program ${id} is none: ${checkpoint.error.message}`);
  const from = { checkpoint: checkpoint.value, pages: kept.pages };
  return { before: { from, records: decided, outputs: kept.outputs }, steps, saved };
}

function decidedIn(bytes: Uint8Array, position: number): readonly Decided[] {
  const decoded = decodeDecided(bytes);
  if (decoded.ok) return decoded.value;
  throw new Error(`record ${position} of the log is none: ${decoded.error.message}`);
}
