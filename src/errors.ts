/** What the library throws at its callers. A runner's fault is no error of the caller's: it is part of a run's report. */

import type { Diagnostic } from './isa/diagnostics.ts';
import type { ProgramFileError as FileProblem } from './isa/program-file-error.ts';
import type { Range } from './memory/ranges.ts';

/** The caller asked for something that cannot be: an option out of bounds, a file that cannot be opened. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  /** What to do about it; empty where the message says it all. */
  readonly hint: string;
  /** The ranges that are at odds, if the error is about ranges. */
  readonly ranges: readonly Range[];

  constructor(message: string, hint = '', ranges: readonly Range[] = []) {
    super(message);
    this.hint = hint;
    this.ranges = ranges;
  }
}

/** A source that does not assemble; every mistake in it is listed. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const [first] = diagnostics;
    super(
      first === undefined
        ? 'the program is wrong'
        : `${first.file}:${first.line}:${first.column}: ${first.message}`,
    );
    this.diagnostics = diagnostics;
  }
}

/** Bytes that are no `.dvm` file. */
export class ProgramFileError extends Error {
  override readonly name = 'ProgramFileError';
  readonly problem: FileProblem;

  constructor(problem: FileProblem) {
    super(`${problem.message} (byte ${problem.offset})`);
    this.problem = problem;
  }
}

/** The version that was asked for is no longer kept: a snapshot lives only as long as something that reads it. */
export class VersionGoneError extends Error {
  override readonly name = 'VersionGoneError';
  readonly version: number;

  constructor(version: number) {
    super(`version ${version} is no longer kept`);
    this.version = version;
  }
}

/** All nodes that kept these pages have died. */
export class PagesLostError extends Error {
  override readonly name = 'PagesLostError';

  constructor() {
    super('that memory is lost: all nodes that kept it have died');
  }
}

/** Thrown by `mustSucceed`: a runner has faulted, or the entry runner has not committed. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  /** The runner's id, 64 bits. */
  readonly runner: bigint;

  constructor(message: string, runner: bigint) {
    super(message);
    this.runner = runner;
  }
}

/** Thrown by `mustSucceed`: the run was cancelled, or the outside has failed. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Thrown by `mustSucceed`: nothing is left to run and watchers still watch. */
export class QuiescentError extends Error {
  override readonly name = 'QuiescentError';
  readonly watchers: readonly { readonly id: bigint; readonly ranges: readonly Range[] }[];

  constructor(watchers: QuiescentError['watchers']) {
    super(`quiescent: ${watchers.length} still watching`);
    this.watchers = watchers;
  }
}

/** A DVM cannot be reached, does not let in, or has lost sight of what was asked for. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  /** What to do about it; empty where the message says it all. */
  readonly hint: string;
  /** Nobody has answered; that may pass. */
  readonly isUnreachable: boolean;

  constructor(message: string, hint = '', isUnreachable = false) {
    super(message);
    this.hint = hint;
    this.isUnreachable = isUnreachable;
  }
}
