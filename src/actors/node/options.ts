/** What a caller may ask of a machine, and the check that it can be. */

import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { UsageError } from '../../errors.ts';
import { layoutOf } from '../../isa/layout.ts';
import { DEFAULT_CONFIG, type Limits, type MachineConfig } from '../config.ts';

export interface MachineOptions {
  /** What executes runners: translated code in threads of its own, or the interpreter in this one. Default `wasm`. */
  readonly engine?: 'wasm' | 'interpreter';
  /** Instructions of a runner that are executed in this thread before one of its own takes over. Default 256. */
  readonly prelude?: number;
  /** Runner compartments (RComps): how many runners run at once. Default: one a core, and 4 for the interpreter. */
  readonly rcomps?: number;
  /** Actors that keep pages. Default 2. */
  readonly homes?: number;
  /** What becomes of the loser of a conflict. Default `retry`. */
  readonly onConflict?: 'retry' | 'abort';
  /** Every runner is serializable. Default: those that ask for it. */
  readonly serializable?: boolean;
  /** Reads outside the declared ranges extend the snapshot. Default: they fault. */
  readonly lazyReads?: boolean;
  /** Commits are ordered by the tree of runners, in rounds. Default: by arrival. */
  readonly deterministic?: boolean;
  /** Instructions a runner may execute. Default: no bound. */
  readonly fuel?: number;
  /** 64 bits that the runners' seeds derive from. Default 0. */
  readonly seed?: bigint;
  readonly limits?: Partial<Limits>;
  /** Bytes a page, a power of two from 16 up. Default 4096. */
  readonly pageSize?: number;
  /** Bytes of superseded pages that may be kept for running snapshots. Default 1 GiB. */
  readonly versionBytes?: number;
  /** Files or bytes that are mapped read-only. */
  readonly inputs?: readonly InputMapping[];
  /** Ranges whose committed bytes reach a file. */
  readonly outputs?: readonly OutputMapping[];
  readonly stdin?: StreamMapping;
  /** Where runners' standard output goes. Default: into the report. */
  readonly stdout?: Writable;
  /** Where runners' standard error goes. Default: into the report. */
  readonly stderr?: Writable;
  /** Milliseconds between two timer ticks, a system word. Default: no ticks. */
  readonly tick?: number;
}

export interface InputMapping {
  readonly base: number;
  /** A path, or the bytes themselves. */
  readonly file: string | Uint8Array;
}

export interface OutputMapping {
  readonly base: number;
  /** In bytes; the file is as long. */
  readonly length: number;
  /** A path; the file is created, or emptied when the run begins. */
  readonly file: string;
}

/** An input stream: three words, then from +64 a ring of `length − 64` bytes. */
export interface StreamMapping {
  readonly base: number;
  readonly length: number;
  readonly source: Readable;
}

/** An option that is out of bounds, apart from what is wrong with it: a command has its own names for options. */
export class OptionError extends UsageError {
  readonly option: string;
  /** As in `must be a power of two`. */
  readonly problem: string;

  constructor(option: string, problem: string) {
    super(`${option} ${problem}`);
    this.option = option;
    this.problem = problem;
  }
}

/** Every name there is: a misspelt option must not be ignored. */
const OPTIONS: Readonly<Record<keyof MachineOptions, true>> = {
  engine: true,
  prelude: true,
  rcomps: true,
  homes: true,
  onConflict: true,
  serializable: true,
  lazyReads: true,
  deterministic: true,
  fuel: true,
  seed: true,
  limits: true,
  pageSize: true,
  versionBytes: true,
  inputs: true,
  outputs: true,
  stdin: true,
  stdout: true,
  stderr: true,
  tick: true,
};

/** Throws `OptionError`. */
export function configOf(options: MachineOptions, regionBoundary: number): MachineConfig {
  mustBeKnown('', options, OPTIONS);
  mustBeKnown('limits.', options.limits ?? {}, DEFAULT_CONFIG.limits);
  const { inputs, outputs, stdin, stdout, stderr, tick, limits, ...settings } = options;
  const config: MachineConfig = {
    ...DEFAULT_CONFIG,
    engine: 'wasm',
    ...(settings.engine !== 'interpreter' && { rcomps: availableParallelism() }),
    ...defined(settings),
    limits: { ...DEFAULT_CONFIG.limits, ...defined(limits ?? {}) },
    regionBoundary,
    ticks: tick !== undefined,
  };
  within('rcomps', config.rcomps, 1, 4096);
  within('homes', config.homes, 1, 4096);
  within('prelude', config.prelude, 0, Number.MAX_SAFE_INTEGER);
  within('fuel', config.fuel, 1, Number.MAX_SAFE_INTEGER);
  within('versionBytes', config.versionBytes, 0, Number.MAX_SAFE_INTEGER);
  within('limits.children', config.limits.children, 0, 2 ** 32);
  const { heapList, registers } = layoutOf(regionBoundary);
  // A runner's list of heap ranges ends where the register words begin.
  within('limits.ranges', config.limits.ranges, 0, (registers - heapList) / 16);
  within('limits.privateBytes', config.limits.privateBytes, 0, Number.MAX_SAFE_INTEGER);
  within('limits.runners', config.limits.runners, 1, Number.MAX_SAFE_INTEGER);
  within('pageSize', config.pageSize, 16, 2 ** 20);
  if (tick !== undefined) within('tick', tick, 1, 2 ** 31 - 1);
  if (!Number.isInteger(Math.log2(config.pageSize)))
    throw new OptionError('pageSize', 'must be a power of two');
  if (typeof config.seed !== 'bigint' || BigInt.asUintN(64, config.seed) !== config.seed)
    throw new OptionError('seed', 'must be a bigint of 64 bits, unsigned');
  if (!['retry', 'abort'].includes(config.onConflict))
    throw new OptionError('onConflict', `must be retry or abort, not ${config.onConflict}`);
  if (!['wasm', 'interpreter'].includes(config.engine))
    throw new OptionError('engine', `must be wasm or interpreter, not ${config.engine}`);
  return config;
}

function within(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new OptionError(name, `must be a whole number from ${least} to ${most}, not ${value}`);
}

/** Without what is explicitly undefined, so that it does not hide a default. */
function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function mustBeKnown(prefix: string, given: object, known: object): void {
  const stranger = Object.keys(given).find((name) => !(name in known));
  if (stranger !== undefined)
    throw new OptionError(prefix + stranger, `is no option; there are ${Object.keys(known).join(', ')}`);
}
