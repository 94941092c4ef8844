/** Planted bugs of the machine around its runners: limits, records, versions, who is asked and who is told. */

import type { Effect } from '../../src/actors/behaviour.ts';
import type { Init } from '../../src/actors/init.ts';
import { RangeIndex } from '../../src/memory/range-index.ts';
import type { Range } from '../../src/memory/ranges.ts';
import { stagingStacks } from './commits.ts';
import { changing, doing, hearing, type Mutation, meddling, misled, withEnds } from './mutation.ts';

/** All of the shared region, and more. */
const EVERYTHING: readonly Range[] = [{ base: 0, length: 2 ** 46 }];

/** Actors of a kind that are made for other settings than the machine has. */
function configured<K extends Init['kind']>(
  kind: K,
  settings: (config: Extract<Init, { config: unknown }>['config']) => Partial<typeof config>,
): Mutation['wrap'] {
  return (create) => (init) =>
    init.kind === kind && 'config' in init
      ? create({ ...init, config: { ...init.config, ...settings(init.config) } } as Init)
      : create(init);
}

export const MACHINE_MUTATIONS = {
  'readers-rejected': {
    sentence: 'an attempt that only reads is validated like one that writes',
    wrap: hearing('master', (message) =>
      withEnds(message, ({ attempt, end }) => {
        if (end.type !== 'commit' || end.spans.length + end.children.length + end.output.length > 0)
          return { attempt, end };
        const output = [{ channel: 'stdout' as const, bytes: new Uint8Array() }];
        return { attempt, end: { ...end, reads: EVERYTHING, output } };
      }),
    ),
  },
  'version-skipped': {
    sentence: 'a version is assigned to nothing',
    wrap: meddling((receive, state) => (message) => {
      if (message.type === 'ends' && state.version === 2) state.version = 3;
      return receive(message);
    }),
  },
  'floor-never-told': {
    sentence: 'homes do not hear that old versions are no longer read',
    wrap: doing('master', (effect) =>
      effect.type === 'send' && effect.message.type === 'floor' ? [] : [effect],
    ),
  },
  'stack-smuggled': {
    sentence: 'what a runner wrote to its stack is staged, and not told to the master',
    wrap: stagingStacks((isStack) =>
      doing('rcomp', (effect) => {
        if (effect.type !== 'send' || effect.message.type !== 'ended') return [effect];
        const { end } = effect.message;
        if (end.type !== 'commit') return [effect];
        const spans = end.spans.filter(({ base }) => !isStack(base));
        return [{ ...effect, message: { ...effect.message, end: { ...end, spans } } } as typeof effect];
      }),
    ),
  },
  'taken-for-dead': {
    sentence: 'an RComp that asks for pages is taken for dead and given the next attempt',
    wrap: changing('agent', (receive) => (message) => {
      const effects = receive(message);
      return message.type === 'need'
        ? [...effects, ...receive({ type: 'rcomp-lost', rcomp: message.rcomp })]
        : effects;
    }),
  },
  'attempt-numbers-reused': {
    sentence: 'a runner that runs again has the number of its first attempt',
    wrap: changing('master', (receive) => {
      const latest = new Map<bigint, number>();
      return (message) => {
        const heard = withEnds(message, ({ attempt, end }) => ({
          attempt: { ...attempt, number: latest.get(attempt.runner) ?? attempt.number },
          end,
        }));
        return receive(heard).map((effect) => {
          if (effect.type !== 'send' || effect.message.type !== 'dispatch') return effect;
          const assignments = effect.message.assignments.map((assignment) => {
            latest.set(assignment.attempt.runner, assignment.attempt.number);
            return { ...assignment, attempt: { ...assignment.attempt, number: 1 } };
          });
          return { ...effect, message: { ...effect.message, assignments } } as typeof effect;
        });
      };
    }),
  },
  'fires-twice': {
    sentence: 'a watcher that was touched is touched again before it starts',
    wrap: misled('master', RangeIndex.prototype, 'delete', () => () => true),
  },
  'activations-uncounted': {
    sentence: 'every activation of a persistent watcher counts as its first',
    wrap: meddling((receive, { runners }) => (message) => {
      const effects = receive(message);
      for (const record of runners.values())
        if (record.control.persistent && !record.touched) record.activation = 0;
      return effects;
    }),
  },
  'revoked-left-staged': {
    sentence: 'what a revoked attempt has staged stays at its homes',
    wrap: doing('agent', (effect) =>
      effect.type === 'send' && effect.message.type === 'drop' ? [] : [effect],
    ),
  },
  'limits-ignored': {
    sentence: 'RComps let runners have as many children and instructions as they like',
    wrap: configured('rcomp', ({ limits }) => ({
      fuel: 10_000,
      limits: { ...limits, children: 65_536 },
    })),
  },
  'room-ignored': {
    sentence: 'the machine lets more runners live than it has room for',
    wrap: configured('master', ({ limits }) => ({ limits: { ...limits, runners: 1_000_000 } })),
  },
  'losers-end': {
    sentence: 'the loser of a conflict ends though it is to run again',
    wrap: configured('master', () => ({ onConflict: 'abort' })),
  },
  'deaths-miscounted': {
    sentence: 'a runner faults when one compartment has died under it',
    wrap: configured('master', () => ({ compartmentDeaths: 1 })),
  },
  'summary-miscounts': {
    sentence: 'the summary leaves out a runner that committed',
    wrap: doing('master', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'done') return [effect];
      const { summary } = effect.message;
      const counts = { ...summary.counts, committed: Math.max(0, summary.counts.committed - 1) };
      return [
        { ...effect, message: { ...effect.message, summary: { ...summary, counts } } } as typeof effect,
      ];
    }),
  },
  'status-forgotten': {
    sentence: 'a runner with a status address ends without a record',
    wrap: hearing('master', (message) =>
      withEnds(message, ({ attempt, end }) => {
        if (end.type !== 'commit') return { attempt, end };
        const children = end.children.map((child) => ({ ...child, status: null }));
        return { attempt, end: { ...end, children } };
      }),
    ),
  },
  'rounds-by-arrival': {
    sentence: 'in deterministic rounds commits are decided as they arrive',
    wrap: configured('master', () => ({ deterministic: false })),
  },
  'output-overtakes': {
    sentence: 'output of a commit overtakes that of an earlier one',
    wrap: changing('master', (receive) => {
      let held: Effect[] = [];
      return (message) => {
        const done: Effect[] = [];
        for (const effect of receive(message)) {
          const type = effect.type === 'send' ? effect.message.type : '';
          if (type === 'output' && held.length === 0) held = [effect];
          else if (type === 'output') done.push(effect, ...held.splice(0));
          else if (type === 'flush') done.push(...held.splice(0), effect);
          else done.push(effect);
        }
        return done;
      };
    }),
  },
} satisfies Record<string, Mutation>;
