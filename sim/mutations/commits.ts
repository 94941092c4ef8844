/** Planted bugs of what is decided, and of what a decision makes of memory. */

import { addressOf } from '../../src/actors/address.ts';
import { type Effect, send } from '../../src/actors/behaviour.ts';
import { Compartment } from '../../src/actors/compartment.ts';
import { attemptKey } from '../../src/actors/control-block.ts';
import { MergeReads } from '../../src/actors/merge-reads.ts';
import type { AttemptEnd } from '../../src/actors/protocol.ts';
import type { PagePatch, PatchRun } from '../../src/memory/patch.ts';
import type { Range } from '../../src/memory/ranges.ts';
import { coalesce, type Span } from '../../src/memory/span.ts';
import { WriteHistory } from '../../src/memory/write-history.ts';
import { WriteSet } from '../../src/memory/write-set.ts';
import { within } from '../model/extent.ts';
import { changing, doing, hearing, type Mutation, misled, together, withEnds } from './mutation.ts';

/** As many as a simulated cluster ever has. */
const EVERY_REPLICA = Array.from({ length: 64 }, (_, replica) => replica);

type Commit = Extract<AttemptEnd, { readonly type: 'commit' }>;
type Stage = { readonly type: 'stage'; readonly patches: readonly PagePatch[] };

/** Rewrites what RComps stage. */
function staging(rewrite: (run: PatchRun) => readonly PatchRun[]): Mutation['wrap'] {
  return doing('rcomp', (effect) => {
    if (effect.type !== 'send' || effect.message.type !== 'stage') return [effect];
    const { patches } = effect.message as Stage;
    const rewritten = patches.map(({ page, runs }) => ({ page, runs: runs.flatMap(rewrite) }));
    return [{ ...effect, message: { ...effect.message, patches: rewritten } } as typeof effect];
  });
}

/** Validation that asks about other spans than the commit's. */
function validating(
  rewrite: (spans: readonly Span[], pageSize: number) => readonly Span[],
): Mutation['wrap'] {
  return misled(
    'master',
    WriteHistory.prototype,
    'conflict',
    (conflict, { config }) =>
      (self, spans, sv) =>
        Reflect.apply(conflict, self, [rewrite(spans, config.pageSize), sv]),
  );
}

/** Stages what runners write to their stacks, too. `beside`: what else goes wrong, knowing whether a byte is stack. */
export function stagingStacks(
  beside: (isStack: (address: number) => boolean) => Mutation['wrap'] = () => (create) => create,
): Mutation['wrap'] {
  return (create) => {
    let stack: Range = { base: 0, length: 0 };
    return together(
      misled(
        'rcomp',
        WriteSet.prototype,
        'patches',
        (patches) => (self, ranges) =>
          Reflect.apply(patches, self, [stack.length === 0 ? ranges : [...ranges, { ...stack, merge: 0 }]]),
      ),
      beside((address) => within([stack], address)),
      hearing('rcomp', (message) => {
        if (message.type === 'start') stack = message.control.stack;
        return message;
      }),
    )(create);
  };
}

