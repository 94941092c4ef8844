/** Planted bugs of runners and watchers: who starts, when, from what. */

import type { ControlBlock } from '../../src/actors/control-block.ts';
import { StackImages } from '../../src/actors/stack-images.ts';
import { Starvation } from '../../src/actors/starvation.ts';
import { RangeIndex } from '../../src/memory/range-index.ts';
import { WriteHistory } from '../../src/memory/write-history.ts';
import { changing, doing, hearing, type Mutation, misled, withEnds } from './mutation.ts';

export const RUNNER_MUTATIONS = {
  'retry-keeps-children': {
    sentence: "a retry keeps the earlier attempt's children",
    wrap: (create) => {
      const earlier = new Map<bigint, readonly ControlBlock[]>();
      return doing('rcomp', (effect) => {
        if (effect.type !== 'send' || effect.message.type !== 'ended') return [effect];
        const { attempt, end } = effect.message;
        if (end.type !== 'commit') return [effect];
        const before = earlier.get(attempt.runner) ?? [];
        earlier.set(attempt.runner, end.children);
        const children = [...before, ...end.children.slice(before.length)];
        return [{ ...effect, message: { ...effect.message, end: { ...end, children } } } as typeof effect];
      })(create);
    },
  },
  'children-before-the-commit': {
    sentence: 'children are born when their parent asks for its commit, whether it is granted or not',
    wrap: hearing('master', (message) =>
      withEnds(message, ({ attempt, end }) =>
        end.type === 'commit' && end.children.length > 0
          ? { attempt, end: { ...end, spans: [], reads: [] } }
          : { attempt, end },
      ),
    ),
  },
  'image-not-inherited': {
    sentence: "a child's stack image leaves out what its parent had there and did not write",
    wrap: misled(
      'rcomp',
      StackImages.prototype,
      'imageFor',
      (imageFor) => (self, child, _own, writes) =>
        Reflect.apply(imageFor, self, [child, { base: 0, length: 0 }, writes]),
    ),
  },
  'stack-not-reset': {
    sentence: 'an attempt starts with an empty stack instead of its image',
    wrap: hearing('rcomp', (message) =>
      message.type === 'start' ? { ...message, control: { ...message.control, image: [] } } : message,
    ),
  },
  'watching-from-the-commit': {
    sentence: "a watcher counts from its creator's commit, not from its creator's snapshot",
    wrap: misled('master', WriteHistory.prototype, 'firstTouch', () => () => null),
  },
  'touched-by-page': {
    sentence: 'a commit touches the watchers of its pages',
    wrap: misled(
      'master',
      RangeIndex.prototype,
      'touched',
      (touched, { config: { pageSize } }) =>
        (self, spans) =>
          Reflect.apply(touched, self, [
            spans.map((span) => {
              const base = span.base - (span.base % pageSize);
              return { base, length: Math.ceil((span.base + span.length) / pageSize) * pageSize - base };
            }),
          ]),
    ),
  },
  'notice-lost': {
    sentence: 'a program is over while a notice to a watcher is under way',
    wrap: changing('master', (receive) => {
      const delayed: unknown[] = [];
      return (message) =>
        receive(message).filter((effect) => {
          if (effect.type !== 'send' || effect.message.type !== 'committed') return true;
          delayed.push(effect);
          return delayed.length % 3 !== 0;
        });
    }),
  },
  'fires-early': {
    sentence: 'a watcher starts at the version before the commit that fired it',
    wrap: changing('master', (receive) => {
      const fired = new Set<bigint>();
      return (message) =>
        receive(message).map((effect) => {
          if (effect.type === 'trace' && effect.event.type === 'fired') fired.add(effect.event.watcher);
          if (effect.type !== 'send' || effect.message.type !== 'dispatch') return effect;
          const assignments = effect.message.assignments.map((assignment) =>
            fired.has(assignment.attempt.runner)
              ? { ...assignment, at: assignment.at - 1, exact: true }
              : assignment,
          );
          return { ...effect, message: { ...effect.message, assignments } } as typeof effect;
        });
    }),
  },
  'consumed-at-its-start': {
    sentence: 'a watcher is consumed when it starts, and lost with its compartment',
    wrap: changing('master', (receive) => {
      const watchers = new Set<bigint>();
      return (message) => {
        const heard = withEnds(message, ({ attempt, end }) =>
          end.type === 'lost' && watchers.has(attempt.runner)
            ? { attempt, end: { type: 'abort', sv: end.sv, detach: false, executed: 0 } }
            : { attempt, end },
        );
        const effects = receive(heard);
        for (const effect of effects)
          if (effect.type === 'spawn' && effect.init.kind === 'watcher') watchers.add(effect.init.id);
        return effects;
      };
    }),
  },
  'starvation-ignored': {
    sentence: 'nobody waits for a runner that is starving',
    wrap: misled('master', Starvation.prototype, 'delays', () => () => false),
  },
} satisfies Record<string, Mutation>;
