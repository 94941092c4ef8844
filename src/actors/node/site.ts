/** The part of a run that lives in this process: its actors, and the compartments of its RComps. */

import { acceptTranslations } from '../../isa/jit/ahead-of-time.ts';
import type { Seed } from '../../isa/jit/unit-cache.ts';
import { Wasm } from '../../isa/jit/web-assembly.ts';
import type { Program } from '../../isa/program.ts';
import type { Birth } from '../actor.ts';
import { type Address, addressOf } from '../address.ts';
import type { MachineConfig, MemoryMap } from '../config.ts';
import type { Init } from '../init.ts';
import { usePreludeCache } from '../prelude-engine.ts';
import type { MessageTo } from '../protocol.ts';
import type { Revived } from '../revived-actors.ts';
import type { TraceEvent } from '../trace-event.ts';
import { Compartments } from './compartments/compartments.ts';
import { type Costs, NO_COSTS } from './compartments/costs.ts';
import type { ThreadPool } from './compartments/thread-pool.ts';
import { TimedCache } from './compartments/timed-cache.ts';
import { type Abroad, Host, type HostedKind, type Message } from './host.ts';
import type { Journal } from './journal.ts';

export interface SiteOptions {
  /** Gives an actor to an `Init`: `createActor`, or one that plants a bug. */
  readonly create: (init: Init) => Birth;
  readonly toDevice: (io: number, message: MessageTo['device']) => void;
  readonly toClient: (client: number, message: MessageTo['client']) => void;
  readonly onTrace: (event: TraceEvent) => void;
  /** A behaviour has thrown: all actors here are stopped. */
  readonly onBroken: (error: unknown) => void;
  /** An RComp has thrown; its runner runs again on a fresh one. */
  readonly onRCompLost: (error: unknown, rcomp: Address) => void;
  /** The thread of a compartment has died; its runner runs again. `error` is null if it was killed. */
  readonly onCompartmentLost: (error: Error | null, rcomp: Address) => void;
  readonly onDispatch?: (to: Address, message: Message) => void;
  /** A thread has been given an attempt; for tests that kill it. */
  readonly onExecute?: (rcomp: number, thread: { kill(): void }) => void;
  /** Where threads come from; all sites of a process share one pool by default. */
  readonly pool?: ThreadPool;
  readonly abroad?: Abroad;
  /** What must outlive this process. */
  readonly journal?: Journal;
}

export class Site {
  readonly #options: SiteOptions;
  readonly #host: Host;
  #compartments: Compartments | null = null;
  /** What has been translated for the beginnings of attempts. */
  #cache: TimedCache | null = null;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#host = new Host({
      ...options,
      toCompartment: (rcomp, message) => this.#compartments?.receive(rcomp, message),
    });
  }

  /** The run is about to begin here: these are its actors, in the order of their creation; `revived` have lived before. */
  begin(
    program: Program,
    config: MachineConfig,
    map: MemoryMap,
    inits: readonly Init[],
    revived: readonly Revived[] = [],
  ): void {
    const translations = config.engine === 'wasm' ? compiledTranslations(program) : [];
    const settings = { config, map, translations };
    const { onCompartmentLost, onExecute, pool } = this.#options;
    this.#cache = new TimedCache(settings);
    usePreludeCache(config, this.#cache);
    this.#compartments = new Compartments(settings, {
      toRComp: (rcomp, message) => this.send(addressOf('rcomp', rcomp), message),
      onDeath: (error, rcomp) => onCompartmentLost(error, addressOf('rcomp', rcomp)),
      ...(pool && { pool }),
      ...(onExecute && { onExecute }),
    });
    for (const { init, actor } of revived) this.#host.adopt(init, actor);
    for (const init of inits) this.#host.spawn(init);
  }

  send(to: Address, message: Message): void {
    this.#host.send(to, message);
  }

  /** How many actors live in nact, by kind. */
  liveActors(): Readonly<Record<HostedKind, number>> {
    return this.#host.liveActors();
  }

  /** What its threads have spent on attempts so far; translating for what is executed outside of them is part of it. */
  costs(): Costs {
    const costs = this.#compartments?.costs ?? NO_COSTS;
    return { ...costs, translate: costs.translate + (this.#cache?.milliseconds ?? 0) };
  }

  /** Nothing is executed any more; actors stay, and can be asked. */
  rest(): void {
    this.#compartments?.close();
  }

  /** Stops every actor. */
  close(): void {
    this.#host.close();
    this.rest();
  }
}

/** What came with the program and is what this translator makes; compiled once for the RComps and all threads. */
function compiledTranslations(program: Program): Seed[] {
  if (program.translations === undefined) return [];
  return acceptTranslations(program).units.map((unit) => ({
    unit,
    module: new Wasm.Module(unit.module),
  }));
}
