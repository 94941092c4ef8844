/** What `dvm sim` is asked for, checked. */

import { CHECKERS } from '../../sim/checkers/all.ts';
import { OTHER_FAILURES } from '../../sim/failure.ts';
import { FAULT_KINDS, FAULTS, type FaultKind } from '../../sim/faults.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import type { Wishes } from '../../sim/scenario.ts';
import { UsageError } from '../../src/errors.ts';
import { nearest } from '../../src/isa/assembly/suggest.ts';
import { wholeNumber } from '../values.ts';

/** As commander gives them. */
export interface SimFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly time?: string;
  readonly jobs?: string;
  readonly nodes?: string;
  readonly rcomps?: string;
  readonly homes?: string;
  readonly faults?: string;
  readonly faultRate?: string;
  readonly fuel?: string;
  readonly mode?: 'safety' | 'liveness' | 'exhaustive';
  readonly mutate?: string;
  readonly replay?: string;
  readonly until?: string;
  readonly step?: boolean;
  readonly diff?: string;
  /** `--no-minimize` makes it false. */
  readonly minimize: boolean;
  readonly report?: string;
  readonly expect: readonly string[];
  readonly confluent?: boolean;
  readonly listInvariants?: boolean;
  readonly listFaults?: boolean;
  readonly listMutations?: boolean;
  readonly json?: boolean;
}

/** Which seeds are run: from `first` on, so many, or for so long. */
export interface Seeds {
  readonly first: number;
  readonly count: number;
  /** Milliseconds; Infinity: until all are run. */
  readonly time: number;
}

/** Seeds that are run where nobody says how many. */
const USUAL = 500;
const HIGHEST = 2 ** 32 - 1;
/** Fresh ones lie below: there is always room for more. */
const FRESH = 2 ** 31;

/** `now`: where to begin if nobody says so. */
export function seedsOf({ seed, seeds, time }: SimFlags, now: number): Seeds {
  const first = seed === undefined ? now % FRESH : bounded('--seed', seed, 0, HIGHEST);
  const left = HIGHEST + 1 - first;
  const alone = seed !== undefined && seeds === undefined && time === undefined;
  const usual = alone ? 1 : time === undefined ? USUAL : left;
  return {
    first,
    count: seeds === undefined ? Math.min(usual, left) : bounded('--seeds', seeds, 1, left),
    time: time === undefined ? Number.POSITIVE_INFINITY : durationOf(time),
  };
}

/** Milliseconds; null: nobody says how long. */
export function timeOf({ time }: Pick<SimFlags, 'time'>): number | null {
  return time === undefined ? null : durationOf(time);
}

export function fuelOf({ fuel }: SimFlags): number | null {
  return fuel === undefined ? null : bounded('--fuel', fuel, 1, Number.MAX_SAFE_INTEGER);
}

/** What says nothing beside something else is a mistake, and not passed over. Throws a `UsageError`. */
export function checkTogether(file: string | undefined, flags: SimFlags): void {
  const given = (options: Options) =>
    Object.entries(options).find(([name]) => isGiven(flags[name as keyof SimFlags]))?.[1];
  const ofProgram = given(OF_A_PROGRAM);
  if (file === undefined && flags.replay === undefined && ofProgram !== undefined)
    throw new UsageError(`${ofProgram} is about a program`, `name its file: dvm sim FILE ${ofProgram} …`);
  const ofReplay = given(OF_A_REPLAY);
  if (flags.replay === undefined && ofReplay !== undefined)
    throw new UsageError(`${ofReplay} is about a trace`, `name it: dvm sim --replay TRACE ${ofReplay} …`);
  const unminimised = flags.minimize ? undefined : '--no-minimize';
  const drawn = given(DRAWN) ?? given(SEEDS) ?? (flags.time === undefined ? undefined : '--time');
  if (flags.replay !== undefined && (drawn !== undefined || flags.mode !== undefined))
    throw new UsageError(
      `${drawn ?? '--mode'} says nothing beside --replay`,
      'all that a run draws stands in its trace, and may be edited there',
    );
  if (flags.replay !== undefined && unminimised !== undefined)
    throw new UsageError(`${unminimised} says nothing beside --replay`, 'a trace is run as it is');
  if (flags.mode !== 'exhaustive') return;
  const seeded = given(SEEDS) ?? given({ ...WEATHER, report: '--report' }) ?? unminimised;
  if (seeded !== undefined)
    throw new UsageError(
      `${seeded} says nothing beside --mode exhaustive`,
      'there is one node, nothing goes wrong, and every order of its messages is tried; the first that fails is printed',
    );
  const sized = given(SIZES);
  if (file === undefined && sized !== undefined)
    throw new UsageError(
      `${sized} says nothing beside --mode exhaustive without a program`,
      `the small programs have their own: dvm sim FILE --mode exhaustive ${sized} …`,
    );
}

