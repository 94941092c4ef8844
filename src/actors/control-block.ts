/** A runner's control block (the paper's RCB, section 3.3.1) and what identifies its attempts. */

import type { RunnerId } from '../memory/ids.ts';
import type { MergeType } from '../memory/merge.ts';
import type { Range } from '../memory/ranges.ts';

export type Epoch = number;

/** One execution of a runner. */
export interface AttemptId {
  readonly runner: RunnerId;
  readonly epoch: Epoch;
  /** Counted from 1. */
  readonly number: number;
}

/** An attempt as a key of maps. */
export function attemptKey(attempt: AttemptId): string {
  return `${attempt.runner}.${attempt.epoch}.${attempt.number}`;
}

export function sameAttempt(a: AttemptId, b: AttemptId): boolean {
  return a.runner === b.runner && a.number === b.number && a.epoch === b.epoch;
}

export interface HeapRange extends Range {
  readonly merge: MergeType;
}

/** Bytes of a stack image; what no run covers is 0. */
export interface ImageRun {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface ControlBlock {
  readonly id: RunnerId;
  /** 0n for the entry runner. */
  readonly parent: RunnerId;
  /** Place among the parent's children, from 0; an activation's number for an activation of a persistent watcher. */
  readonly index: number;
  /** Address of the first instruction. */
  readonly fi: number;
  /** Length 0: no stack. */
  readonly stack: Range;
  /** Sorted and disjoint; ranges of the same merge type are united. */
  readonly heap: readonly HeapRange[];
  /** Whether it is a watcher at all: one whose watched ranges are all empty watches for ever. */
  readonly watcher: boolean;
  /** United and sorted. */
  readonly watched: readonly Range[];
  readonly persistent: boolean;
  readonly serializable: boolean;
  /** Address of its status record, if it has one. */
  readonly status: number | null;
  /** Sorted by address, disjoint, within the stack range. */
  readonly image: readonly ImageRun[];
}
