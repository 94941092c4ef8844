/** Runners that append to lists and read them: what they print is a history, which is judged from the outside. */

import { judgeHistory } from '../history/anomalies.ts';
import { textOfAnomaly } from '../history/anomaly.ts';
import type { HistoryPlan } from '../history/workload/plan.ts';
import { brokenPromises, drawHistoryPlan, historyOf } from '../history/workload.ts';
import { seeded } from '../random.ts';
import { outputOf, type SimResult } from '../result.ts';

export interface ListAppend {
  readonly kind: 'list-append';
  readonly plan: HistoryPlan;
}

export function drawListAppend(seed: number): ListAppend {
  return { kind: 'list-append', plan: drawHistoryPlan(seeded(seed)) };
}

/** Also of a program that was cancelled: what had been committed by then is a history all the same. */
export function wrongHistory({ plan }: ListAppend, result: SimResult): string | null {
  if (result.summary.status === 'failed') return null;
  const stdout = outputOf(result, 'stdout');
  const { serializable } = plan;
  const { violations } = judgeHistory(historyOf(plan, stdout, result.byteAt), { serializable });
  const promises = result.summary.status === 'done' ? brokenPromises(plan, stdout, result.byteAt) : [];
  return [...violations.map(textOfAnomaly), ...promises][0] ?? null;
}
