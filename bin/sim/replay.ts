/** `--replay FILE`: the run of a trace again, whole or up to a step, or beside another. */

import { readFileSync } from 'node:fs';
import { record, type Settings } from '../../sim/campaign.ts';
import { isLiveness } from '../../sim/failure.ts';
import { failureScreen } from '../../sim/report/failure-screen.ts';
import type { RecordedRun } from '../../sim/report/recorded-run.ts';
import { readTrace, type Trace, TraceError } from '../../sim/trace-file.ts';
import { UsageError } from '../../src/errors.ts';
import { complain, print, say } from '../console.ts';
import { SIM_EXIT } from './exits.ts';
import { type SimFlags, stepOf } from './request.ts';
import { firstDifference, stepLines } from './steps.ts';

export function replay(file: string, settings: Settings, flags: SimFlags): number {
  const trace = traceOf(file, settings, flags);
  const withSteps = flags.step === true || flags.until !== undefined;
  const { judged, run } = record(trace, settingsFor(trace, settings), `dvm sim --replay ${file}`, withSteps);
  if (judged.ran.unused.length > 0) {
    const [first] = judged.ran.unused;
    const step = trace.decisions.indexOf(first!) + 1;
    complain(
      `${file} does not fit this dvm any more: at decision ${step}, ${JSON.stringify(first)}, there is no such message`,
      'the run was another one than the trace is of; draw a new one from its seed',
    );
    return SIM_EXIT.usage;
  }
  if (flags.diff !== undefined) return difference(flags.diff, run, settings, flags);
  if (withSteps) for (const line of stepLines(run, stepOf(flags))) print(`${line}\n`);
  const { failure } = judged.shown;
  if (failure === null) {
    print(
      `${file}: no violation, ${judged.shown.deliveries} messages, fingerprint ${judged.shown.fingerprint}\n`,
    );
    if (trace.violates !== null) say(`dvm: note: it was kept because it violated ${trace.violates}`);
    return SIM_EXIT.clean;
  }
  if (!withSteps) print(failureScreen(run, { columns: process.stdout.columns ?? 110, lines: 60 }));
  else complain(`${failure.id}: ${failure.text}`);
  return isLiveness(failure) ? SIM_EXIT.liveness : SIM_EXIT.invariant;
}

function difference(other: string, run: RecordedRun, settings: Settings, flags: SimFlags): number {
  const trace = traceOf(other, settings, flags);
  const beside = record(trace, settingsFor(trace, settings), `dvm sim --replay ${other}`, false).run;
  const difference = firstDifference(run, beside);
  print(difference === null ? 'both runs are the same, step by step\n' : `${difference}\n`);
  return difference === null ? SIM_EXIT.clean : SIM_EXIT.invariant;
}

/** What is planted stands in the trace, unless the user plants something else. */
function settingsFor({ mutations }: Trace, settings: Settings): Settings {
  return settings.mutations.length > 0 ? settings : { ...settings, mutations };
}

function traceOf(file: string, settings: Settings, { expect }: SimFlags): Trace {
  let trace: Trace;
  try {
    trace = readTrace(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof TraceError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
  const { workload } = trace.scenario;
  if (workload.kind === 'given' && settings.given === null)
    throw new UsageError(`${file} is of a program`, `name it: dvm sim ${workload.name} --replay ${file}`);
  if (workload.kind !== 'given' && settings.given !== null)
    throw new UsageError(`${file} is of a drawn workload, not of a program`, `dvm sim --replay ${file}`);
  const said = settings.wishes.workload;
  return expect.length > 0 && said !== undefined
    ? { ...trace, scenario: { ...trace.scenario, workload: said } }
    : trace;
}
