/** Who has the program run: hears that it is over, and reads its final memory as any client would. */

import { type Address, addressOf } from '../src/actors/address.ts';
import { MASTER_NODE } from '../src/actors/placement.ts';
import { type Places, readerOf } from '../src/actors/places.ts';
import type { MessageTo, ToClient } from '../src/actors/protocol.ts';
import type { Summary } from '../src/actors/summary.ts';
import { homeOf } from '../src/memory/directory.ts';

export const CLIENT = addressOf('client');

export class Client {
  /** Null until the program is over. */
  summary: Summary | null = null;
  /** Pages that may hold anything: those of the image, and those that an attempt has touched. */
  readonly pages = new Set<number>();
  /** Those of them that were read, with their bytes. */
  readonly memory = new Map<number, Uint8Array>();

  hear(message: ToClient): void {
    switch (message.type) {
      case 'done':
        this.summary = message.summary;
        break;
      case 'left':
        break;
      case 'fetched':
        for (const { page, state, bytes } of message.pages) {
          if (state === 'too-old' || state === 'same') throw new Error(`page ${page} came back ${state}`);
          this.memory.set(page, bytes);
        }
    }
  }

  /** What it asks of each home that has any of the pages, once it has the summary. */
  *questions(places: Places): Iterable<{ home: Address<'home'>; message: MessageTo['home'] }> {
    const { version, homes: touched } = this.summary!;
    const asked = new Map<number, { page: number; have: number }[]>();
    for (const page of this.pages) {
      const home = homeOf(page, places.homes.length);
      const pages = asked.get(home);
      if (pages === undefined) asked.set(home, [{ page, have: -1 }]);
      else pages.push({ page, have: -1 });
    }
    for (const [home, pages] of asked)
      yield {
        home: readerOf(places, home, MASTER_NODE)!,
        message: { type: 'fetch', from: CLIENT, pages, at: version, needs: touched[home] ?? 0 },
      };
  }
}
