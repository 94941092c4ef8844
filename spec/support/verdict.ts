/** Runs one case and asks every checker. */

import { Inspection } from '../../sim/checkers/inspection.ts';
import { type Create, SimulationError } from '../../sim/cluster.ts';
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
  const inspection = new Inspection({ onViolation: 'collect' });
  const texts = () => [...inspection.violations].map(([id, { text }]) => [id, text] as const);
  let result: SimResult;
  try {
    result = run(drawn, create, [inspection]);
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const violations = new Map([...texts(), [COMES_TO_ITS_END, error.message]]);
    return { violations, features: NO_FEATURES, transcript: error.transcript };
  }
  const violations = new Map(texts());
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
