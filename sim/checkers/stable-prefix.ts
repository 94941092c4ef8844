/** I9: what was readable once stays so, for everybody who has heard of it. */

import { type Address, nameOfAddress } from '../../src/actors/address.ts';
import type { Envelope } from '../network.ts';
import { type Checker, type Letter, NOTHING } from './checker.ts';

export const stablePrefix: Checker = {
  id: 'I9',
  sentence:
    'the readable version that an agent hears of is decided and never falls, and every fetch is answered',
  watch: ({ memory }) => {
    const announced = new Map<string, number>();
    /** Who waits, by what was asked for. */
    const unanswered = new Map<string, string>();
    const announce = ({ to, message }: Letter<Envelope, 'dispatch' | 'news'>) => {
      const { readable } = message.news;
      const hearer = nameOfAddress(to);
      const before = announced.get(hearer) ?? 0;
      announced.set(hearer, readable);
      if (readable > memory.version)
        return [`${hearer} hears that ${readable} is readable, decided ${memory.version}`];
      return readable < before ? [`${hearer} hears that ${readable} is readable, after ${before}`] : NOTHING;
    };
    return {
      sent: {
        dispatch: announce,
        news: announce,
        fetch({ to, message: { from, pages, at } }) {
          for (const { page } of pages) unanswered.set(fetchText(page, at, to, from), nameOfAddress(from));
          return NOTHING;
        },
        fetched({ from, to, message: { pages, at } }) {
          for (const { page } of pages) unanswered.delete(fetchText(page, at, from, to));
          return NOTHING;
        },
        // The dead wait for nothing.
        'agent-lost'({ message: { agent } }) {
          const name = nameOfAddress(agent);
          for (const [fetch, asker] of unanswered) if (asker === name) unanswered.delete(fetch);
          return NOTHING;
        },
      },
      *over({ summary }) {
        if (summary.status !== 'done') return;
        for (const fetch of unanswered.keys()) yield `${fetch} is never answered`;
      },
    };
  },
};

function fetchText(page: number, at: number, home: Address, asker: Address): string {
  return `page ${page} at ${at} from home ${home.id} for ${nameOfAddress(asker)}`;
}
