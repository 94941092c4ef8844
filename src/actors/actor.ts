/** From an `Init` to a living actor: the one place that knows every behaviour. Hosts need nothing else. */

import { createAgent, receiveAsAgent } from './agent.ts';
import type { Behaviour, Effect, Step } from './behaviour.ts';
import type { Init } from './init.ts';
import { createIo, receiveAsIo } from './io.ts';
import { createMaster, receiveAsMaster } from './master.ts';
import { createHome, receiveAsHome } from './page-home.ts';
import type { ActorKind, Address, MessageTo } from './protocol.ts';
import { createRComp, receiveAsRComp } from './rcomp.ts';
import { createWatcher, receiveAsWatcher } from './watcher.ts';

/** A behaviour with its state: what a host puts behind a mailbox. */
export interface Actor {
  /** Handles one message; the effects are to be carried out in their order. */
  receive(message: MessageTo[ActorKind]): readonly Effect[];
  /** Its state, for those who show it and change nothing. Absent: it cannot be looked into. */
  look?(): unknown;
}

/** The actor and the effects of its birth. */
export interface Birth {
  readonly actor: Actor;
  readonly effects: readonly Effect[];
}

export function createActor(init: Init): Birth {
  switch (init.kind) {
    case 'master':
      return born(createMaster(init), receiveAsMaster);
    case 'agent':
      return born(createAgent(init), receiveAsAgent);
    case 'rcomp':
      return born(createRComp(init), receiveAsRComp);
    case 'home':
      return born(createHome(init), receiveAsHome);
    case 'watcher':
      return born(createWatcher(init), receiveAsWatcher);
    case 'io':
      return born(createIo(init), receiveAsIo);
  }
}

/** Where an actor made from `init` lives. */
export function addressOfInit(init: Init): Address {
  const node = init.kind === 'home' ? init.node : 0;
  return { node, kind: init.kind, id: init.kind === 'master' ? 0 : init.id };
}

/** An actor that goes on from a state. */
export function living<S, M>(state: S, receive: Behaviour<S, M>): Actor {
  return new LivingActor(state, receive);
}

/** Puts a behaviour's first step and the behaviour together. */
export function born<S, M>(birth: Step<S>, receive: Behaviour<S, M>): Birth {
  const [state, ...effects] = birth;
  return { actor: living(state, receive), effects };
}

/** A class and not a closure: a machine has a hundred thousand of them. */
class LivingActor<S, M> implements Actor {
  #state: S;
  readonly #receive: Behaviour<S, M>;

  constructor(state: S, receive: Behaviour<S, M>) {
    this.#state = state;
    this.#receive = receive;
  }

  receive(message: MessageTo[ActorKind]): readonly Effect[] {
    const [state, ...effects] = this.#receive(this.#state, message as M);
    this.#state = state;
    return effects;
  }

  look(): unknown {
    return this.#state;
  }
}
