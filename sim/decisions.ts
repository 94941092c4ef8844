/**
 * What chance decides in a simulated run, as a list of exceptions: a message to which nothing happens is not in it. An
 * exception names what it is about (the third message from rcomp:1 to home:0) and not when it was drawn. So a trace
 * stays short, can be cut down entry by entry, and survives changes of the code around.
 */

import type { Mishap, TimedMishap } from './mishap.ts';

/** What happens to one message beyond the ordinary delay of its way. Times in microseconds. */
export interface Treatment {
  /** It takes so much longer. */
  readonly delay?: number;
  /** It is lost so many times before it comes through. */
  readonly drops?: number;
  /** It comes again, so much later. */
  readonly repeat?: number;
  /** It comes again, much later, out of a connection that is closed. */
  readonly replay?: number;
  /** The compartment that gets it dies under it. */
  readonly deadly?: true;
}

/** The `nth` message (from 1) from one actor to another, named `rcomp:1>home:0`. */
export interface MessageDecision extends Treatment {
  readonly message: string;
  readonly nth: number;
  /** Its type, so that a trace that no longer fits says so. */
  readonly type: string;
}

/** The `chunk`th piece of input (from 1) is so many bytes shorter than it could be. */
export interface ChunkDecision {
  readonly chunk: number;
  readonly shorter: number;
}

export type Decision = MessageDecision | TimedMishap | ChunkDecision;

/** Between nodes; from actor to actor on one node; from an actor to itself, or to and from the outside. */
export type Way = 'remote' | 'local' | 'own';

/** Where decisions come from: drawn, or given. */
export interface Decisions {
  /** For this message, sent at `now`; null: nothing happens to it. */
  treat(pair: string, way: Way, nth: number, type: string, now: number): Treatment | null;
  /** The next thing that goes wrong, in the order of time. Taken when asked. */
  nextMishap(): TimedMishap | null;
  /** A natural below `n`. */
  shorter(n: number): number;
}

/** Decisions that can be had again. */
export interface TracedDecisions extends Decisions {
  /** All that were taken so far, or given. */
  readonly all: readonly Decision[];
  /** Those about what never came up, in their order. */
  readonly unused: readonly Decision[];
}

/** A trace; what of it is not asked for does not fit the run. */
export class GivenDecisions implements TracedDecisions {
  readonly all: readonly Decision[];
  readonly #messages = new Map<string, Map<number, MessageDecision>>();
  readonly #mishaps: TimedMishap[];
  readonly #chunks = new Map<number, ChunkDecision>();
  readonly #unused = new Set<Decision>();
  #chunk = 0;

  /** `canHappen`: whether there is what the mishap befalls. */
  constructor(decisions: readonly Decision[], canHappen: (mishap: Mishap) => boolean) {
    this.all = decisions;
    const mishaps: TimedMishap[] = [];
    for (const decision of decisions) {
      this.#unused.add(decision);
      if ('mishap' in decision) {
        if (canHappen(decision.mishap)) mishaps.push(decision);
      } else if ('chunk' in decision) this.#chunks.set(decision.chunk, decision);
      else {
        const known = this.#messages.get(decision.message) ?? new Map<number, MessageDecision>();
        this.#messages.set(decision.message, known.set(decision.nth, decision));
      }
    }
    this.#mishaps = mishaps.sort((a, b) => b.time - a.time);
  }

  treat(pair: string, _way: Way, nth: number, type: string): Treatment | null {
    const decision = this.#messages.get(pair)?.get(nth);
    if (decision === undefined || decision.type !== type) return null;
    this.#unused.delete(decision);
    return decision;
  }

  nextMishap(): TimedMishap | null {
    const next = this.#mishaps.pop() ?? null;
    if (next !== null) this.#unused.delete(next);
    return next;
  }

  shorter(n: number): number {
    this.#chunk += 1;
    const decision = this.#chunks.get(this.#chunk);
    if (decision === undefined) return 0;
    this.#unused.delete(decision);
    return Math.min(decision.shorter, n - 1);
  }

  get unused(): readonly Decision[] {
    return [...this.#unused];
  }
}
