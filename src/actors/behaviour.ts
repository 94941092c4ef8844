/**
 * What an actor is: a pure, synchronous function from (state, message) to [state, ...effects]. A behaviour never calls
 * a peer; its host (nact in production, the simulator in tests) carries the effects out in their order.
 *
 * **Invariant:** the only ordering promise between actors is first-in-first-out from one sender to one receiver.
 */

import type { Decided } from './decided.ts';
import type { Init } from './init.ts';
import type { ActorKind, Address, MessageTo } from './protocol.ts';
import type { TraceEvent } from './trace-event.ts';

export type Effect =
  | {
      [K in ActorKind]: { readonly type: 'send'; readonly to: Address<K>; readonly message: MessageTo[K] };
    }[ActorKind]
  /** Creates an actor; what is sent to it afterwards is delivered after its creation. */
  | { readonly type: 'spawn'; readonly init: Init }
  /** The actor ends itself; later messages to it are undeliverable. */
  | { readonly type: 'stop' }
  /** Goes into the log, if there is one; it has no influence on any actor. */
  | { readonly type: 'log'; readonly record: Decided }
  /** Something an observer may want to know; it has no influence on any actor. */
  | { readonly type: 'trace'; readonly event: TraceEvent };

export type Step<S> = readonly [S, ...Effect[]];

/** A behaviour owns its state and may change it in place; nobody else holds a reference to it. */
export type Behaviour<S, M> = (state: S, message: M) => Step<S>;

export function send<K extends ActorKind>(to: Address<K>, message: MessageTo[K]): Effect {
  return { type: 'send', to, message } as Effect;
}

/** Sends to an asker of several kinds a message that each of them hears. */
export function reply<K extends ActorKind>(to: Address<K>, message: Heard<K>): Effect {
  return { type: 'send', to, message } as Effect;
}

/** What every kind in a union of kinds hears. */
type Heard<K extends ActorKind> = (K extends ActorKind ? (message: MessageTo[K]) => void : never) extends (
  message: infer M,
) => void
  ? M
  : never;

export function spawn(init: Init): Effect {
  return { type: 'spawn', init };
}

export function trace(event: TraceEvent): Effect {
  return { type: 'trace', event };
}

export function log(record: Decided): Effect {
  return { type: 'log', record };
}

export const STOP: Effect = { type: 'stop' };
