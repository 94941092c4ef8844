/** What the client of a run wants to know of it beside its output: what it costs at all nodes, and its trace. */

import { MASTER_NODE } from '../../placement.ts';
import { sumOf, type Tally } from '../../tally.ts';
import type { EventOf, Machine } from '../machine.ts';
import { Meter } from '../meter.ts';
import { TRACED } from '../trace-line.ts';
import { RunTrace } from './run-trace.ts';
import type { Spool } from './spool.ts';

export interface Wishes {
  readonly stats: boolean;
  readonly trace: boolean;
}

/** What a run has cost. */
export interface RunStatistics {
  /** The sum of all nodes that have told. */
  readonly tally: Tally;
  /** Nodes that have told, the master's among them. */
  readonly nodes: number;
  /** Nodes that have died, and what they had counted with them. */
  readonly lost: number;
}

/** `dropped`: nobody took it, and there was too much of it; `none`: it is not traced, or not by this process. */
export type TraceState = 'whole' | 'dropped' | 'none';

export interface ObservedRun {
  /** There is more of the trace to fetch. */
  onNews(): void;
  /** Whether somebody follows the trace now. */
  isTaken(): boolean;
  /** Too much of the trace waits, or no longer: as an output channel tells the master, odd is full. */
  congested(changes: number): void;
}

export class Observation {
  readonly meter = new Meter();
  readonly #run: ObservedRun;
  #trace: RunTrace | null;
  #state: TraceState;
  #isFull = false;
  #changes = 0;
  /** By node. */
  readonly #tallies = new Map<number, Tally>();
  readonly #lost = new Set<number>();
  #waiting: (() => void)[] = [];

  /** `mostUnfetched`: bytes of the trace. */
  constructor({ trace }: Wishes, run: ObservedRun, mostUnfetched?: number) {
    this.#run = run;
    this.#state = trace ? 'whole' : 'none';
    this.#trace = trace
      ? new RunTrace(
          () => run.onNews(),
          (isFull) => this.#full(isFull),
          mostUnfetched,
        )
      : null;
  }

  follow(machine: Machine): void {
    this.meter.follow(machine);
    if (this.#trace !== null)
      for (const type of TRACED) machine.on(type, (event) => this.#trace?.note(event));
  }

  /** Null: it is not traced, or not any more. */
  get trace(): Spool | null {
    return this.#trace?.spool ?? null;
  }

  get traceState(): TraceState {
    return this.#state;
  }

  /** An attempt has started at another node. */
  started(event: EventOf<'start'>): void {
    this.meter.started(event.attempt.runner);
    this.#trace?.note(event);
  }

  /** What the run has cost at a node; heard again, it counts once. */
  spent(node: number, tally: Tally): void {
    this.#tallies.set(node, tally);
    this.#look();
  }

  /** The node has died. */
  lost(node: number): void {
    if (!this.#tallies.has(node)) this.#lost.add(node);
    this.#look();
  }

  /** Fulfilled when the node has told what the run has cost there, or never will. */
  async told(node: number): Promise<void> {
    while (!this.#tallies.has(node) && !this.#lost.has(node))
      await new Promise<void>((look) => this.#waiting.push(look));
  }

  /** The run has ended, and all nodes have told. Fulfilled when all of the trace can be fetched. */
  async end(machine: Machine): Promise<RunStatistics> {
    this.#tallies.set(MASTER_NODE, this.meter.tally(machine));
    await this.#trace?.end();
    const [first, ...others] = this.#tallies.values();
    return { tally: sumOf([first!, ...others]), nodes: this.#tallies.size, lost: this.#lost.size };
  }

  /**
   * Danger: a run whose trace is not taken would be held up for ever, though its client's output may all be there. So a
   * trace is given up once too much of it waits and nobody follows it.
   */
  left(): void {
    if (this.#trace === null || !this.#isFull || this.#run.isTaken()) return;
    const trace = this.#trace;
    this.#trace = null;
    this.#state = 'dropped';
    trace.destroy();
    this.#tell(false);
  }

  destroy(): void {
    const trace = this.#trace;
    this.#trace = null;
    trace?.destroy();
  }

  #full(isFull: boolean): void {
    if (this.#trace === null) return;
    this.#tell(isFull);
    this.left();
  }

  #tell(isFull: boolean): void {
    this.#isFull = isFull;
    this.#changes += 1;
    this.#run.congested(this.#changes);
  }

  #look(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
