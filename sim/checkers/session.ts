/**
 * I13, rule 2: a runner that is started because another has committed sees that commit, on whichever node. A node stamps
 * a start with the newest version that the node itself has heard of; another may know more.
 */

import { attemptKey } from '../../src/actors/control-block.ts';
import { agentOf } from '../../src/actors/placement.ts';
import { attemptText } from '../names.ts';
import { type Checker, NOTHING } from './checker.ts';

export const session: Checker = {
  id: 'I13',
  sentence: 'a commit acknowledged before an attempt was dispatched is in its snapshot',
  watch: ({ setting: { config } }) => {
    // In rounds all members share the version at which the round began.
    if (config.deterministic) return {};
    const dispatched = new Map<string, number>();
    const heard = new Map<number, { readonly incarnation: number; readonly readable: number }>();
    const hears = (agent: number, readable: number) => {
      const before = heard.get(agent);
      if (before !== undefined)
        heard.set(agent, { ...before, readable: Math.max(before.readable, readable) });
      return NOTHING;
    };
    return {
      sent: {
        join({ from, message: { incarnation } }) {
          heard.set(Number(from.id), { incarnation, readable: 0 });
          return NOTHING;
        },
        *dispatch({ message, decided }) {
          for (const { attempt, at } of message.assignments) {
            dispatched.set(attemptKey(attempt), at);
            if (at !== decided) yield `${attemptText(attempt)} is dispatched at ${at}, decided ${decided}`;
          }
        },
      },
      delivered: {
        news: ({ to, message: { news } }) => hears(Number(to.id), news.readable),
        dispatch({ to, message: { news, incarnation } }) {
          const agent = Number(to.id);
          // A node that has started anew does not heed what its earlier life was sent.
          return incarnation === heard.get(agent)?.incarnation ? hears(agent, news.readable) : NOTHING;
        },
      },
      restarted() {
        heard.clear();
        return NOTHING;
      },
      *started({ attempt, sv, rcomp }) {
        const key = attemptKey(attempt);
        const at = dispatched.get(key) ?? 0;
        dispatched.delete(key);
        if (sv < at) yield `${key} starts at ${sv}, dispatched at ${at}`;
        const readable = heard.get(agentOf(rcomp, config))?.readable ?? 0;
        if (sv < readable) yield `${key} starts at ${sv} when its node has heard of ${readable}`;
      },
    };
  },
};
