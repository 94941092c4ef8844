/** `dvm run`: a program on a machine in this process, or on a DVM of many nodes. */

import { basename } from 'node:path';
import type { ClusterClient, SubmitOptions } from '../../src/actors/node/cluster/cluster-client.ts';
import { Machine, type Observer } from '../../src/actors/node/machine.ts';
import { Meter } from '../../src/actors/node/meter.ts';
import { type MachineOptions, OptionError } from '../../src/actors/node/options.ts';
import { NOTHING_COUNTED, RunnerCounts } from '../../src/actors/node/runner-counts.ts';
import type { TraceFile } from '../../src/actors/node/trace-file.ts';
import { UsageError } from '../../src/errors.ts';
import type { Program } from '../../src/isa/program.ts';
import { clusterAt } from '../cluster/flags.ts';
import { complain, isTerminal, paint, print, say, whenReaderGone } from '../console.ts';
import { EXIT, EXIT_OF_STATUS } from '../exit-codes.ts';
import { stackOf } from '../failures.ts';
import { loadProgram } from '../load.ts';
import { mustNotOverwrite, type NamedFile } from '../overwrites.ts';
import { IN_PROCESS, type Level, levelOf, mustOffer, offerOf, SURVIVES } from '../run/acknowledgement.ts';
import { printedWords } from '../run/prints.ts';
import { Progress } from '../run/progress.ts';
import { remote } from '../run/remote.ts';
import { jsonReport } from '../run/report-json.ts';
import { describeReport } from '../run/report-text.ts';
import type { Running } from '../run/running.ts';
import { heedSignals } from '../run/signals.ts';
import { Statistics } from '../run/statistics.ts';
import {
  inputMapping,
  outputMapping,
  printRequest,
  rangeOf,
  regionBoundary,
  wholeNumber,
  word64,
} from '../values.ts';

/** As commander gives them: texts, and lists of texts for what may be repeated. */
export interface RunFlags {
  readonly on?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly engine?: 'wasm' | 'interpreter';
  readonly rcomps?: string;
  readonly homes?: string;
  readonly print: readonly string[];
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly stdin?: string;
  readonly onConflict?: 'retry' | 'abort';
  readonly serializable?: boolean;
  readonly lazyReads?: boolean;
  readonly deterministic?: boolean;
  readonly regionBoundary?: string;
  readonly fuel?: string;
  readonly seed?: string;
  readonly tick?: string;
  readonly ack: string;
  readonly maxChildren?: string;
  readonly maxRanges?: string;
  readonly maxPrivate?: string;
  readonly maxRunners?: string;
  readonly maxVersions?: string;
  readonly stats?: boolean;
  readonly trace?: string;
  readonly json?: boolean;
}

export async function run(file: string, flags: RunFlags): Promise<number> {
  const { on } = flags;
  return runAt(file, flags, on === undefined ? null : async () => clusterAt(on, flags));
}

/** `where`: the DVM that runs it, asked for once nothing is wrong with what is to be run; null: a machine here. */
export async function runAt(
  file: string,
  flags: RunFlags,
  where: (() => Promise<ClusterClient>) | null,
): Promise<number> {
  const wanted = levelOf(flags.ack);
  if (where === null) mustOffer(wanted, IN_PROCESS);
  const program = loadProgram(file, {
    ...(flags.regionBoundary !== undefined && { regionBoundary: regionBoundary(flags.regionBoundary) }),
  });
  const prints = flags.print.map((text) => printRequest(program, text));
  const options = machineOptions(program, flags);
  checkWritten(file, options, flags.trace);
  const trace = flags.trace === undefined ? null : await openTrace(flags.trace);

  const cancelled = new AbortController();
  let gone = false;
  whenReaderGone(() => {
    gone = true;
    cancelled.abort();
  });
  const cluster = where === null ? null : await where();
  const kept = cluster === null ? IN_MEMORY : await keptThere(wanted, flags.stats === true, cluster);
  const statistics = flags.stats === true ? new Statistics(kept, cluster === null) : null;
  const running =
    cluster === null
      ? startHere(program, options, statistics === null ? null : new Meter(), trace)
      : await startThere(cluster, program, {
          ...options,
          name: basename(file),
          stats: statistics !== null,
          ...(trace && { trace: trace.sink }),
        });
  const release = heedSignals({ onInterrupt: () => cancelled.abort(), onTerminate: running.shutDown });
  const progress = isTerminal(process.stderr) ? new Progress(running.counted, process.stderr) : null;
  try {
    const report = await running.report(cancelled.signal);
    progress?.stop();
    if (gone) return EXIT.ok;
    const words = await printedWords(running, prints);
    const spent = statistics && running.statistics();
    const object = spent === null ? undefined : statistics?.object(spent);
    if (flags.json === true) print(`${JSON.stringify(jsonReport(report, words, object))}\n`);
    else for (const { lines } of words) for (const line of lines) print(`${line}\n`);
    for (const line of describeReport(file, report, paint)) say(line);
    if (spent !== null && flags.json !== true) statistics?.lines(report, spent).forEach(say);
    if (statistics !== null && spent === null) say(`dvm: no statistics: ${NOT_COUNTED}`);
    const exit = EXIT_OF_STATUS[report.status];
    const failure = trace === null ? null : ((await trace.close()) ?? notWhole(flags.trace, running));
    if (failure !== null) complain(failure);
    return failure === null || (exit !== EXIT.ok && exit !== EXIT.quiescent) ? exit : EXIT.failed;
  } finally {
    progress?.stop();
    release();
    await trace?.close();
    await running.close();
    if (options.stdin !== undefined) process.stdin.destroy();
  }
}

