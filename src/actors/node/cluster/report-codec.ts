/** A run's report as JSON: 64-bit values are texts, `0x` and hexadecimal digits. */

import type { FaultReport, RunReport, WatcherReport } from '../run-report.ts';

/** Without what was put out, which travels apart. */
export type Told = Omit<RunReport, 'stdout' | 'stderr'>;

type Plain<T> = T extends bigint
  ? string
  : T extends readonly (infer E)[]
    ? readonly Plain<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T;

export type PlainReport = Plain<Told>;

export function plainReport({ status, error, version, runners, faults, watchers }: RunReport): PlainReport {
  return {
    status,
    error,
    version,
    runners,
    faults: faults.map((fault) => ({
      ...fault,
      runner: hex(fault.runner),
      address: fault.address === null ? null : hex(fault.address),
    })),
    watchers: watchers.map((watcher) => ({
      ...watcher,
      id: hex(watcher.id),
      writers: watcher.writers.map(hex),
    })),
  };
}

export function toldReport({ faults, watchers, ...report }: PlainReport): Told {
  return {
    ...report,
    faults: faults.map(
      (fault): FaultReport => ({
        ...fault,
        runner: BigInt(fault.runner),
        address: fault.address === null ? null : BigInt(fault.address),
      }),
    ),
    watchers: watchers.map(
      (watcher): WatcherReport => ({
        ...watcher,
        id: BigInt(watcher.id),
        writers: watcher.writers.map(BigInt),
      }),
    ),
  };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