export const COMMIT_MUTATIONS = {
  'decided-before-staged': {
    sentence: 'an attempt asks for its commit before every home has answered',
    wrap: changing('rcomp', (receive) => (message) => {
      const effects = receive(message);
      const staged = effects.flatMap((effect): Effect[] => {
        if (effect.type !== 'send' || effect.message.type !== 'stage') return [];
        const { attempt } = effect.message;
        return EVERY_REPLICA.flatMap((replica) => [...receive({ type: 'staged', replica, attempt })]);
      });
      return [...effects, ...staged];
    }),
  },
  'no-validation': {
    sentence: 'commits are not validated',
    wrap: misled('master', WriteHistory.prototype, 'conflict', () => () => null),
  },
  'validated-from-next': {
    sentence: 'the first commit after the snapshot is left out of validation',
    wrap: misled(
      'master',
      WriteHistory.prototype,
      'conflict',
      (conflict) => (self, spans, sv) => Reflect.apply(conflict, self, [spans, sv + 1]),
    ),
  },
  'starts-compared': {
    sentence: 'written ranges are compared by their starts only',
    wrap: validating((spans) => spans.map((span) => ({ ...span, length: 1 }))),
  },
  'last-byte-forgotten': {
    sentence: 'the last byte of a written range is not validated',
    wrap: validating((spans) =>
      spans.flatMap((span) => (span.length > 1 ? [{ ...span, length: span.length - 1 }] : [])),
    ),
  },
  'page-grain': {
    sentence: 'commits conflict by pages',
    wrap: validating((spans, pageSize) =>
      spans.map((span) => {
        const base = span.base - (span.base % pageSize);
        const end = Math.ceil((span.base + span.length) / pageSize) * pageSize;
        return { base, length: end - base, merge: span.merge };
      }),
    ),
  },
  'contributions-conflict': {
    sentence: 'contributions to a merge word conflict with each other',
    wrap: validating((spans) => spans.map((span) => ({ ...span, merge: 0 }))),
  },
  'merge-reads-unvalidated': {
    sentence: 'a merge word that was loaded is not validated',
    wrap: misled('rcomp', MergeReads.prototype, 'validated', () => () => []),
  },
  'predicates-unvalidated': {
    sentence: 'what a serializable runner could read is not validated',
    wrap: misled('rcomp', Compartment.prototype, 'validatedReads', () => () => []),
  },
  'values-compared': {
    sentence: 'a store of the value that was there before does not count as a write',
    wrap: withPages((effect, page, effects) => {
      if (effect.type !== 'send' || effect.message.type !== 'ended') return effect;
      const { end } = effect.message;
      const [ran] = effects.flatMap((one) =>
        one.type === 'trace' && one.event.type === 'attempt' ? [one.event] : [],
      );
      if (end.type !== 'commit' || ran === undefined) return effect;
      const spans = ran.patches.flatMap((patch) => {
        const { bytes: old, start } = page(patch.page);
        return patch.runs.flatMap(({ address, bytes, merge }) =>
          [...bytes.keys()]
            .filter((i) => merge !== 0 || bytes[i] !== old[address + i - start])
            .map((i) => ({ base: address + i, length: 1, merge })),
        );
      });
      return {
        ...effect,
        message: { ...effect.message, end: { ...end, spans: coalesce(spans) } },
      } as typeof effect;
    }),
  },
  'whole-page-written': {
    sentence: 'whole pages are written back, with bytes that the attempt only read',
    wrap: withPages((effect, page) => {
      if (effect.type !== 'send' || effect.message.type !== 'stage') return effect;
      const patches = (effect.message as Stage).patches.map((patch): PagePatch => {
        const { bytes, start } = page(patch.page);
        return { page: patch.page, runs: [{ address: start, bytes, merge: 0 }, ...patch.runs] };
      });
      return { ...effect, message: { ...effect.message, patches } } as typeof effect;
    }),
  },
  'through-a-double': {
    sentence: 'a 64-bit word goes through a JavaScript number',
    wrap: staging((run) => {
      const bytes = run.bytes.slice();
      const words = new DataView(bytes.buffer);
      for (let at = 0; at + 8 <= bytes.length; at += 8)
        words.setBigInt64(at, BigInt.asIntN(64, BigInt(Number(words.getBigInt64(at, true)))), true);
      return [{ ...run, bytes }];
    }),
  },
  'contribution-applied-twice': {
    sentence: 'a commit record is applied twice, so that a sum counts twice',
    wrap: staging((run) => (run.merge === 1 ? [run, run] : [run])),
  },
  'first-home-only': {
    sentence: 'a commit of several homes is told to the first one only',
    wrap: changing('master', (receive) => {
      let told = 0;
      return (message) =>
        receive(message).filter((effect) => {
          if (effect.type !== 'send' || effect.message.type !== 'decide') return true;
          const first = effect.message.version !== told;
          told = effect.message.version;
          return first;
        });
    }),
  },
  'stack-committed': {
    sentence: 'what a runner wrote to its stack is committed',
    wrap: stagingStacks(),
  },
  'stale-attempt-accepted': {
    sentence: 'the end of an earlier attempt counts for the present one',
    wrap: changing('master', (receive) => {
      const latest = new Map<bigint, number>();
      return (message) => {
        const effects = receive(
          withEnds(message, ({ attempt, end }) => ({
            attempt: { ...attempt, number: latest.get(attempt.runner) ?? attempt.number },
            end,
          })),
        );
        for (const effect of effects)
          if (effect.type === 'send' && effect.message.type === 'dispatch')
            for (const { attempt } of effect.message.assignments) latest.set(attempt.runner, attempt.number);
        return effects;
      };
    }),
  },
  'output-released-early': {
    sentence: 'output is released before its commit is decided',
    wrap: changing('master', (receive) => {
      const released = new Set<string>();
      let offset = 0;
      return (message) => {
        const early: Effect[] = [];
        if (message.type === 'ends')
          for (const { attempt, end } of message.ends) {
            if (end.type !== 'commit' || released.has(attemptKey(attempt))) continue;
            released.add(attemptKey(attempt));
            for (const { channel, bytes } of end.output) {
              if (channel !== 'stdout') continue;
              early.push(send(addressOf('io', 0), { type: 'output', version: 0, offset, bytes }));
              offset += bytes.length;
            }
          }
        const late = receive(message).filter(
          (effect) => !(effect.type === 'send' && effect.message.type === 'output' && effect.to.id === 0),
        );
        return [...early, ...late];
      };
    }),
  },
  'output-released-twice': {
    sentence: 'output is released twice',
    wrap: changing('master', (receive) => {
      const offsets = new Map<unknown, number>();
      return (message) =>
        receive(message).flatMap((effect) => {
          if (effect.type !== 'send' || effect.message.type !== 'output') return [effect];
          const { bytes } = effect.message;
          const offset = offsets.get(effect.to.id) ?? 0;
          offsets.set(effect.to.id, offset + 2 * bytes.length);
          return [offset, offset + bytes.length].map(
            (at) => ({ ...effect, message: { ...effect.message, offset: at } }) as typeof effect,
          );
        });
    }),
  },
  'aborted-output-kept': {
    sentence: 'an aborted attempt still delivers its output',
    wrap: leavingSomething((memory) => ({ output: memory.output })),
  },
  'aborted-children-kept': {
    sentence: 'the children of an aborted parent come to life',
    wrap: leavingSomething((memory) => ({ children: memory.newborns() })),
  },
} satisfies Record<string, Mutation>;

