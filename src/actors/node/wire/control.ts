/** What the nodes of a cluster say to each other, beside what their actors do. */

import type { Limits, MachineConfig, MappedFile, StreamRange } from '../../config.ts';
import type { IoKind } from '../../init.ts';
import { bytes, choice, count, flag, list, type Schema, struct, text, variants, word } from './schema.ts';

export type ToNode =
  /** Master's node → node: take part in this run; its actors hear and say what is said with this run's number. */
  | {
      readonly type: 'open';
      readonly run: number;
      /** A `.dvm` file. */
      readonly program: Uint8Array;
      readonly config: MachineConfig;
      readonly ios: readonly IoKind[];
    }
  /** Master's node → node: the run is over. */
  | { readonly type: 'close'; readonly run: number }
  /** Node → master's node: something of its own is broken, and with it the run. */
  | { readonly type: 'broken'; readonly run: number; readonly error: string }
  /** Node → master's node: it wants to leave; answered by `farewell`. */
  | { readonly type: 'leave' }
  /** Master's node → node: nothing is left there, and nothing comes any more. */
  | { readonly type: 'farewell' };

const limits = struct<Limits>({ children: count, ranges: count, privateBytes: count, runners: count });

const config = struct<MachineConfig>({
  regionBoundary: count,
  pageSize: count,
  nodes: count,
  rcomps: count,
  homes: count,
  onConflict: choice<MachineConfig['onConflict']>()('retry', 'abort'),
  serializable: flag,
  lazyReads: flag,
  deterministic: flag,
  fuel: count,
  slice: count,
  engine: choice<MachineConfig['engine']>()('wasm', 'interpreter'),
  prelude: count,
  seed: word,
  limits,
  starvingAfter: count,
  compartmentDeaths: count,
  versionBytes: count,
  cacheBytes: count,
  dispatchAhead: count,
  ticks: flag,
  observeLoads: flag,
});

const file = struct<MappedFile>({ base: count, length: count, io: count });

const io = variants<IoKind>({
  channel: { channel: choice<Extract<IoKind, { type: 'channel' }>['channel']>()('stdout', 'stderr') },
  'in-file': { file },
  'out-file': { file },
  stream: { stream: struct<StreamRange>({ base: count, length: count, io: count }) },
  signals: {},
});

export const toNode: Schema<ToNode> = variants<ToNode>({
  open: { run: count, program: bytes, config, ios: list(io) },
  close: { run: count },
  broken: { run: count, error: text },
  leave: {},
  farewell: {},
});
