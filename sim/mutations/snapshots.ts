/** Planted bugs of what attempts read. */

import type { FetchedPage, News } from '../../src/actors/protocol.ts';
import { PrivateRegion } from '../../src/memory/private-region.ts';
import { changing, hearing, type Mutation, misled } from './mutation.ts';

/** Newer than any version of a simulated run. */
const NEWEST = 1_000_000_000;

const forAnyVersion = (page: FetchedPage): FetchedPage => ({ ...page, from: 0, through: NEWEST });
const ahead = (news: News): News => ({ ...news, readable: news.readable + 1 });

export const SNAPSHOT_MUTATIONS = {
  'undecided-snapshot': {
    sentence: 'a snapshot is taken at a version that is not yet decided',
    wrap: hearing('agent', (message) =>
      message.type === 'dispatch' || message.type === 'news'
        ? { ...message, news: ahead(message.news) }
        : message,
    ),
  },
  'stamped-in-the-queue': {
    sentence: 'the snapshot of a runner is stamped when its batch is dispatched, not when it starts',
    wrap: hearing('agent', (message) =>
      message.type === 'dispatch'
        ? {
            ...message,
            assignments: message.assignments.map((assignment) => ({ ...assignment, exact: true })),
          }
        : message,
    ),
  },
  'newest-served': {
    sentence: 'a home serves its newest version, whatever was asked for',
    wrap: changing('home', (receive) => (message) => {
      if (message.type !== 'fetch') return receive(message);
      return receive({ ...message, at: NEWEST }).map((effect) =>
        effect.type === 'send' && effect.message.type === 'fetched'
          ? ({
              ...effect,
              message: { ...effect.message, at: message.at, pages: effect.message.pages.map(forAnyVersion) },
            } as typeof effect)
          : effect,
      );
    }),
  },
  'answered-too-early': {
    sentence: 'a fetch is answered before the home has applied what it needs',
    wrap: hearing('home', (message) => (message.type === 'fetch' ? { ...message, needs: 0 } : message)),
  },
  'second-fetch-newer': {
    sentence: 'what an attempt fetches later is of a newer version than its snapshot',
    wrap: changing('agent', (receive) => {
      let readable = 0;
      return (message) => {
        if (message.type === 'dispatch' || message.type === 'news')
          readable = Math.max(readable, message.news.readable);
        const heard =
          message.type === 'fetched'
            ? { ...message, pages: message.pages.map((page) => ({ ...page, from: 0 })) }
            : message;
        const effects = receive(heard);
        if (message.type !== 'need') return effects;
        return effects.map((effect) =>
          effect.type === 'send' && effect.message.type === 'fetch'
            ? ({ ...effect, message: { ...effect.message, at: readable } } as typeof effect)
            : effect,
        );
      };
    }),
  },
  'cache-never-asks': {
    sentence: 'a cached page is used again without asking what was committed since',
    wrap: hearing('agent', (message) =>
      message.type === 'fetched'
        ? { ...message, pages: message.pages.map((page) => ({ ...page, through: NEWEST })) }
        : message,
    ),
  },
  'collected-too-early': {
    sentence: 'a version is collected though a live snapshot may read it',
    wrap: changing('master', (receive) => {
      let newest = 0;
      return (message) =>
        receive(message).flatMap((effect) => {
          if (effect.type === 'trace' && effect.event.type === 'commit') newest = effect.event.version;
          if (effect.type !== 'send' || effect.message.type !== 'decide') return [effect];
          const { epoch } = effect.message;
          return [effect, { ...effect, message: { type: 'floor', epoch, floor: newest } } as typeof effect];
        });
    }),
  },
  'private-memory-kept': {
    sentence: 'private memory of an earlier incumbent is still there for the next one',
    wrap: misled('rcomp', PrivateRegion.prototype, 'read', (read) => {
      const seen = new Map<number, number>();
      return (self, address, size, into) => {
        Reflect.apply(read, self, [address, size, into]);
        for (let i = 0; i < size; i += 1) {
          if (into[i] === 0) into[i] = seen.get(address + i) ?? 0;
          else seen.set(address + i, into[i]!);
        }
      };
    }),
  },
} satisfies Record<string, Mutation>;
