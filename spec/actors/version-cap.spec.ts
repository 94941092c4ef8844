import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../src/actors/config.ts';
import { homeOf } from '../../src/memory/directory.ts';
import { attemptOf, eventsIn, type Letter, SR } from '../support/actors.ts';
import {
  attemptOfChild,
  child,
  commit,
  ENTRY,
  ends,
  hostedMaster,
  join,
  run,
} from '../support/master-world.ts';

const PAGE = 64;
/** Who is who among the entry's children. */
const [OLD, WRITER, LATE] = [0, 1, 2];

const page = (n: number) => ({ base: SR + 16 * PAGE * n, length: 8, merge: 0 as const });
const writing = (sv: number, n: number) =>
  commit(sv, { spans: [page(n)], homes: [homeOf(page(n).base / PAGE, 2)] });
const tooOld = (sv: number) => ({ type: 'snapshot-too-old', sv }) as const;

/** Three runners on memory of their own; old versions of one page may be kept. All are out, dispatched at version 1. */
function machine(config: Partial<MachineConfig> = {}) {
  const master = hostedMaster({ versionBytes: PAGE, starvingAfter: 2, ...config });
  master.tell(join(0, 3));
  master.tell(run());
  const children = [OLD, WRITER, LATE].map((n) => child(n, { heap: [page(n)] }));
  master.tell(ends(attemptOf(ENTRY), commit(0, { children })));
  return master;
}

const typesOf = (letters: readonly Letter[]) => letters.map(({ type }) => type);

describe('rule 14: past the memory cap', () => {
  test('the oldest attempt ends, its runner runs again, and what only it could read is collected', () => {
    const master = machine();
    expect(typesOf(master.tell(ends(attemptOfChild(WRITER), writing(1, WRITER))))).toEqual(['decide']);
    const letters = master.tell(ends(attemptOfChild(LATE), writing(1, LATE)));

    expect(letters).toMatchObject([
      { type: 'revoke', attempt: attemptOfChild(OLD) },
      { to: 'home:0@0', type: 'floor', floor: 1 },
      { to: 'home:1@0', type: 'floor', floor: 1 },
      { type: 'decide', attempt: attemptOfChild(LATE), version: 3 },
      { type: 'dispatch', assignments: [{ attempt: attemptOfChild(OLD, 2), at: 3 }] },
    ]);
    expect(eventsIn(master.effects)).toContainEqual({
      type: 'ended',
      attempt: attemptOfChild(OLD),
      why: 'snapshot-too-old',
      fault: null,
    });
    expect(typesOf(master.tell(ends(attemptOfChild(OLD), writing(1, OLD))))).toEqual(['drop']);
  });

  test('a commit that fits, or that writes nothing, disturbs nobody', () => {
    const master = machine();
    master.tell(ends(attemptOfChild(WRITER), writing(1, WRITER)));

    expect(master.tell(ends(attemptOfChild(LATE), commit(1)))).toEqual([]);
  });

  test('an attempt is never given up for its own commit', () => {
    const master = machine({ versionBytes: 0 });

    expect(typesOf(master.tell(ends(attemptOfChild(OLD), writing(1, OLD))))).toEqual(['decide']);
  });

  /** The old runner is starving: its third attempt, at version 1, is the oldest; the others' second ones follow. */
  function withStarving() {
    const master = machine();
    master.tell(ends(attemptOfChild(OLD), tooOld(1)));
    master.tell(ends(attemptOfChild(OLD, 2), tooOld(1)));
    for (const n of [WRITER, LATE]) master.tell(ends(attemptOfChild(n), tooOld(1)));
    master.tell(ends(attemptOfChild(WRITER, 2), writing(1, WRITER)));
    return master;
  }
  const decided = { type: 'decide', attempt: attemptOfChild(LATE, 2) };

  test('a starving attempt is spared: commits that would exceed the cap wait until it has ended', () => {
    const master = withStarving();

    expect(master.tell(ends(attemptOfChild(LATE, 2), writing(1, LATE)))).toEqual([]);
    const letters = master.tell(ends(attemptOfChild(OLD, 3), writing(1, OLD)));
    expect(letters.filter(({ type }) => type === 'decide')).toMatchObject([
      { type: 'decide', attempt: attemptOfChild(OLD, 3), version: 3 },
      { ...decided, version: 4 },
    ]);
  });

  test('they get on as well when it is given back without having started', () => {
    const master = withStarving();
    master.tell(ends(attemptOfChild(LATE, 2), writing(1, LATE)));
    const returned = {
      type: 'returned',
      agent: { node: 0, kind: 'agent', id: 0 },
      attempts: [attemptOfChild(OLD, 3)],
    } as const;

    expect(master.tell(returned)).toContainEqual(expect.objectContaining(decided));
  });

  test('I29: a waiting commit that is asked for again still waits, and nothing of it is dropped', () => {
    const master = withStarving();
    master.tell(ends(attemptOfChild(LATE, 2), writing(1, LATE)));

    expect(master.tell(ends(attemptOfChild(LATE, 2), writing(1, LATE)))).toEqual([]);
  });

  test('a round has one snapshot version for all: nobody is in anybody’s way (rule 29)', () => {
    const master = machine({ deterministic: true, versionBytes: 0 });
    for (const n of [OLD, WRITER]) expect(master.tell(ends(attemptOfChild(n), writing(1, n)))).toEqual([]);
    const letters = master.tell(ends(attemptOfChild(LATE), writing(1, LATE)));

    expect(letters.filter(({ type }) => type === 'decide')).toHaveLength(3);
  });
});
