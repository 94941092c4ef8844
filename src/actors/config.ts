/** The settings of one machine: every knob, with its default. */

import type { Range } from '../memory/ranges.ts';

export interface MachineConfig {
  readonly regionBoundary: number;
  /** Bytes a page; a power of two from 16 up. */
  readonly pageSize: number;
  /** Nodes that the RComps and homes are spread over. */
  readonly nodes: number;
  /** RComps of all nodes. */
  readonly rcomps: number;
  readonly homes: number;
  /** Nodes that keep a home's pages, as far as there are so many; with 1, pages stay where they are at first. */
  readonly replicas: number;
  /** The master's node keeps all pages, with others: its log is made of what is staged there. */
  readonly keepsAll: boolean;
  /** Whether the loser of a conflict runs again by itself or ends with `conflict`. */
  readonly onConflict: 'retry' | 'abort';
  /** Every runner is serializable, not only those that ask for it. */
  readonly serializable: boolean;
  /** Reads outside the declared ranges extend the snapshot instead of faulting. */
  readonly lazyReads: boolean;
  /** Commit order by rounds and the runner tree instead of by arrival. */
  readonly deterministic: boolean;
  /** Instructions a runner may execute. */
  readonly fuel: number;
  /** Instructions an RComp executes between two looks into its mailbox. */
  readonly slice: number;
  /** What executes attempts: translated code in threads, or the interpreter in the RComps themselves. */
  readonly engine: 'wasm' | 'interpreter';
  /** Instructions of an attempt that its RComp executes by itself before it hands the attempt to a thread. */
  readonly prelude: number;
  /** Seed that the runners' `ctx.seed` derives from, 64 bits. */
  readonly seed: bigint;
  readonly limits: Limits;
  /** Lost attempts after which a runner is starving. */
  readonly starvingAfter: number;
  /** Deaths of a compartment under one runner that fault it. */
  readonly compartmentDeaths: number;
  /** Bytes of superseded page versions that homes may keep for live snapshots. */
  readonly versionBytes: number;
  /** Bytes of pages that an agent caches. */
  readonly cacheBytes: number;
  /** Bytes of pages that go at once to a replica that copies; one page goes at the least. */
  readonly copyBytes: number;
  /** Runners that an agent holds ready beyond those that it runs. */
  readonly dispatchAhead: number;
  /** The timer ticks: a watcher of its system word keeps the program alive. */
  readonly ticks: boolean;
  /** RComps report every load they made in their trace event; for checkers. */
  readonly observeLoads: boolean;
}

export interface Limits {
  /** Children a runner. */
  readonly children: number;
  /** Ranges a runner, heap and watched together, counted as given. */
  readonly ranges: number;
  /** Bytes of private memory a runner may touch. */
  readonly privateBytes: number;
  /** Runners and watchers alive at once in the whole machine. */
  readonly runners: number;
}

export const DEFAULT_CONFIG: MachineConfig = {
  regionBoundary: 0x4_0000_0000,
  pageSize: 4096,
  nodes: 1,
  rcomps: 4,
  homes: 2,
  replicas: 1,
  keepsAll: false,
  onConflict: 'retry',
  serializable: false,
  lazyReads: false,
  deterministic: false,
  fuel: Number.MAX_SAFE_INTEGER,
  slice: 10_000,
  engine: 'interpreter',
  prelude: 4096,
  seed: 0n,
  limits: { children: 65_536, ranges: 4_096, privateBytes: 2 ** 30, runners: 1_000_000 },
  starvingAfter: 8,
  compartmentDeaths: 3,
  versionBytes: 2 ** 30,
  cacheBytes: 2 ** 28,
  copyBytes: 2 ** 18,
  dispatchAhead: 32,
  ticks: false,
  observeLoads: false,
};

/** What lies where in the shared region before any runner has run; the same for every actor of a machine. */
export interface MemoryMap {
  /** Assembled bytes outside the entry's heap: readable by all, undeclared. United. */
  readonly assembled: readonly Range[];
  /** All assembled bytes. United. */
  readonly loaded: readonly Range[];
  /** Input files: readable by all, never written. */
  readonly files: readonly MappedFile[];
  /** Output files: ordinary memory whose committed bytes also reach a file. */
  readonly outputs: readonly MappedFile[];
  readonly streams: readonly StreamRange[];
}

export interface MappedFile extends Range {
  /** Id of the I/O actor that reads or writes the file. */
  readonly io: number;
}

/** An input stream: three words, then from +64 a ring of `length − 64` bytes. */
export interface StreamRange extends Range {
  readonly io: number;
}
