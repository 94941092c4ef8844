/** What the nodes of a cluster say to each other, beside what their actors do. */

import type { Limits, MachineConfig, MappedFile, StreamRange } from '../../config.ts';
import type { AttemptId } from '../../control-block.ts';
import type { IoKind } from '../../init.ts';
import type { Tally } from '../../tally.ts';
import { attempt } from './messages.ts';
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
      /** Its client wants to know what it costs, or its trace: the node says `started` and `spent`. */
      readonly observed: boolean;
    }
  /** Node → master's node: an attempt of an observed run starts there, on this RComp. */
  | {
      readonly type: 'started';
      readonly run: number;
      readonly attempt: AttemptId;
      readonly sv: number;
      readonly rcomp: number;
    }
  /** Node → master's node, as the answer to `rest`: what an observed run has cost there. */
  | { readonly type: 'spent'; readonly run: number; readonly tally: Tally }
  /** Master's node → node: nothing of the run is to be executed any more; its pages stay. */
  | { readonly type: 'rest'; readonly run: number }
  /** Master's node → node: these nodes are there, too; their links are there. */
  | {
      readonly type: 'peers';
      readonly peers: readonly { readonly node: number; readonly url: string }[];
    }
  /** Master's node → node: that node is not there any more. */
  | { readonly type: 'gone'; readonly node: number }
  /** Node → master's node: it has connections to all others that it was told of so far, which are these. */
  | { readonly type: 'met'; readonly peers: readonly number[] }
  /** Node → master's node: there is no connection to that node, at this URL or from there. */
  | { readonly type: 'cut-off'; readonly node: number; readonly url: string }
  /** Master's node → node: nobody needs anything of the run any more. */
  | { readonly type: 'close'; readonly run: number }
  /** Node → master's node: something of its own is broken, and with it the run. */
  | { readonly type: 'broken'; readonly run: number; readonly error: string }
  /** Node → master's node: it wants to leave; answered by `farewell`. Master's node → node: it is to. */
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
  replicas: count,
  keepsAll: flag,
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
  copyBytes: count,
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

const byKind = struct<Tally['messages']>({
  master: count,
  agent: count,
  rcomp: count,
  home: count,
  watcher: count,
  io: count,
});

const tally = struct<Tally>({
  attempts: count,
  instructions: count,
  translated: count,
  phases: struct<Tally['phases']>({
    wait: count,
    snapshot: count,
    translate: count,
    execute: count,
    fetch: count,
    stage: count,
    commit: count,
  }),
  messages: byKind,
  actors: byKind,
  memory: count,
});

export const toNode: Schema<ToNode> = variants<ToNode>({
  open: { run: count, program: bytes, config, ios: list(io), observed: flag },
  started: { run: count, attempt, sv: count, rcomp: count },
  spent: { run: count, tally },
  rest: { run: count },
  peers: { peers: list(struct({ node: count, url: text })) },
  gone: { node: count },
  met: { peers: list(count) },
  'cut-off': { node: count, url: text },
  close: { run: count },
  broken: { run: count, error: text },
  leave: {},
  farewell: {},
});
