/** What is done about a failing seed: it is run twice, made small, shown and kept. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Judged, judgeSeed, record, type Settings, smallest } from '../../sim/campaign.ts';
import { isLiveness } from '../../sim/failure.ts';
import { failureScreen } from '../../sim/report/failure-screen.ts';
import { htmlReport } from '../../sim/report/html-report.ts';
import { jsonLines } from '../../sim/report/json-lines.ts';
import type { Totals } from '../../sim/totals.ts';
import { traceText } from '../../sim/trace-file.ts';
import { complain, print, say } from '../console.ts';
import { SIM_EXIT } from './exits.ts';
import type { SimFlags } from './request.ts';

/** Milliseconds that a failure is made smaller for. */
const SHRINKING = 60_000;

export function showFailure(seed: number, settings: Settings, flags: SimFlags, totals: Totals): number {
  const found = judgeSeed(seed, settings);
  const again = judgeSeed(seed, settings);
  if (!sameRun(found, again)) {
    complain(
      `seed ${seed} gives another run each time: ${found.shown.fingerprint} and ${again.shown.fingerprint}`,
      'something in a behaviour asks for time, chance or state that outlives a run',
    );
    return SIM_EXIT.nondeterministic;
  }
  const deadline = performance.now() + SHRINKING;
  const least = flags.minimize ? smallest(found, settings, () => performance.now() < deadline) : found;
  return show(least, seed, settings, flags, totals);
}

function sameRun(a: Judged, b: Judged): boolean {
  return a.shown.fingerprint === b.shown.fingerprint && a.shown.failure?.id === b.shown.failure?.id;
}

function show(least: Judged, seed: number, settings: Settings, flags: SimFlags, totals: Totals): number {
  const failure = least.shown.failure!;
  const directory = flags.report;
  const file = directory === undefined ? `${failure.id}-${seed}.trace.json` : join(directory, 'trace.json');
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const trace = { violates: failure.id, mutations: settings.mutations, ...least.case };
  writeFileSync(file, traceText(trace));
  const replay = replayLine(file, least);
  const { run } = record(least.case, settings, replay, directory !== undefined);
  if (flags.json === true)
    print(
      `${JSON.stringify({ seed, failure, trace: file, relevantMessages: relevantMessages(run), ...totals.object() })}\n`,
    );
  else print(`${failureScreen(run, { columns: process.stdout.columns ?? 110, lines: 60 })}`);
  if (directory !== undefined) {
    writeFileSync(join(directory, 'report.html'), htmlReport(run));
    writeFileSync(join(directory, 'steps.jsonl'), jsonLines(run));
    say(`dvm: report in ${join(directory, 'report.html')}`);
  }
  return isLiveness(failure) ? SIM_EXIT.liveness : SIM_EXIT.invariant;
}

function replayLine(file: string, { case: { scenario } }: Judged): string {
  const program = scenario.workload.kind === 'given' ? `${scenario.workload.name} ` : '';
  return `dvm sim ${program}--replay ${file}`;
}

function relevantMessages({ steps }: ReturnType<typeof record>['run']): number {
  return steps.filter((step) => step.type === 'message' && step.relevant).length;
}
