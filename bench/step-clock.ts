/** What the actors spend on each step of Table 4, by the messages that they handle. */

import { createActor } from '../src/actors/actor.ts';
import type { ActorKind } from '../src/actors/address.ts';
import type { Observer } from '../src/actors/node/machine.ts';

/** The paper's steps, and whose messages they are here. */
const STEPS = {
  'create snapshot': ['agent dispatch', 'agent fetched', 'agent need', 'agent news', 'home fetch'],
  'update RComp and invoke the runner': [
    'rcomp start',
    'rcomp pages',
    'rcomp slice',
    'rcomp compartment-needs',
    'rcomp compartment-ended',
  ],
  'commit snapshot, create its children': [
    'rcomp staged',
    'agent ended',
    'agent flush',
    'master ends',
    'home stage',
    'home decide',
    'home floor',
  ],
} as const;

const OTHER = 'other messages';

export class StepClock {
  readonly #nanoseconds = new Map<string, number>([...Object.keys(STEPS), OTHER].map((step) => [step, 0]));

  readonly observer: Observer = {
    create: (init) => {
      const { actor, effects } = createActor(init);
      const receive: typeof actor.receive = (message) => {
        const start = process.hrtime.bigint();
        const out = actor.receive(message);
        this.#add(init.kind, message.type, Number(process.hrtime.bigint() - start));
        return out;
      };
      return { actor: { receive }, effects };
    },
  };

  /** By step, for each of `runners`. */
  microseconds(runners: number): Map<string, number> {
    return new Map([...this.#nanoseconds].map(([step, time]) => [step, time / 1000 / runners]));
  }

  #add(kind: ActorKind, type: string, nanoseconds: number): void {
    const step = STEP_OF.get(`${kind} ${type}`) ?? OTHER;
    this.#nanoseconds.set(step, this.#nanoseconds.get(step)! + nanoseconds);
  }
}

const STEP_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(STEPS).flatMap(([step, messages]) => messages.map((message) => [message, step] as const)),
);
