/** What a checker is: one thing that is true of the whole cluster, and how it is watched while a run goes on. */

import type { TraceEvent } from '../../src/actors/trace-event.ts';
import type { Rerun } from '../evidence/reruns.ts';
import type { Decided, Evidence } from '../evidence.ts';
import type { AnyMessage, Delivery, Envelope } from '../network.ts';
import type { Restart } from '../restart.ts';
import type { SimResult } from '../result.ts';

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>;

export interface Checker {
  /** As in the list of invariants: `I4`. */
  readonly id: string;
  readonly sentence: string;
  /** Called before anything has happened. The evidence grows with the run: it holds whatever the observer hears of. */
  readonly watch: (evidence: Evidence) => Observer;
}

/** What is wrong, in words, worst first; nothing if all is well. */
export type Violations = Iterable<string>;

/** For those who only take note. */
export const NOTHING: Violations = [];

/** A message in its envelope. */
export type Letter<E, T extends AnyMessage['type']> = Omit<E, 'message'> & {
  readonly message: Extract<AnyMessage, { readonly type: T }>;
};

type Heard<E> = { readonly [T in AnyMessage['type']]?: (letter: Letter<E, T>) => Violations };

/** Called when something happens; each answers what is wrong as of now. */
export interface Observer {
  /** An agent starts an attempt. */
  started?(start: EventOf<'start'>): Violations;
  /** An attempt has ended at its RComp, and nothing of it is decided. */
  attempted?(rerun: Rerun): Violations;
  /** A version is decided. */
  committed?(decided: Decided): Violations;
  /** A commit is refused. */
  rejected?(conflict: EventOf<'conflict'>): Violations;
  /** The master tells of an attempt's end that is neither of these. */
  ended?(ended: EventOf<'ended'>): Violations;
  /** A runner comes into a state. */
  runner?(runner: EventOf<'runner'>): Violations;
  fired?(fired: EventOf<'fired'>): Violations;
  starving?(starving: EventOf<'starving'>): Violations;
  places?(places: EventOf<'places'>): Violations;
  /** The program begins anew from its log: whoever ran does not any more, and what came after the log's end is forgotten. */
  restarted?(restart: Restart): Violations;
  /** A message is sent, by its type. */
  readonly sent?: Heard<Envelope>;
  /** A message arrives, by its type; what its receiver does with it comes after. */
  readonly delivered?: Heard<Delivery>;
  /** The step of some actor is over. */
  stepped?(): Violations;
  /** The program is over and its final memory read: only for what nobody can tell before. */
  over?(result: SimResult): Violations;
}