/** An abort that is decided like a commit of a part of what the attempt did. */
function leavingSomething(part: (memory: Compartment) => Partial<Commit>): Mutation['wrap'] {
  return (create) => {
    let memory: Compartment | null = null;
    return together(
      doing('rcomp', (effect) => {
        if (effect.type !== 'send' || effect.message.type !== 'ended') return [effect];
        const { end, attempt } = effect.message;
        if (end.type !== 'abort' || memory?.control.id !== attempt.runner) return [effect];
        const nothing = { spans: [], reads: [], children: [], output: [], homes: [] };
        const commit = { ...end, ...nothing, type: 'commit', ...part(memory) };
        return [{ ...effect, message: { ...effect.message, end: commit } } as typeof effect];
      }),
      misled('rcomp', Compartment.prototype, 'instructionAt', (instructionAt) => (self, pc) => {
        memory = self;
        return Reflect.apply(instructionAt, self, [pc]);
      }),
    )(create);
  };
}

type PageOf = (page: number) => { readonly bytes: Uint8Array; readonly start: number };

/** Rewrites what an RComp does, knowing the pages of its snapshot. */
function withPages(
  rewrite: (effect: Effect, page: PageOf, effects: readonly Effect[]) => Effect,
): Mutation['wrap'] {
  return changing('rcomp', (receive, { config: { pageSize } }) => {
    const pages = new Map<number, Uint8Array | null>();
    const page: PageOf = (number) => ({
      bytes: pages.get(number) ?? new Uint8Array(pageSize),
      start: number * pageSize,
    });
    return (message) => {
      if (message.type === 'start') pages.clear();
      if (message.type === 'start' || message.type === 'pages')
        for (const { page: number, bytes } of message.pages) pages.set(number, bytes);
      const effects = receive(message);
      return effects.map((effect) => rewrite(effect, page, effects));
    };
  });
}
