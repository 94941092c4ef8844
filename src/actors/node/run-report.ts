/** What a run has come to, in the words of the program: places in the source, names of who could have written. */

import type { FaultCause } from '../../isa/fault.ts';
import { SYSTEM_RANGE } from '../../isa/layout.ts';
import { type Program, sourceOf } from '../../isa/program.ts';
import { overlap, type Range, unite } from '../../memory/ranges.ts';
import type { IoKind } from '../init.ts';
import type { Counts, Summary } from '../summary.ts';

/**
 * - `done`: all well.
 * - `faulted`: a runner has faulted.
 * - `aborted`: the entry runner has ended without a commit.
 * - `quiescent`: nothing is left to run, and watchers still watch.
 * - `cancelled`: by its `AbortSignal`.
 * - `failed`: the outside failed, a full disk for one; `error` has its words.
 */
export type RunStatus = 'done' | 'faulted' | 'aborted' | 'quiescent' | 'cancelled' | 'failed';

export interface RunReport {
  readonly status: RunStatus;
  /** Empty unless `status` is `failed`. */
  readonly error: string;
  /** The number of the last commit. */
  readonly version: number;
  readonly runners: Counts;
  readonly faults: readonly FaultReport[];
  readonly watchers: readonly WatcherReport[];
  /** What runners wrote to the standard output port; empty if it went to a stream of the caller's. */
  readonly stdout: Uint8Array;
  /** As `stdout`, of the standard error port. */
  readonly stderr: Uint8Array;
}

export interface FaultReport {
  readonly cause: FaultCause;
  readonly runner: bigint;
  /** Address of the instruction. */
  readonly pc: number;
  /** The address at fault; null where none is concerned. */
  readonly address: bigint | null;
  /** The limit reached, the range named; empty where the cause says it all. */
  readonly detail: string;
  /** The source file; null if the program does not know. */
  readonly file: string | null;
  /** Line in `file`, from 1. */
  readonly line: number | null;
}

/** A watcher that still watches at the end. */
export interface WatcherReport {
  readonly id: bigint;
  /** Where its first instruction was written; null if the program does not know. */
  readonly file: string | null;
  /** Line in `file`, from 1. */
  readonly line: number | null;
  readonly ranges: readonly Range[];
  /** It waits only on inputs that have ended, which is no error. */
  readonly ended: boolean;
  /** Other waiting watchers that could write there, were they to run. */
  readonly writers: readonly bigint[];
  /** Inputs that write there. */
  readonly inputs: readonly ('stdin' | 'signals')[];
}

export function reportOf(
  program: Program,
  summary: Summary,
  ios: readonly IoKind[],
  output: { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
): RunReport {
  return {
    status: statusOf(summary),
    error: summary.error,
    version: summary.version,
    runners: summary.counts,
    faults: summary.faults.map(({ runner, fault: { cause, pc, address, detail } }) => {
      const source = sourceOf(program, pc);
      return { cause, runner, pc, address, detail, file: source?.file ?? null, line: source?.line ?? null };
    }),
    watchers: summary.watchers.map(({ id, fi, ranges, ended, writers }) => {
      const source = sourceOf(program, fi);
      return {
        id,
        file: source?.file ?? null,
        line: source?.line ?? null,
        ranges,
        ended,
        writers,
        inputs: inputsOf(ranges, ios),
      };
    }),
    ...output,
  };
}

function inputsOf(ranges: readonly Range[], ios: readonly IoKind[]): ('stdin' | 'signals')[] {
  const streams = unite(ios.flatMap((io) => (io.type === 'stream' ? [io.stream] : [])));
  const inputs: ('stdin' | 'signals')[] = [];
  if (overlap(ranges, streams) !== null) inputs.push('stdin');
  if (overlap(ranges, [SYSTEM_RANGE]) !== null) inputs.push('signals');
  return inputs;
}

function statusOf({ status, faults, entry, watchers }: Summary): RunStatus {
  if (status !== 'done') return status;
  if (faults.length > 0) return 'faulted';
  if (entry !== 'committed') return 'aborted';
  return watchers.some((watcher) => !watcher.ended) ? 'quiescent' : 'done';
}
