/** What is done about a failing seed: it is run again, made small, shown and kept. */

import { join } from 'node:path';
import { type Judged, judgeSeed, record, type Settings, type Shown, smallest } from '../../sim/campaign.ts';
import { type Failure, isLiveness } from '../../sim/failure.ts';
import { failureScreen } from '../../sim/report/failure-screen.ts';
import { htmlReport } from '../../sim/report/html-report.ts';
import { jsonLines } from '../../sim/report/json-lines.ts';
import { type RecordedRun, relevantMessages } from '../../sim/report/recorded-run.ts';
import { complain, isTerminal, print, say } from '../console.ts';
import { SIM_EXIT } from './exits.ts';
import { keep, keepTrace, replayLine } from './kept.ts';
import type { Failing } from './pool.ts';
import type { SimFlags } from './request.ts';

/** Milliseconds that a failure is made smaller for. */
const SHRINKING = 60_000;

/** `first`: the seed that the campaign began with. Answers how to exit. */
export function showFailure(
  { seed, shown }: Failing,
  first: number,
  settings: Settings,
  flags: SimFlags,
): number {
  const again = judgeSeed(seed, settings);
  if (!isSameRun(shown, again.shown)) return showNondeterminism(seed, [shown, again.shown], flags);
  const least = flags.minimize ? minimised(again, settings) : again;
  const failure = least.shown.failure!;
  const { scenario } = least.case;
  const trace = { violates: failure.id, mutations: settings.mutations, ...least.case };
  const file = keepTrace(trace, `${failure.id}-${seed}`, flags.report);
  const replay = replayLine(scenario, file);
  const { run } = record(least.case, settings, replay, flags.report !== undefined);
  const exit = exitOf(failure);
  if (flags.json === true) {
    const configuration = Object.fromEntries(run.configuration);
    const messages = { messages: least.shown.deliveries, relevantMessages: relevantMessages(run) };
    const report = { status: 'violated', exit, first, seed, failure, trace: file, replay, configuration };
    print(`${JSON.stringify({ ...report, ...messages })}\n`);
  } else print(screenOf(run));
  if (flags.report !== undefined) keepReport(flags.report, run);
  else say(`dvm: trace in ${file}`);
  return exit;
}

/** Whether a seed has given the same run twice. */
export function isSameRun(a: Shown, b: Shown): boolean {
  return (
    a.fingerprint === b.fingerprint && a.failure?.id === b.failure?.id && a.failure?.text === b.failure?.text
  );
}

export function exitOf(failure: Failure | null): number {
  if (failure === null) return SIM_EXIT.clean;
  return isLiveness(failure) ? SIM_EXIT.liveness : SIM_EXIT.invariant;
}

/** For a terminal as wide as this one. */
export function screenOf(run: RecordedRun): string {
  return failureScreen(run, { columns: process.stdout.columns ?? 110, lines: 60 });
}

export function keepReport(directory: string, run: RecordedRun): void {
  keep(join(directory, 'report.html'), htmlReport(run));
  keep(join(directory, 'steps.jsonl'), jsonLines(run));
  say(`dvm: report in ${join(directory, 'report.html')}`);
}

export function showNondeterminism(
  seed: number,
  [a, b]: readonly [Shown, Shown],
  { json }: SimFlags,
): number {
  const exit = SIM_EXIT.nondeterministic;
  const fingerprints = [a.fingerprint, b.fingerprint];
  if (json === true) print(`${JSON.stringify({ status: 'nondeterministic', exit, seed, fingerprints })}\n`);
  complain(
    `seed ${seed} gives another run each time: ${fingerprints.join(' and ')}`,
    'something in a behaviour asks for time, chance or state that outlives a run',
  );
  return exit;
}

function minimised(found: Judged, settings: Settings): Judged {
  const { id } = found.shown.failure!;
  if (isTerminal(process.stderr))
    say(`dvm: seed ${found.case.scenario.seed} violates ${id}; it is made smaller, for a minute at the most`);
  const deadline = performance.now() + SHRINKING;
  return smallest(found, settings, () => performance.now() < deadline);
}
