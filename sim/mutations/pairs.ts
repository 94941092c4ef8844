/** Planted bugs two at a time: one may hide what the other would show. */

import type { MUTATIONS } from './all.ts';

type Name = keyof typeof MUTATIONS;

export const MUTATION_PAIRS: readonly (readonly [Name, Name])[] = [
  ['answered-too-early', 'cache-never-asks'],
  ['no-validation', 'notice-lost'],
  ['stale-attempt-accepted', 'attempt-numbers-reused'],
  ['output-released-twice', 'aborted-output-kept'],
  ['children-before-the-commit', 'retry-keeps-children'],
  ['stack-committed', 'stack-not-reset'],
  ['collected-too-early', 'undecided-snapshot'],
  ['stage-not-logged', 'copied-too-early'],
  ['end-not-logged', 'attempt-numbers-reused'],
  ['logged-too-late', 'output-released-twice'],
];
