/** What carries messages in a simulation, and when: the one place where orders come from. */

import type { Address } from '../src/actors/address.ts';
import type { ActorKind, MessageTo } from '../src/actors/protocol.ts';
import type { Mishap } from './mishap.ts';

export type AnyMessage = MessageTo[ActorKind];

export interface Envelope {
  /** Counts the messages of a run, from 1. */
  readonly number: number;
  readonly from: Address;
  readonly to: Address;
  readonly message: AnyMessage;
  /** Deliveries made and versions decided when it was sent. */
  readonly step: number;
  readonly decided: number;
  /** When it was sent: microseconds of virtual time; deliveries made, where there is no time. */
  readonly time: number;
}

export interface Delivery extends Envelope {
  /** Whether an earlier delivery brought the same message. */
  readonly repeated: boolean;
  /** When it arrives, as `time`. */
  readonly received: number;
  /** Whether the compartment that gets it dies under the attempt. */
  readonly deadly: boolean;
}

/** From one sender to one receiver messages arrive in order; every other order is possible. */
export interface Network {
  /** As `Envelope.time`. */
  readonly now: number;
  /** `after`: microseconds that the sender works before it sends. */
  post(envelope: Envelope, after: number): void;
  /** What happens next; null if nothing is under way. */
  next(): Delivery | Mishap | null;
  /** Whether a node may die now: the last one with some pages may not. Asked before it does. */
  mayDie?: (node: number) => boolean;
  /** The receiver has died: what is under way to it is lost. */
  forget(receiver: Address): void;
  /** The program is over: from now on nothing goes wrong that has not gone wrong yet. */
  calm(): void;
}

/** Whether it is one. */
export function isMishap(happening: Delivery | Mishap): happening is Mishap {
  return 'kind' in happening;
}
