/** I29: messages that come twice, at once or late. */

import fc from 'fast-check';
import { expect } from 'vitest';
import type { Effect } from '../../src/actors/behaviour.ts';

/** After each message, which of the earlier ones come once more: 0 the latest, 1 the one before it, … */
export const anyRepeats = fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(12)), { maxLength: 2 }));

interface Hosted<M> {
  effects: readonly Effect[];
  tell(message: M): unknown;
}

/**
 * Tells one actor each message once and another some of them again. What the messages lead to must be the same, and a
 * repetition may lead to nothing, or to effects that are `harmless` after so many messages.
 */
export function expectSame<M>(
  create: () => Hosted<M>,
  messages: readonly M[],
  repeats: readonly (readonly number[])[],
  harmless: (effect: Effect, repeated: M, after: number) => boolean = () => false,
): void {
  const once = create();
  const often = create();
  messages.forEach((message, i) => {
    once.tell(message);
    often.tell(message);
    expect(often.effects).toEqual(once.effects);
    for (const back of repeats[i] ?? []) {
      const repeated = messages[i - back];
      if (repeated === undefined) continue;
      often.tell(repeated);
      expect(often.effects.filter((effect) => !harmless(effect, repeated, i + 1))).toEqual([]);
    }
  });
}
