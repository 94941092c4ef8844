/** Drawn programs as plans: what each runner does, in terms that shrink well. `compile.ts` makes instructions of them. */

import fc from 'fast-check';
import type { FaultCause } from '../../src/isa/fault.ts';
import type { ValueType } from '../../src/isa/value-type.ts';
import { HOT_BYTES, MERGE_WORDS, STACK_BYTES, STATUS_RECORDS } from './arenas.ts';

/** How an operand names its address. */
export type Mode = 'direct' | 'indirect' | 'displacement';

export type Integer = Exclude<ValueType, 'fs' | 'fd'>;

/** Bytes of the hot arena, where runners collide. */
export interface Hot {
  readonly offset: number;
  readonly type: Integer;
  readonly mode: Mode;
}

export type Op =
  /** A blind write. */
  | { readonly kind: 'set'; readonly hot: Hot; readonly value: number }
  /** Reads, changes and writes. */
  | { readonly kind: 'change'; readonly hot: Hot; readonly by: Change; readonly value: number }
  /** Adds a hot value to the accumulator; `put` writes that. */
  | { readonly kind: 'take'; readonly hot: Hot }
  | { readonly kind: 'put'; readonly hot: Hot }
  | {
      readonly kind: 'print';
      readonly channel: 'stdout' | 'stderr';
      readonly type: Integer;
      readonly value: number | null;
    }
  | { readonly kind: 'stack-set'; readonly offset: number; readonly type: Integer; readonly value: number }
  | { readonly kind: 'stack-take'; readonly offset: number; readonly type: Integer }
  | {
      readonly kind: 'scratch';
      readonly offset: number;
      readonly type: Integer;
      readonly value: number | null;
    }
  | {
      readonly kind: 'context';
      readonly word: 'id' | 'seed' | 'child' | 'stack' | 'stack_size' | 'heap_count' | 'list';
    }
  | { readonly kind: 'contribute'; readonly word: number; readonly value: number }
  | { readonly kind: 'merge-take'; readonly word: number }
  /** Skips the next operation if the comparison holds. */
  | {
      readonly kind: 'skip-if';
      readonly hot: Hot;
      readonly option: 'l' | 'ge' | 'e' | 'ne';
      readonly value: number;
    }
  /** Performs the next operation so many times. */
  | { readonly kind: 'repeat'; readonly times: number }
  | { readonly kind: 'burn'; readonly rounds: number }
  /** Calls a subroutine that adds to the accumulator. */
  | { readonly kind: 'call' }
  /** Rewrites the constant in another runner's code. */
  | { readonly kind: 'patch'; readonly plan: number; readonly value: number }
  | { readonly kind: 'leave'; readonly option: 'c' | 'a' }
  /** An access of which the first half is heap and the second half stack. */
  | { readonly kind: 'straddle'; readonly value: number | null }
  /** Creates a runner whose first instruction is none. */
  | { readonly kind: 'stillborn' }
  | { readonly kind: 'signal-take'; readonly word: number }
  | { readonly kind: 'fault'; readonly cause: Provoked; readonly variant: number };

export type Change = 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor';

/** The faults that a drawn program provokes. */
export type Provoked = Exclude<FaultCause, 'too-many-children' | 'private-memory-limit' | 'compartment-lost'>;

export interface Watch {
  readonly ranges: readonly Watched[];
  readonly persistent: boolean;
  /** How often it creates itself anew, or works if it is persistent. */
  readonly again: number;
  /** Where it counts that: in a cell of the heap, or in the stack image that it hands over. */
  readonly counts: 'cell' | 'stack';
  /** A persistent watcher that has done its work detaches, or goes on doing nothing. */
  readonly detaches: boolean;
}

export type Watched =
  | { readonly on: 'hot'; readonly offset: number; readonly length: number }
  | { readonly on: 'status'; readonly record: number }
  | { readonly on: 'merge'; readonly word: number }
  | { readonly on: 'signal'; readonly word: number }
  | { readonly on: 'nothing' };

export interface Plan {
  /** Index of the plan whose runner creates this one; plan 0 is the entry runner. Compiled modulo what is there. */
  readonly parent: number;
  /** Before which of the parent's operations it is created. */
  readonly place: number;
  readonly ops: readonly Op[];
  readonly stack: { readonly offset: number; readonly length: number };
  /** What the parent writes to the stack; null is its accumulator. */
  readonly gifts: readonly { readonly offset: number; readonly value: number | null }[];
  /** Declared beyond what the operations need, in the hot arena. */
  readonly extra: readonly { readonly offset: number; readonly length: number }[];
  readonly watch: Watch | null;
  readonly serializable: boolean;
  readonly status: number | null;
  readonly exit: 'c' | 'a' | 'cd' | 'ad';
}

export interface ProgramPlan {
  readonly plans: readonly Plan[];
  /** Merge type of each merge word, by the runners that contribute; odd plans may differ. */
  readonly merges: readonly number[];
  /** Whether the hot arena is assembled: then all may read it undeclared. */
  readonly assembledHot: boolean;
  /** Whether runners leave undeclared what they only read, if they may. */
  readonly undeclaredReads: boolean;
  readonly smallBoundary: boolean;
}

