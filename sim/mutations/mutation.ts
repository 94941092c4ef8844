/**
 * Planted bugs: each wraps the real behaviours, so that the product's own path knows nothing of it. Whoever checks runs
 * can so be asked: would you have found this?
 */

import type { Actor, Birth } from '../../src/actors/actor.ts';
import type { Effect } from '../../src/actors/behaviour.ts';
import type { Init } from '../../src/actors/init.ts';
import type { MasterState } from '../../src/actors/master-state.ts';
import type { ActorKind, MessageTo } from '../../src/actors/protocol.ts';
import type { Create } from '../cluster.ts';

export interface Mutation {
  /** What is wrong, as a sentence. */
  readonly sentence: string;
  /** Called once a simulation: what a bug remembers lives no longer. */
  readonly wrap: (create: Create) => Create;
}

type InitOf<K extends Init['kind']> = Extract<Init, { readonly kind: K }>;
type Message<K extends ActorKind> = MessageTo[K];
type Receive = Actor['receive'];

/** Replaces how actors of a kind receive; `change` is called once an actor, at its birth. */
export function changing<K extends Init['kind']>(
  kind: K,
  change: (receive: Receive, init: InitOf<K>) => (message: Message<K>) => readonly Effect[],
): Mutation['wrap'] {
  return (create) => (init) => {
    const birth: Birth = create(init);
    if (init.kind !== kind) return birth;
    const receive = change((message) => birth.actor.receive(message), init as InitOf<K>);
    const { actor } = birth;
    return {
      ...birth,
      actor: { receive: (message) => receive(message as Message<K>), look: () => actor.look?.() },
    };
  };
}

/** Rewrites what actors of a kind hear. */
export function hearing<K extends Init['kind']>(
  kind: K,
  rewrite: (message: Message<K>, init: InitOf<K>) => Message<K>,
): Mutation['wrap'] {
  return changing(kind, (receive, init) => (message) => receive(rewrite(message, init)));
}

/** Rewrites what actors of a kind do: each effect becomes any number of them. */
export function doing<K extends Init['kind']>(
  kind: K,
  rewrite: (effect: Effect, message: Message<K>) => readonly Effect[],
): Mutation['wrap'] {
  return changing(
    kind,
    (receive) => (message) => receive(message).flatMap((effect) => rewrite(effect, message)),
  );
}

type Ended = Extract<Message<'master'>, { readonly type: 'ends' }>['ends'][number];

/** What the master hears, with other ends in it. */
export function withEnds(message: Message<'master'>, rewrite: (ended: Ended) => Ended): Message<'master'> {
  return message.type === 'ends' ? { ...message, ends: message.ends.map(rewrite) } : message;
}

type Method<T, M extends keyof T> = Extract<T[M], (...args: never[]) => unknown>;

/** Replaces a method of a class for as long as an actor of a kind handles a message. */
export function misled<K extends Init['kind'], T extends object, M extends keyof T>(
  kind: K,
  prototype: T,
  method: M,
  replace: (
    original: Method<T, M>,
    init: InitOf<K>,
  ) => (self: T, ...args: Parameters<Method<T, M>>) => unknown,
): Mutation['wrap'] {
  return changing(kind, (receive, init) => {
    const original = prototype[method] as Method<T, M>;
    const replacement = replace(original, init);
    return (message) => {
      prototype[method] = function (this: T, ...args: Parameters<Method<T, M>>) {
        return replacement(this, ...args);
      } as T[M];
      try {
        return receive(message);
      } finally {
        prototype[method] = original as T[M];
      }
    };
  });
}

/** Replaces how the master receives, with a hand in its state. */
export function meddling(
  change: (receive: Receive, state: MasterState) => (message: Message<'master'>) => readonly Effect[],
): Mutation['wrap'] {
  return (create) => (init) => {
    const birth = create(init);
    if (init.kind !== 'master') return birth;
    const { actor } = birth;
    const look = () => actor.look?.();
    const receive = change((message) => actor.receive(message), look() as MasterState);
    return { ...birth, actor: { receive: (message) => receive(message as Message<'master'>), look } };
  };
}

/** One bug made of several changes. */
export function together(...wraps: readonly Mutation['wrap'][]): Mutation['wrap'] {
  return (create) => wraps.reduce((wrapped, wrap) => wrap(wrapped), create);
}
