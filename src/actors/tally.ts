/** What a run has cost where its actors live: counted at each node, and summed. */

import type { ActorKind } from './address.ts';

/**
 * - `wait`: from schedulable to the start of an attempt.
 * - `snapshot`: until the first pages are together, and putting them in place.
 * - `translate`: making and compiling Wasm.
 * - `execute`: executing, in whatever way.
 * - `fetch`: waiting for pages that were missing.
 * - `stage`: gathering what was written, and until the homes hold it.
 * - `commit`: until it is decided.
 */
export const PHASES = ['wait', 'snapshot', 'translate', 'execute', 'fetch', 'stage', 'commit'] as const;

export type Phase = (typeof PHASES)[number];

/** Counts by the kind of those actors that have mailboxes. */
type ByKind = Readonly<Record<Exclude<ActorKind, 'compartment' | 'device' | 'client'>, number>>;

export interface Tally {
  readonly attempts: number;
  /** Executed in all. */
  readonly instructions: number;
  /** Executed by translated code. */
  readonly translated: number;
  /** Whole microseconds of all attempts together; attempts overlap, so that the sums may be longer than the run. */
  readonly phases: Readonly<Record<Phase, number>>;
  /** Heard by actors. */
  readonly messages: ByKind;
  /** Actors that live. */
  readonly actors: ByKind;
  /** Bytes of the node's process, whatever else it does. */
  readonly memory: number;
}

export function sumOf([first, ...others]: readonly [Tally, ...Tally[]]): Tally {
  return others.reduce(
    (sum, tally) => ({
      attempts: sum.attempts + tally.attempts,
      instructions: sum.instructions + tally.instructions,
      translated: sum.translated + tally.translated,
      phases: sumsOf(sum.phases, tally.phases),
      messages: sumsOf(sum.messages, tally.messages),
      actors: sumsOf(sum.actors, tally.actors),
      memory: sum.memory + tally.memory,
    }),
    first,
  );
}

function sumsOf<K extends string>(
  some: Readonly<Record<K, number>>,
  others: Readonly<Record<K, number>>,
): Record<K, number> {
  const names = Object.keys(some) as K[];
  return Object.fromEntries(names.map((name) => [name, some[name] + others[name]])) as Record<K, number>;
}
