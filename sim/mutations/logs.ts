/** Planted bugs of what goes into the log, and of the master that is made from it. */

import type { Effect } from '../../src/actors/behaviour.ts';
import type { Decided } from '../../src/actors/decided.ts';
import type { MasterState } from '../../src/actors/master-state.ts';
import { changing, doing, type Mutation } from './mutation.ts';

/** Keeps records of a type out of the log. */
function unlogged(kind: 'master' | 'home', type: Decided['type']): Mutation['wrap'] {
  return doing(kind, (effect) => (effect.type === 'log' && effect.record.type === type ? [] : [effect]));
}

/** Spoils a master as the log has made it; one that has decided nothing stays as it is. */
function remade(spoil: (state: MasterState) => void): Mutation['wrap'] {
  return (create) => (init) => {
    const birth = create(init);
    const state = init.kind === 'master' ? (birth.actor.look?.() as MasterState) : null;
    if (state !== null && state.version > 0) spoil(state);
    return birth;
  };
}

export const LOG_MUTATIONS = {
  'stage-not-logged': {
    sentence: 'what a home holds for an attempt is not in the log',
    wrap: unlogged('home', 'staged'),
  },
  'commit-not-logged': {
    sentence: 'a commit is decided and not in the log',
    wrap: unlogged('master', 'committed'),
  },
  'end-not-logged': {
    sentence: 'how a runner ended without a commit is not in the log',
    wrap: unlogged('master', 'finished'),
  },
  'arrival-not-logged': {
    sentence: 'an arrival of input is decided and not in the log',
    wrap: unlogged('master', 'arrived'),
  },
  'logged-too-late': {
    sentence: 'what a step decides is in the log only once the next one decides something',
    wrap: changing('master', (receive) => {
      let held: Effect[] = [];
      return (message) => {
        const effects = receive(message);
        const records = effects.filter(({ type }) => type === 'log');
        if (records.length === 0) return effects;
        const late = held;
        held = records;
        return [...late, ...effects.filter(({ type }) => type !== 'log')];
      };
    }),
  },
  'watchers-not-remade': {
    sentence: 'a master that was made from the log has nobody who waits for commits',
    wrap: remade(({ index, runners }) => {
      for (const id of runners.keys()) index.delete(id);
    }),
  },
  'runner-not-remade': {
    sentence: 'a master that was made from the log forgets the first runner that could run',
    wrap: remade(({ pool }) => {
      pool.shift(0);
    }),
  },
  'output-begins-anew': {
    sentence: 'a master that was made from the log puts its output at the beginning of the channel',
    wrap: remade(({ channels }) => {
      for (const channel of channels.values()) channel.offset = 0;
    }),
  },
  'activations-begin-anew': {
    sentence: 'a master that was made from the log counts the activations of a persistent watcher anew',
    wrap: remade(({ runners }) => {
      for (const record of runners.values()) record.activation = 0;
    }),
  },
} satisfies Record<string, Mutation>;
