/** What is left of a runner that asked for it (rule 25): eight words, written by the master at the runner's end. */

import { type Fault, faultNumber } from '../isa/fault.ts';
import { type PagePatch, patchesOf } from '../memory/patch.ts';
import type { Version } from '../memory/version.ts';
import type { ControlBlock } from './control-block.ts';
import { STATUS_BYTES } from './newborn.ts';
import type { RunnerEnd } from './protocol.ts';

const STATES: Record<RunnerEnd, number> = { committed: 1, aborted: 2, faulted: 3, conflict: 4 };

/** The record by page; empty if the runner has none. `version`: the version that it will be part of. */
export function statusRecord(
  control: ControlBlock,
  how: RunnerEnd,
  fault: Fault | null,
  version: Version,
  pageSize: number,
): PagePatch[] {
  const { status } = control;
  if (status === null) return [];
  const words = new BigUint64Array(STATUS_BYTES / 8);
  words[0] = BigInt(STATES[how]);
  words[1] = control.id;
  words[2] = fault === null ? 0n : BigInt(faultNumber(fault.cause));
  words[3] = fault === null ? 0n : BigInt(fault.pc);
  words[4] = fault?.address ?? 0n;
  words[5] = BigInt(version);
  return patchesOf([{ address: status, bytes: new Uint8Array(words.buffer) }], pageSize);
}
