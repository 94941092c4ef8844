/** Planted bugs of who keeps which pages: replicas that come, copy, let go and die. */

import type { Actor } from '../../src/actors/actor.ts';
import type { Effect } from '../../src/actors/behaviour.ts';
import type { HomeState } from '../../src/actors/page-home.ts';
import type { MessageTo } from '../../src/actors/protocol.ts';
import { changing, doing, hearing, type Mutation, withEnds } from './mutation.ts';

/** Replaces how homes receive, with a hand in their state. */
function meddlingWithHomes(
  change: (receive: Actor['receive'], state: HomeState) => (message: MessageTo['home']) => readonly Effect[],
): Mutation['wrap'] {
  return (create) => (init) => {
    const birth = create(init);
    if (init.kind !== 'home') return birth;
    const { actor } = birth;
    const look = () => actor.look?.();
    const receive = change((message) => actor.receive(message), look() as HomeState);
    return { ...birth, actor: { receive: (message) => receive(message as MessageTo['home']), look } };
  };
}

export const REPLICA_MUTATIONS = {
  'outdated-accepted': {
    sentence: 'a commit is decided that a replica does not hold which has come since',
    wrap: hearing('master', (message) =>
      withEnds(message, ({ attempt, end }) => ({
        attempt,
        end: end.type === 'commit' ? { ...end, generation: Number.MAX_SAFE_INTEGER } : end,
      })),
    ),
  },
  'copied-too-early': {
    sentence: 'a replica is copied before it has applied what was decided before',
    wrap: hearing('home', (message) =>
      message.type === 'copy' || message.type === 'pull' ? { ...message, needs: 0 } : message,
    ),
  },
  'copied-without-the-rest': {
    sentence: 'a copy ends with its first part',
    wrap: doing('home', (effect) =>
      effect.type === 'send' && effect.message.type === 'part'
        ? [
            {
              ...effect,
              message: { ...effect.message, last: true, pages: effect.message.pages.slice(0, 1) },
            } as typeof effect,
          ]
        : [effect],
    ),
  },
  'copied-newest-only': {
    sentence: 'a copy has the newest version of a page alone, and says that it holds from the beginning',
    wrap: doing('home', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'part') return [effect];
      const pages = effect.message.pages.map(({ page, versions }) => ({
        page,
        versions: [{ ...versions.at(-1)!, from: 0 }],
      }));
      return [{ ...effect, message: { ...effect.message, pages } } as typeof effect];
    }),
  },
  'missed-while-copying': {
    sentence: 'what is decided while a home is copied is forgotten',
    wrap: meddlingWithHomes(
      (receive, state) => (message) =>
        message.type === 'decide' && state.copying !== null ? [] : receive(message),
    ),
  },
  'answers-while-copying': {
    sentence: 'a replica that still copies answers from what it has',
    wrap: meddlingWithHomes((receive, state) => (message) => {
      const { copying } = state;
      if (message.type !== 'fetch' || copying === null) return receive(message);
      state.copying = null;
      const effects = receive({ ...message, needs: 0 });
      state.copying = copying;
      return effects;
    }),
  },
  'ready-at-once': {
    sentence: 'a replica counts as ready before it has copied anything',
    wrap: doing('home', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'pull') return [effect];
      const { from, replica } = effect.message;
      return [
        effect,
        {
          type: 'send',
          to: { node: 0, kind: 'master', id: 0 },
          message: { type: 'copied', home: Number(from.id), replica },
        },
      ];
    }),
  },
  'one-replica-told': {
    sentence: 'a commit is told to one replica of each home only',
    wrap: changing('master', (receive) => (message) => {
      const told = new Set<string>();
      return receive(message).filter((effect) => {
        if (effect.type !== 'send' || effect.message.type !== 'decide') return true;
        const key = `${effect.to.id} ${effect.message.version}`;
        const isFirst = !told.has(key);
        told.add(key);
        return isFirst;
      });
    }),
  },
  'places-not-passed-on': {
    sentence: 'RComps do not hear who keeps which pages from now on',
    wrap: doing('agent', (effect) =>
      effect.type === 'send' && effect.message.type === 'places' ? [] : [effect],
    ),
  },
  'input-not-staged-again': {
    sentence: 'I/O actors do not hear who keeps which pages from now on',
    wrap: doing('master', (effect) =>
      effect.type === 'send' && effect.to.kind === 'io' && effect.message.type === 'places' ? [] : [effect],
    ),
  },
  'left-with-pages': {
    sentence: 'a node is let go before others have its pages',
    wrap: doing('master', (effect, message) =>
      effect.type === 'send' && effect.message.type === 'recall' && message.type === 'leave'
        ? [
            effect,
            {
              type: 'send',
              to: message.client,
              message: { type: 'left', agent: message.agent, incarnation: message.incarnation },
            },
          ]
        : [effect],
    ),
  },
} satisfies Readonly<Record<string, Mutation>>;
