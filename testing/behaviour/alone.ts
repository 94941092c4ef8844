/** Each actor of a run once more, alone: it hears what it heard, and must do what it did. */

import type { Create } from '../../sim/cluster.ts';
import type { AnyMessage } from '../../sim/network.ts';
import type { Actor } from '../../src/actors/actor.ts';
import { addressOfInit } from '../../src/actors/actor.ts';
import { nameOfAddress } from '../../src/actors/address.ts';
import type { Effect } from '../../src/actors/behaviour.ts';
import type { Init } from '../../src/actors/init.ts';
import { mustEqual } from '../conformance.ts';

/** One actor, from its birth on. All copies: whoever changes a message later, or what it has sent, changes none of them. */
interface Life {
  readonly init: Init;
  readonly born: readonly Effect[];
  readonly heard: { readonly message: AnyMessage; readonly effects: readonly Effect[] }[];
}

/** Keeps the lives of all actors that `create` makes. */
export function keepingLives(create: Create): { readonly create: Create; readonly lives: readonly Life[] } {
  const lives: Life[] = [];
  return {
    lives,
    create: (init) => {
      const life: Life = { init: structuredClone(init), born: [], heard: [] };
      const { actor, effects } = create(init);
      lives.push({ ...life, born: structuredClone(effects) });
      return { effects, actor: remembering(actor, life) };
    },
  };
}

/** Lives every life again, one actor after the other. */
export function liveAgain(create: Create, lives: readonly Life[]): void {
  for (const { init, born, heard } of lives) {
    const name = nameOfAddress(addressOfInit(init));
    const { actor, effects } = create(structuredClone(init));
    mustEqual(effects, born, `what ${name} does at its birth, told the same`);
    heard.forEach(({ message, effects: before }, i) => {
      const after = actor.receive(structuredClone(message));
      mustEqual(
        after,
        before,
        `what ${name} does with its message ${i + 1} (${message.type}), told the same`,
      );
    });
  }
}

function remembering(actor: Actor, { heard }: Life): Actor {
  return {
    receive: (message) => {
      const told = structuredClone(message);
      const effects = actor.receive(message);
      heard.push({ message: told, effects: structuredClone(effects) });
      return effects;
    },
    look: () => actor.look?.(),
  };
}