const IN_MEMORY = 'ack memory: commits do not survive this process';

const NOT_COUNTED = 'the master has started anew, and what was counted ended with it';

/** What the DVM promises of commits, if that is enough; asked for only if somebody wants to know. */
async function keptThere(wanted: Level, isTold: boolean, cluster: ClusterClient): Promise<string> {
  if (wanted === 'memory' && !isTold) return '';
  const { acknowledges } = await cluster.status();
  mustOffer(wanted, offerOf(acknowledges));
  return `ack ${acknowledges}: commits survive ${SURVIVES[acknowledges]}`;
}

/** What is wrong with a trace that could be written; null: nothing. */
function notWhole(path: string | undefined, running: Running): string | null {
  const why = running.untraced();
  return why === '' ? null : `the trace ${path} is not whole: ${why}`;
}

/** On a machine in this process. */
function startHere(
  program: Program,
  options: MachineOptions,
  meter: Meter | null,
  trace: TraceFile | null,
): Running {
  const machine = machineFor(program, options, {
    ...(meter && { onDispatch: meter.heard }),
    onRCompLost: (error) =>
      say(`dvm: an RComp has died by a mistake of dvm's own, its runner runs again: ${stackOf(error)}`),
    onCompartmentLost: (error) =>
      say(
        `dvm: a compartment has died, its runner runs again: ${error === null ? 'it hung' : stackOf(error)}`,
      ),
  });
  meter?.follow(machine);
  trace?.follow(machine);
  const counts = isTerminal(process.stderr) ? new RunnerCounts(machine) : NOTHING_COUNTED;
  return {
    report: (signal) => machine.run({ signal }),
    counted: () => counts,
    statistics: () => meter && { tally: meter.tally(machine), nodes: 1, lost: 0 },
    untraced: () => '',
    shutDown: () => machine.raise('shutdownAsked'),
    readWords: (address, type, count) => machine.readWords(address, type, count),
    close: () => machine[Symbol.asyncDispose](),
  };
}

/** On a DVM of other processes. */
async function startThere(
  cluster: ClusterClient,
  program: Program,
  options: SubmitOptions,
): Promise<Running> {
  return remote(await cluster.submit(program, options).catch(inFlags), true);
}

function machineOptions(program: Program, flags: RunFlags): MachineOptions {
  const number = (option: string, text: string | undefined) =>
    text === undefined ? undefined : wholeNumber(option, text);
  const given = {
    engine: flags.engine,
    rcomps: number('--rcomps', flags.rcomps),
    homes: number('--homes', flags.homes),
    onConflict: flags.onConflict,
    serializable: flags.serializable,
    lazyReads: flags.lazyReads,
    deterministic: flags.deterministic,
    fuel: number('--fuel', flags.fuel),
    seed: flags.seed === undefined ? undefined : word64('--seed', flags.seed),
    tick: number('--tick', flags.tick),
    versionBytes: number('--max-versions', flags.maxVersions),
    stdout: flags.json === true ? undefined : process.stdout,
    stderr: process.stderr,
  };
  const limits = {
    children: number('--max-children', flags.maxChildren),
    ranges: number('--max-ranges', flags.maxRanges),
    privateBytes: number('--max-private', flags.maxPrivate),
    runners: number('--max-runners', flags.maxRunners),
  };
  return {
    ...given,
    limits,
    inputs: flags.in.map((text) => inputMapping(program, text)),
    outputs: flags.out.map((text) => outputMapping(program, text)),
    // Naming process.stdin opens it, and then the command would not end before its input does.
    ...(flags.stdin !== undefined && {
      stdin: { ...rangeOf(program, '--stdin', flags.stdin), source: process.stdin },
    }),
  } as MachineOptions;
}

function machineFor(program: Program, options: MachineOptions, observer: Observer): Machine {
  try {
    return new Machine(program, options, observer);
  } catch (error) {
    return inFlags(error);
  }
}

/** Throws what is wrong with an option in the words of the command line. */
function inFlags(error: unknown): never {
  if (!(error instanceof OptionError)) throw error;
  throw new UsageError(`${FLAGS[error.option] ?? error.option} ${error.problem}`);
}

/** Of the options that may be out of bounds. */
const FLAGS: Readonly<Record<string, string>> = {
  rcomps: '--rcomps',
  homes: '--homes',
  fuel: '--fuel',
  tick: '--tick',
  versionBytes: '--max-versions',
  'limits.children': '--max-children',
  'limits.ranges': '--max-ranges',
  'limits.privateBytes': '--max-private',
  'limits.runners': '--max-runners',
};

/** Of what the command writes nothing may be the program, and the trace no file that is mapped. */
function checkWritten(program: string, { inputs, outputs }: MachineOptions, trace: string | undefined): void {
  const others: NamedFile[] = [{ name: 'the program', path: program }];
  for (const { file } of outputs ?? []) mustNotOverwrite({ name: 'output file', path: file }, others);
  if (trace === undefined) return;
  for (const { file } of inputs ?? [])
    if (typeof file === 'string') others.push({ name: 'input file', path: file });
  for (const { file } of outputs ?? []) others.push({ name: 'output file', path: file });
  mustNotOverwrite({ name: 'trace', path: trace }, others);
}

/** winston takes longer to load than most programs to run. */
async function openTrace(path: string): Promise<TraceFile> {
  const { TraceFile } = await import('../../src/actors/node/trace-file.ts');
  return TraceFile.open(path);
}