type Options = Partial<Record<keyof SimFlags, string>>;

const OF_A_PROGRAM: Options = { expect: '--expect', confluent: '--confluent', fuel: '--fuel' };
const OF_A_REPLAY: Options = { until: '--until', step: '--step', diff: '--diff' };
const SEEDS: Options = { seed: '--seed', seeds: '--seeds', jobs: '--jobs' };
const SIZES: Options = { rcomps: '--rcomps', homes: '--homes' };
const WEATHER: Options = { nodes: '--nodes', faults: '--faults', faultRate: '--fault-rate' };
const DRAWN: Options = {
  ...SIZES,
  ...WEATHER,
  fuel: '--fuel',
  confluent: '--confluent',
};

function isGiven(flag: SimFlags[keyof SimFlags]): boolean {
  return Array.isArray(flag) ? flag.length > 0 : flag !== undefined;
}

export function wishesOf({ nodes, rcomps, homes, faults, faultRate, mode }: SimFlags): Wishes {
  return {
    ...(nodes !== undefined && { nodes: bounded('--nodes', nodes, 1, 4096) }),
    ...(rcomps !== undefined && { rcomps: bounded('--rcomps', rcomps, 1, 64) }),
    ...(homes !== undefined && { homes: bounded('--homes', homes, 1, 4096) }),
    ...(faults !== undefined && { faults: faultsOf(faults) }),
    ...(faultRate !== undefined && { faultRate: rateOf(faultRate) }),
    ...(mode === 'liveness' && { liveness: true }),
  };
}

export function mutationsOf({ mutate }: SimFlags): string[] {
  const known = Object.keys(MUTATIONS);
  if (mutate === undefined) return [];
  return listOf('--mutate', mutate, '--list-mutations').map((name) =>
    oneOf('--mutate', name, 'planted bug', known, '--list-mutations'),
  );
}

export function jobsOf({ jobs }: SimFlags, cores: number): number {
  return jobs === undefined ? cores : bounded('--jobs', jobs, 1, 256);
}

export function stepOf({ until }: SimFlags): number {
  return until === undefined
    ? Number.POSITIVE_INFINITY
    : bounded('--until', until, 1, Number.MAX_SAFE_INTEGER);
}

/** A name and a sentence a line, whatever was asked for; null if nothing was. */
export function listing({ listInvariants, listFaults, listMutations, json }: SimFlags): string | null {
  const lists = [
    ...(listInvariants === true
      ? [...CHECKERS.map(({ id, sentence }) => [id, sentence] as const), ...Object.entries(OTHER_FAILURES)]
      : []),
    ...(listFaults === true ? FAULT_KINDS.map((kind) => [kind, FAULTS[kind]] as const) : []),
    ...(listMutations === true
      ? Object.entries(MUTATIONS).map(([name, { sentence }]) => [name, sentence] as const)
      : []),
  ];
  if (lists.length === 0) return null;
  if (json === true) return `${JSON.stringify(lists.map(([name, sentence]) => ({ name, sentence })))}\n`;
  const width = Math.max(...lists.map(([name]) => name.length));
  return lists.map(([name, sentence]) => `${name.padEnd(width)}  ${sentence}\n`).join('');
}

function faultsOf(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS;
  if (text === 'none') return [];
  return listOf('--faults', text, '--list-faults').map(
    (name) => oneOf('--faults', name, 'fault', FAULT_KINDS, '--list-faults') as FaultKind,
  );
}

function listOf(option: string, text: string, lists: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.includes('')) return names;
  throw new UsageError(
    `${option} ${text === '' ? '""' : text}: names with commas between are expected`,
    `dvm sim ${lists} names them`,
  );
}

function oneOf(option: string, name: string, what: string, known: readonly string[], lists: string): string {
  if (known.includes(name)) return name;
  const meant = nearest(name, known);
  throw new UsageError(
    `${option} ${name}: there is no such ${what}`,
    meant === null ? `dvm sim ${lists} names them` : `did you mean ${meant}?`,
  );
}

function bounded(option: string, text: string, least: number, most: number): number {
  const value = wholeNumber(option, text);
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} ${text}: from ${least} to ${most} is expected`);
}

function rateOf(text: string): number {
  const value = /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 20) return value;
  throw new UsageError(
    `--fault-rate ${text}: a number from 0 to 20 is expected`,
    'as in 0.5, half as often as usual',
  );
}

/** `10m`, `30s`, `1h`, `500ms`; in milliseconds. */
function durationOf(text: string): number {
  const [, number, unit] = /^([0-9]*\.?[0-9]+)(ms|s|m|h)$/.exec(text) ?? [];
  const value = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (value > 0) return value;
  throw new UsageError(`--time ${text}: a duration is expected`, 'as in 30s, 10m or 1h');
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
