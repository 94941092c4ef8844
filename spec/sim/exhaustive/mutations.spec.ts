/** That exploring finds planted bugs, and how soon: not by luck, but since some order shows them. */

import { expect, it } from 'vitest';
import { DEFAULT_EXPLORATION, explore, replay } from '../../../sim/exhaustive/explore.ts';
import { inspected } from '../../../sim/exhaustive/judge.ts';
import { SMALL_PROGRAMS } from '../../../sim/exhaustive/programs.ts';
import { MUTATIONS } from '../../../sim/mutations/all.ts';
import { createActor } from '../../../src/actors/actor.ts';

/** The bug, the program that shows it, the execution that does, and whether it takes a death. */
const FOUND: readonly (readonly [string, keyof typeof SMALL_PROGRAMS, number, boolean])[] = [
  ['undecided-snapshot', 'one-child', 1, false],
  ['newest-served', 'write-skew', 15, false],
  ['answered-too-early', 'lost-update', 4, false],
  ['answered-too-early', 'watcher', 2, false],
  ['cache-never-asks', 'lost-update', 1, false],
  ['collected-too-early', 'losing-parent', 32, false],
  ['decided-before-staged', 'one-child', 2, false],
  ['no-validation', 'lost-update', 1, false],
  ['validated-from-next', 'lost-update', 1, false],
  ['page-grain', 'losing-parent', 14, false],
  ['contributions-conflict', 'merge', 1, false],
  ['values-compared', 'one-child', 1, false],
  ['whole-page-written', 'torn-read', 1, false],
  ['contribution-applied-twice', 'merge', 1, false],
  ['first-home-only', 'torn-read', 1, false],
  ['aborted-children-kept', 'aborting-parent', 1, false],
  ['children-before-the-commit', 'losing-parent', 1, false],
  ['watching-from-the-commit', 'late-watcher', 5, false],
  ['fires-early', 'watcher', 1, false],
  ['consumed-at-its-start', 'watcher', 6, true],
];

it.each(FOUND)('%s is found in %s by execution %i', (bug, name, within, death) => {
  const { program, config } = SMALL_PROGRAMS[name];
  const { wrap } = MUTATIONS[bug]!;
  let left = within;
  const options = {
    ...DEFAULT_EXPLORATION,
    config,
    death,
    create: () => wrap(createActor),
    observers: inspected,
  };
  const { violation } = explore(program, { ...options, goOn: () => left-- > 0 });

  expect(violation).not.toBeNull();
  const again = () => replay(program, options, violation!.choices);
  const correct = () => replay(program, { ...options, create: () => createActor }, violation!.choices);

  expect(again).toThrow(violation!.what);
  expect(correct).not.toThrow();
});
