/** What an attempt has staged and nobody wants: its homes would hold it until the floor passes its snapshot. */

import { addressOf } from './address.ts';
import { type Effect, send } from './behaviour.ts';
import type { AttemptId, Epoch } from './control-block.ts';

/** Tells these homes to forget it. */
export function dropsAt(homes: Iterable<number>, epoch: Epoch, attempt: AttemptId): Effect[] {
  return [...homes].map((home) => send(addressOf('home', home), { type: 'drop', epoch, attempt }));
}
