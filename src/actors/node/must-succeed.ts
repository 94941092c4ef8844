/** For callers to whom a run that has not gone well is an error. */

import { QuiescentError, RunError, RunnerError } from '../../errors.ts';
import { nameOf, ROOT_ID } from '../../memory/ids.ts';
import type { FaultReport, RunReport } from './run-report.ts';

/**
 * The report of a run that has gone well. Throws `RunnerError` (the first fault, or an entry runner that has not
 * committed), `QuiescentError` (with the watchers) or `RunError` (cancelled, or the outside has failed).
 */
export function mustSucceed(report: RunReport): RunReport {
  const { status, error, faults, watchers } = report;
  switch (status) {
    case 'done':
      return report;
    case 'faulted':
      throw faultError(faults[0]!);
    case 'aborted':
      throw new RunnerError('the entry runner has ended without a commit', ROOT_ID);
    case 'quiescent':
      throw new QuiescentError(watchers.filter((watcher) => !watcher.ended));
    case 'cancelled':
    case 'failed':
      throw new RunError(error === '' ? `the run was ${status}` : `the run has failed: ${error}`);
  }
}

function faultError({ runner, cause, pc, file, line }: FaultReport): RunnerError {
  const place = file === null ? `pc 0x${pc.toString(16)}` : `${file}:${line}`;
  return new RunnerError(`runner ${nameOf(runner)} faulted at ${place}: ${cause}`, runner);
}
