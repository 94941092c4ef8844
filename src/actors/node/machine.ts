/** A DVM in this process: one program, run once on actors of its own. */

import { UsageError } from '../../errors.ts';
import { ADDRESS_LIMIT, SYSTEM_WORDS } from '../../isa/layout.ts';
import type { Program } from '../../isa/program.ts';
import { VALUE_TYPES, type ValueType } from '../../isa/value-type.ts';
import { type WordOf, wordsIn } from '../../isa/words.ts';
import { addressOfInit, type Birth, born, createActor } from '../actor.ts';
import { type Address, addressOf, nameOfAddress } from '../address.ts';
import { type Boot, BootError, boot } from '../boot.ts';
import type { MachineConfig } from '../config.ts';
import type { ControlBlock } from '../control-block.ts';
import type { Init } from '../init.ts';
import { createMaster, receiveAsMaster } from '../master.ts';
import type { ToClient, ToMaster } from '../protocol.ts';
import { Replayer } from '../replay.ts';
import type { Revived } from '../revived-actors.ts';
import { SIGNALS } from '../signals.ts';
import type { Summary } from '../summary.ts';
import type { TraceEvent } from '../trace-event.ts';
import type { Company } from './company.ts';
import type { Costs } from './compartments/costs.ts';
import type { ThreadPool } from './compartments/thread-pool.ts';
import { EventQueue } from './event-queue.ts';
import type { HostedKind, Message } from './host.ts';
import { configOf, type MachineOptions } from './options.ts';
import { Outside } from './outside.ts';
import { type RunReport, reportOf } from './run-report.ts';
import { Site } from './site.ts';
import { SnapshotReader } from './snapshot-reader.ts';

/** What `Machine.on` can be asked for: each `TraceEvent` by its type. */
export type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;

export interface RunOptions {
  /** Aborting it drops what runs and ends the run with the status `cancelled`; nothing is half committed. */
  readonly signal?: AbortSignal;
}

/** For tests and tools that look inside. */
export interface Observer {
  /** Gives an actor to an `Init`; a planted bug wraps `createActor`, the default. */
  readonly create?: (init: Init) => Birth;
  /** Sees every message as nact hands it to its actor. */
  readonly onDispatch?: (to: Address, message: Message) => void;
  /** An RComp has thrown; its runner runs again on a fresh one. */
  readonly onRCompLost?: (error: unknown, rcomp: Address) => void;
  /** The thread of a compartment has died; its runner runs again. `error` is null if it was killed. */
  readonly onCompartmentLost?: (error: Error | null, rcomp: Address) => void;
  /** A thread has been given an attempt; for tests that kill it. */
  readonly onExecute?: (rcomp: number, thread: { kill(): void }) => void;
  /** Where its threads come from; all machines of a process share one pool by default. */
  readonly pool?: ThreadPool;
  readonly company?: Company;
}

/** The system words that a caller may count up; each is watchable by runners. */
export type SystemWord = keyof typeof SYSTEM_WORDS;

export class Machine implements AsyncDisposable {
  readonly #program: Program;
  readonly #options: MachineOptions;
  readonly #config: MachineConfig;
  readonly #site: Site;
  readonly #reader: SnapshotReader;
  readonly #listeners = new Map<TraceEvent['type'], Set<(event: never) => void>>();
  readonly #company: Company | null;
  /** Whom to tell that a node has left, by its number. */
  readonly #leaving = new Map<number, () => void>();
  readonly #queues = new Set<{ end(): void }>();
  #outside: Outside | null = null;
  #state: 'new' | 'running' | 'ended' | 'disposed' = 'new';
  #finish: ((summary: Summary) => void) | null = null;
  #break: ((error: unknown) => void) | null = null;

