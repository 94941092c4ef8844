/** `dvm bench`: what the machine costs here, beside something that does the same work. */

import { BENCHMARKS } from '../../bench/benchmarks.ts';
import type { Settings } from '../../bench/measure.ts';
import { table } from '../../bench/table.ts';
import { UsageError } from '../../src/errors.ts';
import { nearest } from '../../src/isa/assembly/suggest.ts';
import { print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../values.ts';

export interface BenchFlags {
  readonly json?: boolean;
  readonly rounds?: string;
  readonly size?: string;
  readonly engine?: 'wasm' | 'interpreter';
  readonly rcomps?: string;
}

export async function bench(name: string | undefined, flags: BenchFlags): Promise<number> {
  if (name === undefined) {
    const width = Math.max(...BENCHMARKS.map((one) => one.name.length));
    for (const one of BENCHMARKS) print(`${one.name.padEnd(width)}  ${one.title}\n`);
    return EXIT.ok;
  }
  const benchmark = BENCHMARKS.find((one) => one.name === name);
  if (benchmark === undefined) throw unknown(name);
  const { rows, notes } = await benchmark.run(settingsOf(flags));
  if (flags.json === true) print(`${JSON.stringify({ name, rows })}\n`);
  else print(`${benchmark.title}\n\n${table(rows).join('\n')}\n`);
  for (const note of notes) say(`dvm: note: ${note}`);
  return EXIT.ok;
}

function settingsOf({ rounds, size, engine, rcomps }: BenchFlags): Settings {
  return {
    rounds: rounds === undefined ? 5 : atLeastOne('--rounds', rounds),
    size: size === undefined ? 1 : share(size),
    machine: {
      ...(engine !== undefined && { engine }),
      ...(rcomps !== undefined && { rcomps: atLeastOne('--rcomps', rcomps) }),
    },
  };
}

function atLeastOne(option: string, text: string): number {
  const value = wholeNumber(option, text);
  if (value >= 1) return value;
  throw new UsageError(`${option} ${text}: at least 1 is expected`);
}

function share(text: string): number {
  const value = /^[0-9.]+(e-?[0-9]+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`--size ${text}: a number above 0 is expected`, 'as in 0.01, a hundredth of the work');
}

function unknown(name: string): UsageError {
  const names = BENCHMARKS.map((one) => one.name);
  const meant = nearest(name, names);
  return new UsageError(
    `there is no benchmark ${name}`,
    meant === null ? `there are ${names.join(', ')}` : `did you mean ${meant}?`,
  );
}
