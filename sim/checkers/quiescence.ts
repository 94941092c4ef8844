/**
 * I32: at rest nothing is left that somebody would have to remember. An attempt that staged and was then given up, with
 * nobody to tell the home, would be held there for ever.
 */

import { type Address, nameOfAddress } from '../../src/actors/address.ts';
import { type AttemptId, attemptKey } from '../../src/actors/control-block.ts';
import { agentOf } from '../../src/actors/placement.ts';
import { Standing } from '../evidence/standing.ts';
import type { Delivery } from '../network.ts';
import { type Checker, type Letter, NOTHING } from './checker.ts';

interface Staged {
  readonly attempt: AttemptId;
  readonly home: string;
  readonly sv: number;
}

export const quiescence: Checker = {
  id: 'I32',
  sentence: 'at rest every start has ended, and whatever was staged is decided, dropped or below the floor',
  watch: ({ setting: { config } }) => {
    /** RComps by the attempts that they were started on. */
    const running = new Map<string, number>();
    /** Agents by the attempts that have ended and of which the master has not heard. */
    const unreported = new Map<string, number>();
    const staged = new Map<string, Staged>();
    const floors = new Map<string, number>();
    let standing = new Standing(config);
    const forget = (isGone: (home: string) => boolean) => {
      for (const [what, { home }] of staged) if (isGone(home)) staged.delete(what);
      return NOTHING;
    };
    /** Attempts whose RComp died, or whose end died with the agent: nobody was left to drop what they had staged. */
    const orphans = new Set<string>();
    const lost = (attempts: Map<string, number>, isLost: (id: number) => boolean) => {
      for (const [key, id] of attempts)
        if (isLost(id)) {
          attempts.delete(key);
          orphans.add(key);
        }
      return NOTHING;
    };
    const settled = ({ to, message }: Letter<Delivery, 'drop' | 'decide'>) => {
      if (message.attempt !== null) staged.delete(placeOf(message.attempt, to));
      return NOTHING;
    };
    return {
      sent: {
        start({ to, message }) {
          running.set(attemptKey(message.attempt), Number(to.id));
          return NOTHING;
        },
        ended({ message }) {
          const key = attemptKey(message.attempt);
          running.delete(key);
          unreported.set(key, agentOf(message.rcomp, config));
          return NOTHING;
        },
        'agent-lost'({ message }) {
          const dead = Number(message.agent.id);
          standing.died(dead);
          forget((home) => home.endsWith(`@${dead}`));
          lost(running, (rcomp) => agentOf(rcomp, config) === dead);
          return lost(unreported, (agent) => agent === dead);
        },
        retired({ from }) {
          standing.retired(from);
          return forget((home) => home === nameOfAddress(from));
        },
        kept({ message: { agent, replicas } }) {
          standing.made(Number(agent.id), replicas);
          return NOTHING;
        },
      },
      delivered: {
        left({ message }) {
          // Only what nobody wants any more was still running there.
          const gone = Number(message.agent.id);
          lost(running, (rcomp) => agentOf(rcomp, config) === gone);
          return lost(unreported, (agent) => agent === gone);
        },
        ends({ message: { ends } }) {
          for (const { attempt } of ends) unreported.delete(attemptKey(attempt));
          return NOTHING;
        },
        'rcomp-lost': ({ message }) => lost(running, (rcomp) => rcomp === message.rcomp),
        stage({ to, message: { attempt, sv, replica }, repeated }) {
          // An arrival has no snapshot. One that comes when the program is over stays where it is staged.
          if (!repeated && sv !== null && standing.is(to, replica))
            staged.set(placeOf(attempt, to), { attempt, home: nameOfAddress(to), sv });
          return NOTHING;
        },
        drop: settled,
        decide: settled,
        floor({ to, message: { floor } }) {
          const home = nameOfAddress(to);
          floors.set(home, Math.max(floors.get(home) ?? 0, floor));
          return NOTHING;
        },
      },
      restarted({ floor }) {
        standing = new Standing(config);
        for (const known of [running, unreported, staged, floors]) known.clear();
        for (const home of standing.all) floors.set(nameOfAddress(home), floor);
        return NOTHING;
      },
      *over({ summary }) {
        for (const [key, rcomp] of running) yield `${key} was started on RComp ${rcomp} and never ended`;
        if (summary.status === 'failed') return;
        for (const [what, { attempt, home, sv }] of staged) {
          const isForgotten = sv < (floors.get(home) ?? 0);
          if (!isForgotten && !orphans.has(attemptKey(attempt))) yield `${what} is still staged`;
        }
      },
    };
  },
};

function placeOf(attempt: AttemptId, home: Address): string {
  return `${attemptKey(attempt)} at ${nameOfAddress(home)}`;
}
