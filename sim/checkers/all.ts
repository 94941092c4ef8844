/** Every checker, in the order in which a failure is best read. */

import { abortLeavesNothing } from './abort-leaves-nothing.ts';
import { atomicVisibility } from './atomic-visibility.ts';
import type { Checker } from './checker.ts';
import { collectedAtRest } from './collected-at-rest.ts';
import { decidedInOrder } from './decided-in-order.ts';
import { denseVersions } from './dense-versions.ts';
import { exactlyOnce } from './exactly-once.ts';
import { firedRightly } from './fired-rightly.ts';
import { firesOnce } from './fires-once.ts';
import { firstCommitterWins } from './first-committer-wins.ts';
import { functionOfTheLog } from './function-of-the-log.ts';
import { gating } from './gating.ts';
import { handOver } from './hand-over.ts';
import { heapOnly } from './heap-only.ts';
import { homeRefinement } from './home-refinement.ts';
import { keptVersions } from './kept-versions.ts';
import { lifeCycle } from './life-cycle.ts';
import { limitsHold } from './limits-hold.ts';
import { lostCompartments } from './lost-compartments.ts';
import { noFalseConflict } from './no-false-conflict.ts';
import { noLostWakeUp } from './no-lost-wake-up.ts';
import { oneAcceptable } from './one-acceptable.ts';
import { onePoint } from './one-point.ts';
import { privateMemory } from './private-memory.ts';
import { quiescence } from './quiescence.ts';
import { rangesHold } from './ranges-hold.ts';
import { reExecution } from './re-execution.ts';
import { readersPass } from './readers-pass.ts';
import { recovery } from './recovery.ts';
import { retriesCounted } from './retries-counted.ts';
import { roomForRunners } from './room-for-runners.ts';
import { session } from './session.ts';
import { snapshotRead } from './snapshot-read.ts';
import { spansTell } from './spans-tell.ts';
import { stablePrefix } from './stable-prefix.ts';
import { startsAfterItsCommit } from './starts-after-its-commit.ts';
import { starvingGoFirst } from './starving-go-first.ts';
import { statusRecords } from './status-records.ts';
import { summaryTells } from './summary-tells.ts';

export const CHECKERS: readonly Checker[] = [
  snapshotRead,
  onePoint,
  atomicVisibility,
  firstCommitterWins,
  noFalseConflict,
  readersPass,
  exactlyOnce,
  denseVersions,
  stablePrefix,
  homeRefinement,
  recovery,
  keptVersions,
  collectedAtRest,
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
  quiescence,
  reExecution,
  limitsHold,
  roomForRunners,
  retriesCounted,
  starvingGoFirst,
  lostCompartments,
  summaryTells,
  statusRecords,
  decidedInOrder,
];
