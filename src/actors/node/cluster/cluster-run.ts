/** One program on a DVM: its machine at the master's node, with whatever other nodes have to do with it. */

import { PassThrough } from 'node:stream';
import { UsageError } from '../../../errors.ts';
import { invariant } from '../../../invariant.ts';
import type { Program } from '../../../isa/program.ts';
import { readProgram } from '../../../isa/program-file.ts';
import { DEFAULT_PAGE_SIZE } from '../../../memory/directory.ts';
import { PageSet } from '../../../memory/page-set.ts';
import type { Version } from '../../../memory/version.ts';
import { type Address, addressOf } from '../../address.ts';
import { STANDARD_IO } from '../../boot.ts';
import type { Epoch } from '../../control-block.ts';
import { MASTER_NODE, memberOf } from '../../placement.ts';
import { type Places, placesAtFirst } from '../../places.ts';
import type { SchedulingPolicy } from '../../scheduling-policy.ts';
import type { Begun, Keeping } from '../company.ts';
import type { Message } from '../host.ts';
import { Machine, type SystemWord } from '../machine.ts';
import type { RunReport } from '../run-report.ts';
import { RunnerCounts } from '../runner-counts.ts';
import type { ToNode } from '../wire/control.ts';
import type { Letter } from '../wire/wire.ts';
import { beforeOf } from './before.ts';
import { Checkpointer } from './checkpointer.ts';
import { type FollowedChannel, Followers, type Had } from './followers.ts';
import { LogJournal } from './log-journal.ts';
import { Observation, type RunStatistics, type TraceState, type Wishes } from './observation.ts';
import { Spool } from './spool.ts';
import type { Store } from './store.ts';
import { optionsOf, type Submission } from './submission.ts';

export interface RunHost {
  /** RComps of the master's node. */
  readonly rcomps: number;
  /** Nodes that keep each page. */
  readonly replicas: number;
  /** Empty; becomes the run's own. */
  readonly policy: SchedulingPolicy;
  /** Nodes that may take part. */
  members(): readonly number[];
  post(node: number, letter: Letter): void;
  /** An RComp or a compartment has died; its runner runs again. */
  onLoss(what: string, error: unknown): void;
}

export interface ProgramToRun {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly submitted: number;
  readonly submission: Submission;
  /**
   * No other process has had it. Danger: one that had may have taken input, and sent attempts out, though nothing of that was
   * decided.
   */
  readonly isNew: boolean;
}

/** What outlives this process, of one run. */
export interface KeptRun {
  readonly store: Store;
  /** Steps of the log from one checkpoint to the next: a restart decides so many again at most. */
  readonly period: number;
  /** The log takes no more: what is told to the outside stops. */
  onFailure(error: Error): void;
}

export type RunState = 'running' | 'ended' | 'broken';

