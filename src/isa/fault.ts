/** Every way in which a runner can die by its own doing: one list, used everywhere. */

/** The causes; a status record holds the cause's number, its place here counted from 1. */
export const FAULT_CAUSES = [
  'illegal-instruction',
  'bad-branch-target',
  'read-outside-ranges',
  'write-outside-ranges',
  'write-to-read-only',
  'region-crossing',
  'register-indirect',
  'divide-by-zero',
  'divide-overflow',
  'float-to-integer',
  'bad-runner-control',
  'too-many-children',
  'too-many-ranges',
  'bad-merge-store',
  'private-memory-limit',
  'compartment-lost',
  'fuel',
] as const;

export type FaultCause = (typeof FAULT_CAUSES)[number];

/** A runner's fault: final, reported with its place. */
export interface Fault {
  readonly cause: FaultCause;
  /** Address of the instruction. */
  readonly pc: number;
  /** Effective address of the access, target of the branch or base of the range; null where none is concerned. */
  readonly address: bigint | null;
  /** What else helps: the range named, the limit reached. Empty where the cause says it all. */
  readonly detail: string;
}

/** The number of a cause in a status record, from 1. */
export function faultNumber(cause: FaultCause): number {
  return FAULT_CAUSES.indexOf(cause) + 1;
}
