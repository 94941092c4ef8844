/** Runs one case and asks every checker. */

import { CHECKERS } from '../../sim/checkers/all.ts';
import { type Create, SimulationError } from '../../sim/cluster.ts';
import { evidenceOf } from '../../sim/evidence.ts';
import { eventsOf, type SimResult } from '../../sim/result.ts';
import { transcriptOf } from '../../sim/transcript.ts';
import { type Case, run } from './cases.ts';

/** What is wrong with a case: the first violation of each invariant, by its id. */
export interface Verdict {
  readonly violations: ReadonlyMap<string, string>;
  readonly features: Features;
  readonly transcript: string;
}

/** What happened in a run, for the shares that a suite must reach. */
export interface Features {
  readonly conflict: boolean;
  readonly fired: boolean;
  readonly nested: boolean;
  readonly fault: boolean;
  readonly steps: number;
}

/** The id under which a run counts that broke an invariant of ours or never ended. */
export const COMES_TO_ITS_END = 'I31';

const NO_FEATURES: Features = { conflict: false, fired: false, nested: false, fault: false, steps: 0 };

export function judge(drawn: Case, create?: Create): Verdict {
  let result: SimResult;
  try {
    result = run(drawn, create);
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const violations = new Map([[COMES_TO_ITS_END, error.message]]);
    return { violations, features: NO_FEATURES, transcript: error.transcript };
  }
  const evidence = evidenceOf(result);
  const violations = new Map<string, string>();
  for (const { id, check } of CHECKERS) {
    const [violation] = check(evidence);
    if (violation !== undefined) violations.set(id, violation);
  }
  return {
    violations,
    features: featuresOf(result),
    transcript: violations.size > 0 ? transcriptOf(result.deliveries) : '',
  };
}

function featuresOf({ trace, log, entry, deliveries }: SimResult): Features {
  const happened = (type: Parameters<typeof eventsOf>[1]) => eventsOf(trace, type).length > 0;
  const parents = log.filter(({ run }) => run?.end.type === 'commit' && run.end.children.length > 0);
  return {
    conflict: happened('conflict'),
    fired: happened('fired'),
    nested: parents.some(({ attempt }) => attempt.runner !== entry.id),
    fault: eventsOf(trace, 'ended').some(({ event }) => event.why === 'fault'),
    steps: deliveries.length,
  };
}