const integers: readonly Integer[] = ['q', 'b', 'w', 'd', 'ub', 'uw', 'ud', 'uq'];
const type = fc.constantFrom<Integer>('q', ...integers);
const value = fc.oneof({ weight: 4, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.integer() });
const hotOffset = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(16, 24, 0, 20) },
  { weight: 1, arbitrary: fc.nat(HOT_BYTES - 1) },
);
const hot: fc.Arbitrary<Hot> = fc.record({
  offset: hotOffset,
  type,
  mode: fc.constantFrom<Mode>('direct', 'direct', 'indirect', 'displacement'),
});
const stackOffset = fc.nat(STACK_BYTES - 8);
const mergeWord = fc.nat(MERGE_WORDS - 1);

const causes: readonly Provoked[] = [
  'illegal-instruction',
  'bad-branch-target',
  'read-outside-ranges',
  'write-outside-ranges',
  'write-to-read-only',
  'region-crossing',
  'register-indirect',
  'divide-by-zero',
  'divide-overflow',
  'float-to-integer',
  'bad-runner-control',
  'too-many-ranges',
  'bad-merge-store',
  'fuel',
];

const change = fc.record({
  kind: fc.constant('change' as const),
  hot,
  by: fc.constantFrom<Change>('add', 'sub', 'mul', 'and', 'or', 'xor'),
  value,
});

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 12, arbitrary: change },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), hot, value }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const), hot }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), hot }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('print' as const),
      channel: fc.constantFrom('stdout' as const, 'stderr' as const),
      type,
      value: fc.option(value),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('stack-set' as const), offset: stackOffset, type, value }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('stack-take' as const), offset: stackOffset, type }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('scratch' as const),
      offset: fc.nat(31),
      type,
      value: fc.option(value),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('context' as const),
      word: fc.constantFrom('id', 'seed', 'child', 'stack', 'stack_size', 'heap_count', 'list'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('contribute' as const), word: mergeWord, value }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('merge-take' as const), word: mergeWord }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('skip-if' as const),
      hot,
      option: fc.constantFrom('l' as const, 'ge' as const, 'e' as const, 'ne' as const),
      value: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('repeat' as const), times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('burn' as const), rounds: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('call' as const, 'stillborn' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('straddle' as const), value: fc.option(value) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('signal-take' as const), word: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('patch' as const), plan: fc.nat(11), value: fc.nat(9) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      option: fc.constantFrom('c' as const, 'a' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      cause: fc.constantFrom(...causes, 'bad-runner-control' as const),
      variant: fc.nat(13),
    }),
  },
) as fc.Arbitrary<Op>;

const watched: fc.Arbitrary<Watched> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      on: fc.constant('hot' as const),
      offset: hotOffset,
      length: fc.constantFrom(8, 1, 4, 16),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ on: fc.constant('status' as const), record: fc.nat(STATUS_RECORDS - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('merge' as const), word: mergeWord }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('signal' as const), word: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ on: 'nothing' as const }) },
);

const watch: fc.Arbitrary<Watch> = fc.record({
  ranges: fc.array(watched, { minLength: 1, maxLength: 3 }),
  persistent: fc.boolean(),
  again: fc.nat(3),
  counts: fc.constantFrom('cell' as const, 'stack' as const),
  detaches: fc.boolean(),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  parent: fc.oneof(fc.constant(0), fc.nat(11)),
  place: fc.nat(6),
  ops: fc.array(op, { maxLength: 5 }),
  stack: fc.record({ offset: fc.nat(24), length: fc.constantFrom(0, 8, 16, 24) }),
  gifts: fc.array(fc.record({ offset: fc.nat(16), value: fc.option(fc.nat(99), { freq: 1 }) }), {
    maxLength: 2,
  }),
  extra: fc.array(fc.record({ offset: hotOffset, length: fc.nat(8) }), { maxLength: 1 }),
  watch: fc.option(watch, { freq: 2 }),
  serializable: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  status: fc.option(fc.nat(STATUS_RECORDS), { freq: 4 }),
  exit: fc.oneof(
    { weight: 8, arbitrary: fc.constant('c' as const) },
    { weight: 1, arbitrary: fc.constantFrom('a' as const, 'cd' as const, 'ad' as const) },
  ),
});

/** Programs of 1 to 12 plans that end, whatever the order of commits. */
export const anyProgramPlan: fc.Arbitrary<ProgramPlan> = fc.record({
  plans: fc.oneof(
    { weight: 1, arbitrary: fc.array(plan, { minLength: 1, maxLength: 12, size: 'max' }) },
    { weight: 3, arbitrary: fc.array(plan, { minLength: 5, maxLength: 12, size: 'max' }) },
  ),
  merges: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 6 }) },
    ),
    {
      minLength: MERGE_WORDS,
      maxLength: MERGE_WORDS,
    },
  ),
  assembledHot: fc.boolean(),
  undeclaredReads: fc.boolean(),
  smallBoundary: fc.boolean(),
});
