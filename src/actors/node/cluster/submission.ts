/** A program on its way to a DVM, with all that it is to be run with. */

import type { Range } from '../../../memory/ranges.ts';
import type { MachineOptions } from '../options.ts';
import {
  bytes,
  choice,
  count,
  flag,
  list,
  nullable,
  type Schema,
  struct,
  text,
  word,
} from '../wire/schema.ts';

/** As `MachineOptions`, without what belongs to the client's own process; null: the default. */
export interface Settings {
  readonly engine: 'wasm' | 'interpreter' | null;
  readonly prelude: number | null;
  readonly homes: number | null;
  readonly onConflict: 'retry' | 'abort' | null;
  readonly serializable: boolean | null;
  readonly lazyReads: boolean | null;
  readonly deterministic: boolean | null;
  readonly fuel: number | null;
  readonly seed: bigint | null;
  readonly pageSize: number | null;
  readonly versionBytes: number | null;
  readonly tick: number | null;
}

export interface LimitSettings {
  readonly children: number | null;
  readonly ranges: number | null;
  readonly privateBytes: number | null;
  readonly runners: number | null;
}

export interface Submission {
  /** Drawn by the client: said twice, it is one submission. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  /** A `.dvm` file. */
  readonly program: Uint8Array;
  readonly settings: Settings;
  readonly limits: LimitSettings;
  readonly inputs: readonly { readonly base: number; readonly bytes: Uint8Array }[];
  /** Standard input, which the client sends as it comes. */
  readonly stdin: Range | null;
}

/** Bytes of a program with all that is mapped into it; the rest of a submission is less than a mebibyte. */
export const MOST_SUBMITTED = 2 ** 30 - 2 ** 20;

const settings = struct<Settings>({
  engine: nullable(choice<'wasm' | 'interpreter'>()('wasm', 'interpreter')),
  prelude: nullable(count),
  homes: nullable(count),
  onConflict: nullable(choice<'retry' | 'abort'>()('retry', 'abort')),
  serializable: nullable(flag),
  lazyReads: nullable(flag),
  deterministic: nullable(flag),
  fuel: nullable(count),
  seed: nullable(word),
  pageSize: nullable(count),
  versionBytes: nullable(count),
  tick: nullable(count),
});

export const SUBMISSION: Schema<Submission> = struct<Submission>({
  key: text,
  name: text,
  program: bytes,
  settings,
  limits: struct<LimitSettings>({
    children: nullable(count),
    ranges: nullable(count),
    privateBytes: nullable(count),
    runners: nullable(count),
  }),
  inputs: list(struct({ base: count, bytes })),
  stdin: nullable(struct<Range>({ base: count, length: count })),
});

export function settingsOf(options: MachineOptions): Settings {
  return {
    engine: options.engine ?? null,
    prelude: options.prelude ?? null,
    homes: options.homes ?? null,
    onConflict: options.onConflict ?? null,
    serializable: options.serializable ?? null,
    lazyReads: options.lazyReads ?? null,
    deterministic: options.deterministic ?? null,
    fuel: options.fuel ?? null,
    seed: options.seed ?? null,
    pageSize: options.pageSize ?? null,
    versionBytes: options.versionBytes ?? null,
    tick: options.tick ?? null,
  };
}

export function limitsOf({ limits }: MachineOptions): LimitSettings {
  return {
    children: limits?.children ?? null,
    ranges: limits?.ranges ?? null,
    privateBytes: limits?.privateBytes ?? null,
    runners: limits?.runners ?? null,
  };
}

/** Page homes of a program that does not say how many: enough to spread them over some nodes. */
const HOMES = 16;

/** The options of the machine that runs it; streams are its host's to add. */
export function optionsOf({ settings, limits, inputs }: Submission): MachineOptions {
  return {
    homes: HOMES,
    ...given(settings),
    limits: given(limits),
    inputs: inputs.map(({ base, bytes }) => ({ base, file: bytes })),
  };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], null> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Given<T>;
}
