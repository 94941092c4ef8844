/** Every checker, in the order in which a failure is best read. */

import type { Checker } from '../evidence.ts';
import {
  abortLeavesNothing,
  heapOnly,
  limitsHold,
  rangesHold,
  reexecution,
  roomForRunners,
  spansTell,
} from './effects.ts';
import { handOver, session } from './hand-over.ts';
import { denseVersions, exactlyOnce, gating, keptVersions, lifeCycle, oneAcceptable } from './life-cycle.ts';
import { decidedInOrder, lostCompartments, retriesCounted, starvingGoFirst } from './order.ts';
import { atomicVisibility, onePoint, privateMemory, snapshotRead } from './reads.ts';
import { statusRecords, summaryTells } from './records.ts';
import { firstCommitterWins, noFalseConflict, readersPass } from './validation.ts';
import { firedRightly, firesOnce, functionOfTheLog, noLostWakeUp, startsAfterItsCommit } from './watchers.ts';

export const CHECKERS: readonly Checker[] = [
  snapshotRead,
  onePoint,
  atomicVisibility,
  firstCommitterWins,
  noFalseConflict,
  readersPass,
  exactlyOnce,
  denseVersions,
  keptVersions,
  session,
  abortLeavesNothing,
  spansTell,
  heapOnly,
  handOver,
  privateMemory,
  rangesHold,
  gating,
  lifeCycle,
  oneAcceptable,
  firedRightly,
  noLostWakeUp,
  firesOnce,
  startsAfterItsCommit,
  functionOfTheLog,
  reexecution,
  limitsHold,
  roomForRunners,
  retriesCounted,
  starvingGoFirst,
  lostCompartments,
  summaryTells,
  statusRecords,
  decidedInOrder,
];
