/** What is said about a run on standard error: nothing, if all is well. */

import type { createColors } from 'picocolors';
import type { FaultReport, RunReport, WatcherReport } from '../../src/actors/node/run-report.ts';
import type { FaultCause } from '../../src/isa/fault.ts';
import { ADDRESS_LIMIT } from '../../src/isa/layout.ts';
import { nameOf } from '../../src/memory/ids.ts';
import type { Range } from '../../src/memory/ranges.ts';

/** Faults and watchers that are told one by one; the rest is counted. */
const SHOWN = 20;

export function describeReport(file: string, report: RunReport, paint: Paint): string[] {
  const { status, error, faults, watchers, version } = report;
  const hinted = new Set<FaultCause>();
  const lines = some(faults, 'faults', (fault) => [
    faultLine(file, fault, paint),
    ...hintLines(fault, hinted, paint),
  ]);
  if (status === 'failed') lines.push(`dvm: ${paint.red('error')}: ${error}`);
  if (status === 'aborted') lines.push(`dvm: ${paint.red('the entry runner has ended without a commit')}`);
  if (status === 'cancelled')
    lines.push(`dvm: cancelled; what was committed stays, up to version ${version}`);
  if (status !== 'cancelled' && watchers.length > 0) {
    lines.push(`dvm: quiescent: ${watchers.length} still watching`);
    lines.push(...some(watchers, 'watchers', watcherLines));
  }
  return lines;
}

type Paint = ReturnType<typeof createColors>;

function some<T>(all: readonly T[], what: string, show: (one: T) => readonly string[]): string[] {
  const lines = all.slice(0, SHOWN).flatMap(show);
  if (all.length > SHOWN) lines.push(`… and ${all.length - SHOWN} more ${what}`);
  return lines;
}

function faultLine(file: string, fault: FaultReport, paint: Paint): string {
  const { cause, runner, pc, address, detail } = fault;
  const place = fault.file === null ? file : `${fault.file}:${fault.line}`;
  const at = address === null ? '' : ` at 0x${address.toString(16)}`;
  const why = detail === '' ? '' : `: ${detail}`;
  return `${place}: ${paint.red(cause)}${at} (runner ${nameOf(runner)}, pc 0x${pc.toString(16)})${why}`;
}

const HINTS: Partial<Record<FaultCause, string>> = {
  'illegal-instruction': 'a runner ends with `exit`; without it, it runs on into whatever follows',
  'bad-branch-target':
    'code lies in shared memory; `br:j (r1)` goes to the address that r1 holds, `br:j r1` to r1 itself',
  'read-outside-ranges':
    'a runner reads its heap and watched ranges, and assembled bytes outside `.heap`; --lazy-reads allows more',
  'write-outside-ranges':
    "a runner writes its heap ranges: `.heap` for the entry runner, newr's second block for others",
  'write-to-read-only':
    "a runner writes its heap ranges: `.heap` for the entry runner, newr's second block for others",
};

/** What to do about a fault, once for each cause. No declaration makes room beyond the last address. */
function hintLines({ cause, address }: FaultReport, hinted: Set<FaultCause>, paint: Paint): string[] {
  const hint = HINTS[cause];
  if (hint === undefined || hinted.has(cause) || (address ?? 0n) >= ADDRESS_LIMIT) return [];
  hinted.add(cause);
  return [`  ${paint.cyan('hint')}: ${hint}`];
}

function watcherLines({ id, file, line, ranges, writers, inputs, ended }: WatcherReport): string[] {
  const watcher = `  watcher ${nameOf(id)}${file === null ? '' : ` (${file}:${line})`}`;
  if (ranges.length === 0) return [`${watcher} waits for ever: its watched ranges are all empty`];
  return [
    `${watcher} watches ${listed(ranges.map(rangeText))}${ended ? ' (its input has ended)' : ''}`,
    `    ${whoWrites(writers, inputs)}`,
  ];
}

function whoWrites(writers: readonly bigint[], inputs: readonly string[]): string {
  const names = { stdin: 'standard input', signals: 'signals' };
  const who = [
    ...writers.map((id) => `watcher ${nameOf(id)}`),
    ...inputs.map((input) => names[input as 'stdin']),
  ];
  return who.length === 0 ? 'nobody is left who could write there' : `could be written by ${listed(who)}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

function rangeText({ base, length }: Range): string {
  return `0x${base.toString(16)} + ${length} bytes`;
}
