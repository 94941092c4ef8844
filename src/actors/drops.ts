/** What an attempt has staged and nobody wants: its homes would hold it until the floor passes its snapshot. */

import { type Effect, send } from './behaviour.ts';
import type { AttemptId, Epoch } from './control-block.ts';
import { keepersOf, type Places } from './places.ts';

/** Tells all who keep these homes' pages to forget it. */
export function dropsAt(places: Places, homes: Iterable<number>, epoch: Epoch, attempt: AttemptId): Effect[] {
  return [...homes].flatMap((home) =>
    keepersOf(places, home).map((keeper) => send(keeper, { type: 'drop', epoch, attempt })),
  );
}
