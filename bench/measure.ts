/**
 * How every benchmark measures: its cases take turns, so that noise hits all alike, and a ratio is the median of the
 * ratios of the rounds.
 */

import type { MachineOptions } from '../src/index.ts';

export interface Settings {
  /** How often each case is measured. */
  readonly rounds: number;
  /** The share of the full work: 1 for numbers worth keeping, little for a try. */
  readonly size: number;
  /** Passed on to every machine. */
  readonly machine: MachineOptions;
}

/** Two numbers of one unit, which `case` names. */
export interface Row {
  readonly case: string;
  /** Median over the rounds. */
  readonly ours: number;
  /** The peer's; null where there is none, or none on this machine. */
  readonly peer: number | null;
  /** Median over the rounds of ours / peer, unless the benchmark's title says otherwise. */
  readonly ratio: number | null;
  /** Lowest and highest round relative to the median, of the ratio if there is one; null for what is not measured in rounds. */
  readonly spread: readonly [number, number] | null;
}

export interface Result {
  /** The headline first. */
  readonly rows: readonly Row[];
  /** What is missing and why: a peer that is not installed, a size that does not fit. */
  readonly notes: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  /** What it does, with which peer, in one line. */
  readonly title: string;
  run(settings: Settings): Promise<Result>;
}

/** One way of doing the work, without its own preparation: how long or how much, in the unit of its row. */
export type Case = () => Promise<number> | number;

/** Runs each case once unmeasured, then `rounds` times in turns; one list of measurements a case, null for one that is null. */
export async function inTurns(cases: readonly (Case | null)[], rounds: number): Promise<(number[] | null)[]> {
  const measured = cases.map((one): number[] | null => one && []);
  for (const one of cases) await one?.();
  for (let round = 0; round < rounds; round++)
    for (const [i, one] of cases.entries()) if (one !== null) measured[i]!.push(await one());
  return measured;
}

/** Ours against a peer, in turns. */
export async function versus(name: string, ours: Case, peer: Case | null, rounds: number): Promise<Row> {
  const [mine, other] = await inTurns([ours, peer], rounds);
  return rowOf(name, mine!, other ?? null);
}

export function rowOf(
  name: string,
  ours: readonly number[],
  peer: readonly number[] | null,
  ratioOf: (ours: number, peer: number) => number = (mine, other) => mine / other,
): Row {
  const ratios = peer && ours.map((mine, round) => ratioOf(mine, peer[round]!));
  return {
    case: name,
    ours: median(ours),
    peer: peer && median(peer),
    ratio: ratios && median(ratios),
    spread: spreadOf(ratios ?? ours),
  };
}

/** A number that comes from no rounds. */
export function fact(name: string, ours: number): Row {
  return { case: name, ours, peer: null, ratio: null, spread: null };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function spreadOf(values: readonly number[]): readonly [number, number] | null {
  const middle = median(values);
  return middle === 0 ? null : [Math.min(...values) / middle, Math.max(...values) / middle];
}

/** Milliseconds. */
export async function stopwatch(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** A count of the full work at another size: at least one `step`, and a multiple of it. */
export function scaled(count: number, { size }: Settings, step = 1): number {
  return Math.max(1, Math.round((count * size) / step)) * step;
}
