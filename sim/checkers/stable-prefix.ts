/** I9: what was readable once stays so, for everybody who has heard of it. */

import { type Address, nameOfAddress } from '../../src/actors/address.ts';
import { Standing } from '../evidence/standing.ts';
import type { Envelope } from '../network.ts';
import { type Checker, type Letter, NOTHING } from './checker.ts';

export const stablePrefix: Checker = {
  id: 'I9',
  sentence:
    'the readable version that an agent hears of is decided and never falls, and every fetch is answered',
  watch: ({ memory, setting }) => {
    let standing = new Standing(setting.config);
    const announced = new Map<string, number>();
    /** Who waits for whom, by what was asked for. */
    const unanswered = new Map<string, { readonly asker: string; readonly home: Address }>();
    const forget = (isOver: (wait: { readonly asker: string; readonly home: Address }) => boolean) => {
      for (const [fetch, wait] of unanswered) if (isOver(wait)) unanswered.delete(fetch);
      return NOTHING;
    };
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
          // Whoever asks one that has gone will hear of it, and ask another one.
          if (!standing.has(to)) return NOTHING;
          for (const { page } of pages)
            unanswered.set(fetchText(page, at, to, from), { asker: nameOfAddress(from), home: to });
          return NOTHING;
        },
        fetched({ from, to, message: { pages, at } }) {
          for (const { page } of pages) unanswered.delete(fetchText(page, at, from, to));
          return NOTHING;
        },
        // The dead wait for nothing and answer nothing; whoever still waits for them asks another replica.
        'agent-lost'({ message: { agent } }) {
          standing.died(Number(agent.id));
          return forget(({ asker, home }) => asker === nameOfAddress(agent) || !standing.has(home));
        },
        retired({ from }) {
          standing.retired(from);
          return forget(({ home }) => !standing.has(home));
        },
        kept({ message: { agent, replicas } }) {
          standing.made(Number(agent.id), replicas);
          return NOTHING;
        },
      },
      restarted() {
        standing = new Standing(setting.config);
        announced.clear();
        unanswered.clear();
        return NOTHING;
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