  /** Throws `UsageError` if an option is out of bounds. Files are opened by `run`. */
  constructor(program: Program, options: MachineOptions = {}, observer: Observer = {}) {
    this.#program = program;
    this.#options = options;
    this.#company = observer.company ?? null;
    const config = configOf(options, program.regionBoundary);
    this.#config = this.#company === null ? config : inCompany(config, this.#company);
    this.#site = new Site({
      ...observer,
      ...(observer.company && { abroad: observer.company.abroad }),
      ...(observer.company?.keeping && { journal: observer.company.keeping.journal }),
      create: observer.create ?? ((init) => this.#create(init)),
      toDevice: (io, message) => this.#outside?.receive(io, message),
      toClient: (client, message) => this.#hear(client, message),
      onTrace: (event) => this.#emit(event),
      onBroken: (error) => this.#broken(error),
      onRCompLost: observer.onRCompLost ?? (() => {}),
      onCompartmentLost: observer.onCompartmentLost ?? (() => {}),
    });
    this.#reader = new SnapshotReader(this.#config, (to, message) => this.#site.send(to, message));
    this.on('commit', (event) => this.#reader.committed(event));
    this.on('places', ({ places }) => this.#reader.moved(places));
  }

  /**
   * Runs the program to its end, whatever that is: faults, waiting watchers and cancellation are told by the report.
   * Rejects with `UsageError` if a file cannot be opened or mapped (nothing has run then), and with an
   * `InvariantError` if the machine itself is broken. A machine runs once.
   */
  async run({ signal }: RunOptions = {}): Promise<RunReport> {
    if (this.#state !== 'new') throw new UsageError('a machine runs once: make another one');
    this.#state = 'running';
    const outside = await Outside.open(this.#program, this.#options, (io, message) =>
      this.#site.send(addressOf('io', io), message),
    );
    this.#outside = outside;
    if (this.#isDisposed()) {
      await outside.close();
      throw disposedError();
    }
    const actors = this.#plan(outside);
    await outside.begin();
    if (this.#isDisposed()) throw disposedError();
    const cancel = () => this.#site.send(addressOf('master'), { type: 'cancel' });
    const timer = this.#startTicking();
    try {
      const summary = await new Promise<Summary>((resolve, reject) => {
        this.#finish = resolve;
        this.#break = reject;
        this.#start(actors);
        if (signal?.aborted) cancel();
        signal?.addEventListener('abort', cancel);
      });
      return reportOf(this.#program, summary, outside.ios, outside.output);
    } finally {
      this.#finish = null;
      this.#break = null;
      this.#state = this.#state === 'running' ? 'ended' : this.#state;
      clearInterval(timer);
      signal?.removeEventListener('abort', cancel);
      outside.endInput();
      this.#site.rest();
      this.#company?.over();
      this.#endEvents();
    }
  }

  /** The newest version that is known to be decided; 0 is the loaded program. */
  get version(): number {
    return this.#reader.newest;
  }

  /**
   * Committed bytes at an address of the shared region, as of version `at` or of the newest one; during a run, too.
   * Rejects with `VersionGoneError` if that version is no longer kept, and with `UsageError` outside the region.
   */
  async read(address: number, length: number, { at }: { readonly at?: number } = {}): Promise<Uint8Array> {
    if (this.#state === 'new' || this.#state === 'disposed' || this.#outside === null)
      throw new UsageError(
        'there is memory to read from the start of the run until the machine is disposed of',
      );
    if (!Number.isSafeInteger(address) || !Number.isSafeInteger(length))
      throw new UsageError(`an address and a length are whole numbers, not ${address} and ${length}`);
    if (!(address >= this.#config.regionBoundary && length >= 0 && address + length <= ADDRESS_LIMIT))
      throw new UsageError(`0x${address.toString(16)} + ${length} bytes does not lie in the shared region`);
    if (at !== undefined && !(at >= 0 && at <= this.version))
      throw new UsageError(`version ${at} is not decided; the newest is ${this.version}`);
    return this.#reader.read(address, length, at ?? null);
  }

  /** One committed value: a `bigint`, or a `number` for the types `fs` and `fd`. */
  async readWord<T extends ValueType>(
    address: number,
    type: T,
    options: { readonly at?: number } = {},
  ): Promise<WordOf<T>> {
    return (await this.readWords(address, type, 1, options))[0]!;
  }

  /** `count` neighbouring committed values. */
  async readWords<T extends ValueType>(
    address: number,
    type: T,
    count: number,
    options: { readonly at?: number } = {},
  ): Promise<readonly WordOf<T>[]> {
    return wordsIn(await this.read(address, count * VALUE_TYPES[type].bytes, options), type);
  }

  /** Calls `listener` with every event of that type, in order; the result ends that. What it throws is not caught. */
  on<T extends TraceEvent['type']>(type: T, listener: (event: EventOf<T>) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * The events of these types from now on, for a `for await`, until the run ends. What the loop is too slow for is kept
   * in memory: for a long run name the types that matter.
   */
  events<T extends TraceEvent['type']>(...types: readonly T[]): AsyncIterableIterator<EventOf<T>> {
    const queue = new EventQueue<EventOf<T>>(() => {
      for (const stop of stops) stop();
      this.#queues.delete(queue);
    });
    const stops = types.map((type) => this.on(type, (event) => queue.push(event as EventOf<T>)));
    if (this.#state === 'ended' || this.#state === 'disposed') queue.end();
    else this.#queues.add(queue);
    return queue;
  }

  /** Counts up a system word: as a timer does, or a supervisor that asks for a shutdown. Runners may watch it. */
  raise(word: SystemWord): void {
    this.#site.send(SIGNALS, { type: 'signal', word: SYSTEM_WORDS[word] });
  }

  /** How many actors live in nact, by kind. */
  liveActors(): Readonly<Record<HostedKind, number>> {
    return this.#site.liveActors();
  }

  /** What its threads have spent on attempts so far; translating for what is executed outside of them is part of it. */
  costs(): Costs {
    return this.#site.costs();
  }

  /** Stops every actor and closes every file. A run that is under way rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'disposed') return;
    this.#state = 'disposed';
    const reason = disposedError();
    this.#site.close();
    this.#endEvents();
    this.#reader.abandon(reason);
    this.#break?.(reason);
    await this.#outside?.close();
  }

  /** A method, as the state may have changed while something was awaited. */
  #isDisposed(): boolean {
    return this.#state === 'disposed';
  }

  #create(init: Init): Birth {
    const policy = this.#company?.policy;
    return init.kind === 'master' && policy !== undefined
      ? born(createMaster(init, policy), receiveAsMaster)
      : createActor(init);
  }

  #plan(outside: Outside): Boot {
    try {
      return boot(this.#program, this.#config, outside.ios);
    } catch (error) {
      throw error instanceof BootError ? new UsageError(error.message) : error;
    }
  }

  #start({ inits, entry, map }: Boot): void {
    const revived = this.#revive(inits, entry);
    const begun = new Set(revived.map(({ init }) => nameOfAddress(addressOfInit(init))));
    const others = inits.filter(
      (init) =>
        !begun.has(nameOfAddress(addressOfInit(init))) &&
        (init.kind !== 'agent' || init.rcomps.length > 0 || this.#company !== null),
    );
    this.#site.begin(this.#program, this.#config, map, others, revived);
    this.#outside!.remind();
    this.#company?.begun({
      config: this.#config,
      ios: this.#outside!.ios,
      deliver: (to, message) => this.#site.send(to, message),
      leave: (node) => this.#leave(node),
      lost: (node) => this.#site.send(addressOf('master'), lostNode(node)),
    });
    this.#site.send(addressOf('master'), { type: 'run', client: addressOf('client'), entry });
  }

  /** Whoever holds what was decided before this process. */
  #revive(inits: readonly Init[], entry: ControlBlock): readonly Revived[] {
    const keeping = this.#company?.keeping ?? null;
    const outside = this.#outside!;
    if (keeping?.before == null) return [];
    const { from, records, outputs } = keeping.before;
    for (const { io, offset, bytes } of outputs) {
      outside.resume(io, offset);
      outside.receive(io, { type: 'device-write', offset, bytes });
    }
    const replayer = new Replayer({
      inits,
      entry,
      from,
      ...(this.#company && { policy: this.#company.policy }),
      onTrace: (event) => this.#emit(event),
      toDevice: (io, message) => outside.receive(io, message),
    });
    for (const record of records) replayer.heed(record);
    this.#reader.begin(replayer.version, replayer.homes);
    return replayer.end(keeping.epoch);
  }

  #leave(node: number): Promise<void> {
    const left = new Promise<void>((resolve) => this.#leaving.set(node, resolve));
    this.#site.send(addressOf('master'), {
      type: 'leave',
      client: addressOf('client'),
      agent: addressOf('agent', node),
      incarnation: 1,
    });
    return left;
  }

  #endEvents(): void {
    for (const queue of this.#queues) queue.end();
    this.#queues.clear();
  }

  #startTicking(): NodeJS.Timeout | undefined {
    const { tick } = this.#options;
    return tick === undefined ? undefined : setInterval(() => this.raise('timerTicks'), tick);
  }

  #hear(client: number, message: ToClient): void {
    switch (message.type) {
      case 'done':
        this.#finish?.(message.summary);
        break;
      case 'fetched':
        this.#reader.answered(client, message);
        break;
      case 'left':
        this.#leaving.get(Number(message.agent.id))?.();
        break;
    }
  }

  #broken(error: unknown): void {
    this.#reader.abandon(error instanceof Error ? error : new Error(String(error)));
    this.#break?.(error);
  }

  #emit(event: TraceEvent): void {
    const listeners = this.#listeners.get(event.type);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(event as never);
      } catch (error) {
        // An actor's step is under way, and a stranger's mistake is not its: it becomes the process's.
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}

function inCompany(config: MachineConfig, { rcomps, replicas, keeping }: Company): MachineConfig {
  return { ...config, rcomps, replicas, keepsAll: keeping !== null };
}

/** Nodes of a cluster do not start again: what comes back is another one. */
function lostNode(node: number): ToMaster {
  return { type: 'agent-lost', agent: addressOf('agent', node), incarnation: 1 };
}

function disposedError(): UsageError {
  return new UsageError('the machine has been disposed of');
}
