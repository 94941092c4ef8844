/**
 * The DVM as a library: assemble a program, run it on a machine in this process, look at its memory.
 *
 * ```ts
 * const program = assemble(source);
 * await using machine = new Machine(program, { rcomps: 4 });
 * mustSucceed(await machine.run());
 * console.log(await machine.readWord(addressOfLabel(program, 'total'), 'q'));
 * ```
 */

import { ProgramError, ProgramFileError, UsageError } from './errors.ts';
import { type AssembleOptions, assemble as assembleSource } from './isa/assembler.ts';
import type { Program } from './isa/program.ts';
import { readProgram, writeProgram } from './isa/program-file.ts';

export type { Address } from './actors/address.ts';
export type { Limits } from './actors/config.ts';
export { Cluster, type ClusterOptions } from './actors/node/cluster/cluster.ts';
export type { ClusterClient, SubmitOptions } from './actors/node/cluster/cluster-client.ts';
export type { LocalCluster, LocalClusterOptions, NodeProcess } from './actors/node/cluster/local-cluster.ts';
export type { RunStatistics, TraceState } from './actors/node/cluster/observation.ts';
export type { RemoteRun } from './actors/node/cluster/remote-run.ts';
export type { NodeStatus, ProgramStatus, Status } from './actors/node/cluster/status.ts';
export {
  type EventOf,
  Machine,
  type Observer,
  type RunOptions,
  type SystemWord,
} from './actors/node/machine.ts';
export { mustSucceed } from './actors/node/must-succeed.ts';
export type {
  InputMapping,
  MachineOptions,
  OutputMapping,
  StreamMapping,
} from './actors/node/options.ts';
export type { FaultReport, RunReport, RunStatus, WatcherReport } from './actors/node/run-report.ts';
export type { RunnerEnd } from './actors/protocol.ts';
export type { Counts } from './actors/summary.ts';
export type { Tally } from './actors/tally.ts';
export type { RunnerState, TraceEvent } from './actors/trace-event.ts';
export {
  ClusterError,
  PagesLostError,
  ProgramError,
  ProgramFileError,
  QuiescentError,
  RunError,
  RunnerError,
  UsageError,
  VersionGoneError,
} from './errors.ts';
export { InvariantError } from './invariant.ts';
export type { AssembleOptions } from './isa/assembler.ts';
export { type Diagnostic, explain, renderDiagnostic } from './isa/diagnostics.ts';
export { disassemble } from './isa/disassembler.ts';
export { FAULT_CAUSES, type FaultCause } from './isa/fault.ts';
export { type FormatResult, format } from './isa/formatter.ts';
export type { Program } from './isa/program.ts';
export type { ValueType } from './isa/value-type.ts';
export type { WordOf } from './isa/words.ts';
export { nameOf as nameOfRunner, type RunnerId } from './memory/ids.ts';
export type { Range } from './memory/ranges.ts';

/**
 * The program that a source describes. Throws `ProgramError`, which lists every mistake. Files that the source includes
 * come from `options.readFile`; by default there are none.
 */
export function assemble(source: string, options: Partial<AssembleOptions> = {}): Program {
  const result = assembleSource(source, { file: 'source', ...options });
  if (!result.ok) throw new ProgramError(result.diagnostics);
  return result.program;
}

/** The program in the bytes of a `.dvm` file, verified as a whole. Throws `ProgramFileError`. */
export function load(bytes: Uint8Array): Program {
  const result = readProgram(bytes);
  if (!result.ok) throw new ProgramFileError(result.error);
  return result.program;
}

/** The bytes of the program's `.dvm` file. */
export function save(program: Program): Uint8Array {
  return writeProgram(program);
}

/** The address of a label, or of an `.equ` name that could be one. Throws `UsageError` if there is none. */
export function addressOfLabel(program: Program, label: string): number {
  const symbol = program.symbols.find(({ name }) => name === label);
  if (symbol === undefined) throw new UsageError(`the program has no label ${label}`);
  return symbol.address;
}
