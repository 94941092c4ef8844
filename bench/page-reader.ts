/** Asks the homes of another node for pages as an agent does, and hears what an agent hears. */

import { addressOf } from '../src/actors/address.ts';
import { Router } from '../src/actors/node/cluster/router.ts';
import type { Letter } from '../src/actors/node/wire/wire.ts';
import type { PageRequest } from '../src/actors/protocol.ts';
import { byHome } from '../src/memory/directory.ts';
import { HOMES, isContentOf, PAGES, READER, SENDER } from './pages.ts';

/** Pages that an attempt asks for at once which reads on, and attempts of a node that do so at a time. */
const ASKED = 512;
const ATTEMPTS = 4;

export class PageReader {
  readonly router: Router;
  #next = 0;
  #unasked = 0;
  #missing = 0;
  #done = () => {};
  #failed: (error: Error) => void = () => {};

  constructor() {
    this.router = new Router({
      hear: (_, letters) => {
        for (const letter of letters) this.#hear(letter);
        this.#ask();
      },
      onBroken: (_, why) => this.#failed(new Error(why)),
      onTooLong: () => this.#failed(new Error('what is asked for is too long')),
    });
  }

  /** Fulfilled once so many pages have come, and they are the right ones. */
  read(count: number): Promise<void> {
    this.#unasked = count;
    return new Promise((done, failed) => {
      this.#done = done;
      this.#failed = failed;
      this.#ask();
    });
  }

  #ask(): void {
    while (this.#unasked > 0 && this.#missing <= (ATTEMPTS - 1) * ASKED) {
      const requests: PageRequest[] = [];
      while (requests.length < Math.min(ASKED, this.#unasked))
        requests.push({ page: PAGES[this.#next++ % PAGES.length]!, have: -1 });
      this.#unasked -= requests.length;
      this.#missing += requests.length;
      for (const [home, pages] of byHome(requests, HOMES))
        this.router.post(SENDER, {
          kind: 'home',
          run: 1,
          id: home,
          message: { type: 'fetch', from: addressOf('agent', READER), pages, at: 0, needs: 0 },
        });
    }
    if (this.#missing === 0) this.#done();
  }

  #hear({ kind, message }: Letter): void {
    if (kind !== 'agent' || message.type !== 'fetched') return;
    this.#missing -= message.pages.length;
    if (!message.pages.every(({ page, bytes }) => isContentOf(page, bytes)))
      this.#failed(new Error('a home has sent other pages than those that it keeps'));
  }
}
