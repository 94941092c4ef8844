/** How every benchmark measures and prints: medians of rounds that alternate between the cases, so that noise hits all alike. */

export interface Row {
  readonly case: string;
  readonly value: string;
  /** Against the peer that the benchmark names; empty for the peer itself. */
  readonly ratio: string;
  /** Fastest to slowest round, relative to the median. */
  readonly spread: string;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(): Promise<readonly Row[]>;
}

/** One way of doing the work: returns how long it took, in milliseconds, without its own preparation. */
export interface Case {
  readonly name: string;
  once(): Promise<number> | number;
}

export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly spread: string;
}

/** Runs each case once unmeasured, then `rounds` times in turns. */
export async function timed(cases: readonly Case[], rounds = 5): Promise<Timing[]> {
  for (const one of cases) await one.once();
  const times = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, one] of cases.entries()) times[i]!.push(await one.once());
  return cases.map(({ name }, i) => {
    const sorted = times[i]!.sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    const spread = `${(sorted[0]! / median).toFixed(2)}–${(sorted.at(-1)! / median).toFixed(2)}`;
    return { name, median, spread };
  });
}

export async function stopwatch(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Bytes alive now, inside and outside the garbage-collected heap. */
export function liveBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run this with node --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export function rate(count: number, milliseconds: number): string {
  return `${Math.round((count / milliseconds) * 1000).toLocaleString('en-US')}/s`;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const columns = ['case', 'value', 'ratio', 'spread'] as const;
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  console.log(`\n### ${title}\n`);
  console.log(line(columns));
  console.log(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  for (const row of rows) console.log(line(columns.map((column) => row[column])));
}
