/** `--replay FILE`: the run of a trace again, whole or up to a step, or beside another. */

import { type Judged, record, type Settings } from '../../sim/campaign.ts';
import type { Decision } from '../../sim/decisions.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { type RecordedRun, relevantMessages } from '../../sim/report/recorded-run.ts';
import { readTrace, type Trace, TraceError } from '../../sim/trace-file.ts';
import { UsageError } from '../../src/errors.ts';
import { complain, print, say } from '../console.ts';
import { SIM_EXIT } from './exits.ts';
import { exitOf, keepReport, screenOf } from './failing.ts';
import { kept, replayLine } from './kept.ts';
import { type SimFlags, stepOf } from './request.ts';
import { firstDifference, stepLines } from './steps.ts';

interface Replayed {
  readonly file: string;
  readonly trace: Trace;
  readonly judged: Judged;
  readonly run: RecordedRun;
}

/** Throws a `UsageError` if the trace is none, or does not fit. */
export function replay(file: string, settings: Settings, flags: SimFlags): number {
  const withSteps = flags.step === true || flags.until !== undefined;
  const until = stepOf(flags);
  const replayed = runTrace(file, settings, flags, withSteps || flags.report !== undefined);
  if (flags.diff !== undefined) return compare(replayed, runTrace(flags.diff, settings, flags, false), flags);
  if (flags.json === true) printReport(replayed);
  else if (withSteps) for (const line of stepLines(replayed.run, until)) print(`${line}\n`);
  if (flags.report !== undefined) keepReport(flags.report, replayed.run);
  return conclude(replayed, flags.json === true, withSteps);
}

function runTrace(file: string, settings: Settings, flags: SimFlags, withStates: boolean): Replayed {
  const trace = traceOf(file, settings, flags);
  const line = replayLine(trace.scenario, file);
  const { judged, run } = record(trace, settingsFor(file, trace, settings), line, withStates);
  const [first] = judged.ran.unused;
  if (first !== undefined) throw misfit(file, trace, first);
  return { file, trace, judged, run };
}

function misfit(file: string, { decisions }: Trace, decision: Decision): UsageError {
  const what =
    'message' in decision
      ? 'such message'
      : 'chunk' in decision
        ? 'such piece of input'
        : 'node or actor for it, or no time';
  return new UsageError(
    `${file} does not fit any more: at decision ${decisions.indexOf(decision) + 1}, ${JSON.stringify(decision)}, there is no ${what}`,
    'this dvm, or the program, takes another course than the one that was traced; find a new trace with --seed',
  );
}

/** What is wrong with the run, on its own screen or below its steps. */
function conclude({ file, trace, judged, run }: Replayed, json: boolean, withSteps: boolean): number {
  const { failure, deliveries, fingerprint } = judged.shown;
  const exit = exitOf(failure);
  if (failure === null) {
    if (!json) print(`${file}: no violation, ${deliveries} messages, fingerprint ${fingerprint}\n`);
    if (trace.violates !== null) say(`dvm: note: it was kept because it violated ${trace.violates}`);
    return exit;
  }
  if (trace.violates !== null && trace.violates !== failure.id)
    say(`dvm: note: it was kept because it violated ${trace.violates}, not ${failure.id}`);
  if (withSteps) complain(`${failure.id} at message ${failure.step}: ${failure.text}`);
  else if (!json) print(screenOf(run));
  return exit;
}

function printReport({ file, judged, run }: Replayed): void {
  const { failure, deliveries, fingerprint } = judged.shown;
  const status = failure === null ? 'clean' : 'violated';
  const configuration = Object.fromEntries(run.configuration);
  const messages = { messages: deliveries, relevantMessages: relevantMessages(run), fingerprint };
  const report = { status, exit: exitOf(failure), trace: file, failure, configuration, ...messages };
  print(`${JSON.stringify(report)}\n`);
}

function compare(one: Replayed, other: Replayed, { json }: SimFlags): number {
  const difference = firstDifference(one.run, other.run);
  const exit = difference === null ? SIM_EXIT.clean : SIM_EXIT.invariant;
  const status = difference === null ? 'same' : 'different';
  if (json === true)
    print(`${JSON.stringify({ status, exit, traces: [one.file, other.file], difference })}\n`);
  else print(difference === null ? 'both runs are the same, step by step\n' : `${difference}\n`);
  return exit;
}

/** What is planted stands in the trace, unless the user plants something else. */
function settingsFor(file: string, { mutations }: Trace, settings: Settings): Settings {
  if (settings.mutations.length > 0) return settings;
  const unknown = mutations.find((name) => !Object.hasOwn(MUTATIONS, name));
  if (unknown === undefined) return { ...settings, mutations };
  throw new UsageError(
    `${file}: this dvm has no planted bug ${unknown}`,
    'plant another with --mutate; dvm sim --list-mutations names them',
  );
}

function traceOf(file: string, settings: Settings, flags: SimFlags): Trace {
  const trace = parsed(file);
  const { workload } = trace.scenario;
  if (workload.kind === 'given' && settings.given === null)
    throw new UsageError(`${file} is of a program`, `name it: ${replayLine(trace.scenario, file)}`);
  if (workload.kind !== 'given' && settings.given !== null)
    throw new UsageError(`${file} is of a drawn workload, not of a program`, `dvm sim --replay ${file}`);
  const said = settings.wishes.workload;
  if (workload.kind !== 'given' || said?.kind !== 'given') return trace;
  if (workload.digest !== said.digest) say(`dvm: note: ${said.name} is not what ${file} was made of`);
  const expect = flags.expect.length > 0 ? said.expect : workload.expect;
  return { ...trace, scenario: { ...trace.scenario, workload: { ...workload, name: said.name, expect } } };
}

function parsed(file: string): Trace {
  try {
    return readTrace(kept(file));
  } catch (error) {
    if (error instanceof TraceError)
      throw new UsageError(`${file}: ${error.message}`, 'dvm sim keeps traces of what it finds');
    throw error;
  }
}