export class ClusterRun {
  readonly id: number;
  /** Of its submission: who has brought it names it, so that no other program is taken for it. */
  readonly key: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly submitted: number;
  /** The same; 0 while it runs. */
  ended = 0;
  /** When its memory was read last; 0: never. */
  lastRead = 0;
  /** Under which its decisions are kept. */
  readonly epoch: Epoch;
  readonly #followers = new Followers((channel) => this.spool(channel));
  readonly stdout: Spool;
  readonly stderr: Spool;
  /** Where its standard input comes in; null: it has none. */
  readonly stdin: PassThrough | null;
  readonly counts: RunnerCounts;
  /** Null: its client has not asked for it, or an earlier process was asked. */
  readonly #observation: Observation | null;
  readonly #host: RunHost;
  /** As a `.dvm` file, and read. */
  readonly #program: Uint8Array;
  readonly #read: Program;
  /** Null: its memory is let go, and all that hangs on it. */
  #machine: Machine | null;
  /** The newest version, of one that is let go. */
  #version: Version = 0;
  readonly #cancelled = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** Those that it has come to have in memory: of its image, its inputs, and what commits have written. */
  readonly #pages: PageSet;
  #begun: Begun | null = null;
  #places: Places | null = null;
  /** Whoever makes checkpoints begins with the run. */
  #follow: (begun: Begun) => void = () => {};
  /** Nodes that were told to take part. */
  readonly #nodes = new Set<number>();
  #started: () => void = () => {};
  /** Fulfilled when nothing can be refused any more. */
  readonly started = new Promise<void>((resolve) => {
    this.#started = resolve;
  });
  #over: () => void = () => {};
  /** Fulfilled when nothing of it is executed any more, and nodes have told what it has cost them. */
  readonly over = new Promise<void>((resolve) => {
    this.#over = resolve;
  });
  #ends: () => void = () => {};
  /** Fulfilled when nobody keeps anything of it any more. */
  readonly #closed = new Promise<void>((resolve) => {
    this.#ends = resolve;
  });
  #state: RunState = 'running';
  #report: RunReport | null = null;
  #statistics: RunStatistics | null = null;
  #error = '';

  private constructor(
    id: number,
    submitted: number,
    submission: Submission,
    host: RunHost,
    keeping: Keeping | null,
    wishes: Wishes,
  ) {
    const read = readProgram(submission.program);
    if (!read.ok) throw new UsageError(`that is no program: ${read.error.message}`);
    this.id = id;
    this.submitted = submitted;
    this.key = submission.key;
    this.name = submission.name;
    this.epoch = keeping?.epoch ?? 0;
    this.#host = host;
    this.#program = submission.program;
    this.#read = read.program;
    this.stdout = new Spool(() => this.#tell());
    this.stderr = new Spool(() => this.#tell());
    this.stdin = submission.stdin === null ? null : new PassThrough();
    this.#observation =
      wishes.stats || wishes.trace
        ? new Observation(wishes, {
            onNews: () => this.#tell(),
            isTaken: () => this.#followers.take('trace'),
            congested: (changes) => this.#congested(changes),
          })
        : null;
    const options = optionsOf(submission);
    const machine = new Machine(
      read.program,
      {
        ...options,
        stdout: this.stdout,
        stderr: this.stderr,
        ...(submission.stdin !== null && { stdin: { ...submission.stdin, source: this.stdin! } }),
      },
      {
        company: {
          rcomps: host.rcomps,
          replicas: host.replicas,
          policy: host.policy,
          keeping,
          abroad: {
            isAbroad: (to) => memberOf(to) !== MASTER_NODE,
            send: (to, message) => {
              this.#observation?.meter.sent(to, message);
              host.post(memberOf(to), this.#letter(to, message));
            },
          },
          begun: (begun) => {
            this.#begun = begun;
            this.#follow(begun);
            this.#started();
            for (const node of host.members()) this.#admit(node);
          },
          over: () => void this.#rest(),
        },
        ...(this.#observation && { onDispatch: this.#observation.meter.heard }),
        onRCompLost: (error) => host.onLoss('RComp', error),
        onCompartmentLost: (error) => host.onLoss('compartment', error),
      },
    );
    this.#machine = machine;
    this.counts = new RunnerCounts(machine);
    this.#observation?.follow(machine);
    this.#pages = new PageSet(options.pageSize ?? DEFAULT_PAGE_SIZE);
    for (const { address, bytes } of read.program.sections)
      this.#pages.addRange({ base: address, length: bytes.length });
    for (const { base, bytes } of submission.inputs) this.#pages.addRange({ base, length: bytes.length });
    for (const { page } of keeping?.before?.from?.pages ?? []) this.#pages.add(page);
    machine.on('commit', ({ spans }) => {
      for (const span of spans) this.#pages.addRange(span);
    });
    machine.on('places', ({ places }) => {
      this.#places = places;
    });
  }

  /**
   * `kept`: where its decisions go, and what earlier processes have decided; null: they end with this one. `wishes`: what
   * its client wants to know of it. Rejects with `UsageError` for what is no program, or cannot be run.
   */
  static async create(
    { id, submitted, submission, isNew }: ProgramToRun,
    host: RunHost,
    kept: KeptRun | null,
    wishes: Wishes,
  ): Promise<ClusterRun> {
    if (kept === null) return new ClusterRun(id, submitted, submission, host, null, wishes);
    const { store, period, onFailure } = kept;
    const log = store.logOf(id);
    const epoch = await log.claim();
    const journal = new LogJournal(log, epoch, onFailure);
    const { before, steps, saved } = await beforeOf(store, id);
    const keeping = { journal, epoch, before: isNew ? null : before };
    const run = new ClusterRun(id, submitted, submission, host, keeping, wishes);
    for (const { io, offset } of before.outputs) run.#spoolOf(io).resume(offset);
    run.#follow = ({ config, ios }) => {
      const checkpointer = new Checkpointer({
        program: run.#read,
        config,
        ios,
        before,
        steps,
        saved,
        period,
        fetched: (io) => run.#spoolOf(io).forgotten,
        onFailure: (error) => host.onLoss('checkpoints', error),
        save: (checkpoint) => store.saveCheckpoint(id, epoch, checkpoint).catch(onFailure),
      });
      journal.onStep = (records) => checkpointer.heed(records);
    };
    return run;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Null until it has ended. */
  get report(): RunReport | null {
    return this.#report;
  }

  /** What it has cost; null: it has not ended, or nobody has counted it from its beginning. */
  get statistics(): RunStatistics | null {
    return this.#statistics;
  }

  get traceState(): TraceState {
    return this.#observation?.traceState ?? 'none';
  }

  /** What is broken, in dvm itself; empty otherwise. */
  get error(): string {
    return this.#error;
  }

  /** Who keeps its pages; null: its machine has not begun. */
  get places(): Places | null {
    return this.#places ?? (this.#begun && placesAtFirst(this.#begun.config));
  }

  /** Bytes of its memory that are kept, each page counted once. */
  get memoryBytes(): number {
    return this.isLetGo ? 0 : this.#pages.bytes;
  }

  /** Whether its memory is kept no more. */
  get isLetGo(): boolean {
    return this.#machine === null;
  }

  /** Null: its memory is kept no more. */
  get machine(): Machine | null {
    return this.#machine;
  }

  /** The newest version. */
  get version(): Version {
    return this.#machine?.version ?? this.#version;
  }

  /** Runs it. Rejects with `UsageError` if it cannot be run after all; nothing has run then. */
  async run(): Promise<void> {
    try {
      const machine = this.#machine;
      invariant(machine !== null, 'what is let go has ended');
      const report = await machine.run({ signal: this.#cancelled.signal });
      await this.over;
      this.#statistics = (await this.#observation?.end(machine)) ?? null;
      this.#report = report;
      this.#state = 'ended';
    } catch (error) {
      this.#state = 'broken';
      this.#error = error instanceof Error ? error.message : String(error);
      if (error instanceof UsageError) throw error;
    } finally {
      this.ended = Date.now();
      // What is broken answers nothing any more.
      if (this.#state === 'broken') this.#end();
      this.#tell();
    }
  }

  cancel(): void {
    // What it has put out may wait for ever to be fetched, and its end with it.
    this.abandon();
    this.#cancelled.abort();
  }

  /** Nothing waits any more for what it has put out to be fetched; it is kept all the same. */
  abandon(): void {
    this.stdout.abandon();
    this.stderr.abandon();
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** What comes through a channel; null: nothing does. */
  spool(channel: FollowedChannel): Spool | null {
    return channel === 'trace' ? (this.#observation?.trace ?? null) : this[channel];
  }

  /** Somebody follows it, and says what it has by changing `had` and calling the first result; the second ends that. */
  follow(had: Had): { readonly fetched: () => void; readonly end: () => void } {
    this.#followers.add(had);
    return {
      fetched: () => this.#followers.fetched(),
      end: () => {
        this.#followers.delete(had);
        this.#observation?.left();
      },
    };
  }

  /** Calls `listener` when there is something to fetch or the run has ended; the result ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A node has come: it takes part from now on, and whoever watches for that hears of it. */
  open(node: number): void {
    if (this.#admit(node)) this.#signal('nodesJoined');
  }

  #signal(word: SystemWord): void {
    if (this.#state === 'running') this.#machine?.raise(word);
  }

  /** Whether it takes part now and did not before. */
  #admit(node: number): boolean {
    if (this.#begun === null || this.#nodes.has(node)) return false;
    this.#nodes.add(node);
    const { config, ios } = this.#begun;
    const observed = this.#observation !== null;
    this.#say(node, { type: 'open', run: this.id, program: this.#program, config, ios, observed });
    return true;
  }

  /** Fulfilled when nothing of the run is left at the node. */
  async leave(node: number): Promise<void> {
    if (this.#begun === null || !this.#nodes.has(node)) return;
    await Promise.race([this.#begun.leave(node), this.#closed]);
    if (this.#observation !== null && this.#nodes.has(node)) {
      this.#say(node, { type: 'rest', run: this.id });
      await Promise.race([this.#observation.told(node), this.#closed]);
    }
    if (!this.#nodes.delete(node)) return;
    this.#close(node);
    this.#signal('nodesLeft');
  }

  /** The node is gone, and what it ran. */
  lost(node: number): void {
    if (!this.#nodes.delete(node)) return;
    this.#observation?.lost(node);
    this.#begun?.lost(node);
    this.#signal('nodesLeft');
  }

  /** A node tells of what happens there, or of what has. */
  observed(node: number, message: Extract<ToNode, { type: 'started' | 'spent' }>): void {
    if (!this.#nodes.has(node)) return;
    if (message.type === 'spent') this.#observation?.spent(node, message.tally);
    else {
      const { attempt, sv, rcomp } = message;
      this.#observation?.started({ type: 'start', attempt, sv, rcomp });
    }
  }

  /** Something that it cannot go on without has failed. */
  fail(error: string): void {
    this.#begun?.deliver(addressOf('master'), { type: 'io-failed', io: 0, error });
  }

  /** An actor of another node says something. */
  deliver(to: Address, message: Message): void {
    this.#begun?.deliver(to, message);
  }

  /** As `Machine.read`, for somebody outside. */
  read(address: number, length: number): Promise<Uint8Array> {
    this.lastRead = Date.now();
    invariant(this.#machine !== null, 'what is let go is not read');
    return this.#machine.read(address, length);
  }

  /** It has ended, and nobody keeps its memory any more. What it has put out stays, and how it has ended. */
  async letGo(): Promise<void> {
    const machine = this.#machine;
    this.#version = this.version;
    this.#machine = null;
    // Whoever makes checkpoints has another copy of it, and the beginning of a resumed one.
    this.#follow = () => {};
    this.#end();
    this.#places = null;
    this.counts.stop();
    await machine?.[Symbol.asyncDispose]();
  }

  async dispose(): Promise<void> {
    this.#end();
    this.counts.stop();
    this.stdin?.destroy();
    this.stdout.destroy();
    this.stderr.destroy();
    this.#observation?.destroy();
    await this.#machine?.[Symbol.asyncDispose]();
  }

  /** Of a standard channel. */
  #spoolOf(io: number): Spool {
    const kind = STANDARD_IO[io];
    invariant(kind?.type === 'channel', 'only standard channels put out');
    return this[kind.channel];
  }

  #letter({ kind, id }: Address, message: Message): Letter {
    return { kind, run: this.id, id, message } as Letter;
  }

  /** Nothing of it is executed any more; its memory stays where it is, and can be read. */
  async #rest(): Promise<void> {
    const nodes = [...this.#nodes];
    for (const node of nodes) this.#say(node, { type: 'rest', run: this.id });
    const observation = this.#observation;
    if (observation !== null)
      await Promise.race([Promise.all(nodes.map((node) => observation.told(node))), this.#closed]);
    this.#over();
  }

  /** As an output does whose outside is full. No I/O actor has that number. */
  #congested(changes: number): void {
    if (this.#begun !== null)
      this.deliver(addressOf('master'), { type: 'congested', io: this.#begun.ios.length, changes });
  }

  #end(): void {
    for (const node of this.#nodes) this.#close(node);
    this.#nodes.clear();
    this.#begun = null;
    this.#over();
    this.#ends();
  }

  #close(node: number): void {
    this.#say(node, { type: 'close', run: this.id });
  }

  #say(node: number, message: ToNode): void {
    this.#host.post(node, { kind: 'node', run: 0, id: 0, message });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
