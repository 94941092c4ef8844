/** What an attempt did, beside what the model says it had to do. */

import type { AttemptEnd } from '../../src/actors/protocol.ts';
import type { ObservedLoad, TraceEvent } from '../../src/actors/trace-event.ts';
import { type Attempt, attempt } from '../model/attempt.ts';
import type { Memory } from '../model/memory.ts';
import type { Load } from '../model/port.ts';
import type { Runner, World } from '../model/runner.ts';

export type AttemptEvent = Extract<TraceEvent, { readonly type: 'attempt' }>;

export interface Rerun {
  readonly event: AttemptEvent;
  readonly runner: Runner;
  readonly model: Attempt;
  /** The attempt's loads beside the model's, up to where they part ways. */
  readonly pairs: readonly Pair[];
  /** Whether what was loaded is what the model loads, to the end. */
  readonly sameLoads: boolean;
}

export interface Pair {
  /** What the model loads. */
  readonly load: Load;
  /** What the attempt did load. */
  readonly seen: ObservedLoad;
}

type Incomplete = Extract<AttemptEnd, { readonly type: 'lost' | 'snapshot-too-old' }>;

/** Whether the attempt was cut short: it has loaded, and nothing else is known of it. */
export function isIncomplete(end: AttemptEnd): end is Incomplete {
  return end.type === 'lost' || end.type === 'snapshot-too-old';
}

/** Executes the attempt again, as far as it came. The versions up to its sv must be decided. */
export function rerun(world: World, runner: Runner, memory: Memory, event: AttemptEvent): Rerun {
  const { end } = event;
  const pairing = new Pairing(event.loads);
  const model = attempt(world, runner, memory, end.sv, (executed, loads) => {
    pairing.heard(loads);
    return isIncomplete(end) ? !pairing.over : executed <= end.executed;
  });
  return { event, runner, model, pairs: pairing.pairs, sameLoads: pairing.complete };
}

/**
 * Pairs loads instruction by instruction. One that had to wait for a page was executed anew, so its first loads stand
 * there more than once.
 */
class Pairing {
  readonly pairs: Pair[] = [];
  readonly #seen: readonly ObservedLoad[];
  #parted = false;
  /** Loads of the model that are paired. */
  #heard = 0;

  constructor(seen: readonly ObservedLoad[]) {
    this.#seen = seen;
  }

  get complete(): boolean {
    return this.pairs.length === this.#seen.length;
  }

  get over(): boolean {
    return this.#parted || this.complete;
  }

  /** The model has executed one more instruction; `loads` are all of its loads so far. */
  heard(loads: readonly Load[]): void {
    const first = this.#heard;
    let next = first;
    this.#heard = loads.length;
    while (next < loads.length && !this.over) {
      const seen = this.#seen[this.pairs.length]!;
      if (!isSame(loads[next]!, seen)) {
        if (next === first || !isSame(loads[first]!, seen)) this.#parted = true;
        next = first;
        continue;
      }
      this.pairs.push({ load: loads[next]!, seen });
      // From a wrong value on everything may be otherwise.
      if (loads[next]!.bits !== seen.bits) this.#parted = true;
      next += 1;
    }
  }
}

function isSame(load: Load, seen: ObservedLoad): boolean {
  return load.address === seen.address && load.size === seen.size;
}
