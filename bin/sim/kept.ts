/** What `dvm sim` leaves behind: files, and the command lines that look at them again. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Scenario } from '../../sim/scenario.ts';
import { type Trace, traceText } from '../../sim/trace-file.ts';
import { reasonOf } from '../../src/actors/node/devices/files.ts';
import { UsageError } from '../../src/errors.ts';

/**
 * Keeps a trace: in the directory, if there is one, else here under a name of its own. Answers where.
 * Throws a `UsageError`, which tells how to have the run again all the same.
 */
export function keepTrace(trace: Trace, name: string, directory: string | undefined): string {
  const file =
    directory === undefined ? `${name.replaceAll(' ', '-')}.trace.json` : join(directory, 'trace.json');
  keep(
    file,
    traceText(trace),
    `run it again with a --report DIR to write to: the seed is ${trace.scenario.seed}`,
  );
  return file;
}

/** Throws a `UsageError`, with what may be done instead. */
export function keep(file: string, text: string, instead = ''): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${reasonOf(error)}`, instead);
  }
}

export function kept(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

/** The command line that runs a trace again, as a shell wants it. */
export function replayLine({ workload }: Pick<Scenario, 'workload'>, ...args: readonly string[]): string {
  const program = workload.kind === 'given' ? [workload.name] : [];
  return ['dvm', 'sim', ...program, '--replay', ...args].map(shellWord).join(' ');
}

function shellWord(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
