/** From plans to a program: the life of each runner in instructions, its data, its declared ranges. */

import type { Program, Section } from '../../src/isa/program.ts';
import { united } from '../model/extent.ts';
import { HOT_BYTES } from './arenas.ts';
import { at, build, imm } from './build.ts';
import { Code, type Listed } from './code.ts';
import { controlBlocks } from './control-blocks.ts';
import { Ground } from './ground.ts';
import { ACCUMULATOR, COUNT, COUNTER, emitOperation, hotOperand, newr } from './operations.ts';
import type { Plan, ProgramPlan } from './plan.ts';

/** A program, and its text for people. */
export interface Compiled {
  readonly program: Program;
  readonly listing: readonly Listed[];
}

/** Deeper than that, a plan is created by the entry runner. */
const DEEPEST = 3;

/** Lives that a count in a stack can ask for: other runners may write there, too. */
const MOST_LIVES = 3;

/** `lazyReads`: whether the machine lets runners read what they have not declared. */
export function compile(plan: ProgramPlan, lazyReads: boolean): Compiled {
  const ground = new Ground(plan, lazyReads);
  const { code: base, hot, merge, regionBoundary } = ground.arenas;
  const code = new Code();
  const parents = parentsOf(plan.plans);
  plan.plans.forEach((_, index) => {
    emitRunner(code, ground, parents, index);
  });
  const { bytes, target, listing } = code.link(base);
  const blocks = controlBlocks(ground, target);
  const sections: Section[] = [
    { address: base, bytes },
    ...blocks.map(({ address, words }) => ({ address, bytes: bytesOf(words) })),
  ];
  if (plan.assembledHot)
    sections.push(
      { address: hot, bytes: Uint8Array.from({ length: HOT_BYTES }, (_, i) => i) },
      { address: merge, bytes: bytesOf([5n, 6n]) },
    );
  return {
    listing: [...listing, ...blocks],
    program: {
      profile: 'extended',
      regionBoundary,
      entry: target('plan0'),
      stack: ground.stackOf(0),
      heap: united(ground.heapOf(0, target)),
      sections,
      symbols: [],
      files: [],
      lines: [],
    },
  };
}

function emitRunner(code: Code, ground: Ground, parents: readonly number[], index: number): void {
  const { ops, exit } = ground.plans[index]!;
  const watch = ground.watchOf(index);
  code.label(`plan${index}`);
  code.label(`constant${index}`);
  code.emit(build('mov', imm(1), ground.register(ACCUMULATOR)));
  if (watch !== null) beginWatcher(code, ground, index, watch);
  for (let i = 0; i <= ops.length; ) {
    const next = i === ops.length ? i + 1 : emitNext(code, ground, index, i);
    emitChildren(code, ground, parents, index, (place) => {
      const before = place % (ops.length + 1);
      return before >= i && before < next;
    });
    i = next;
  }
  if (watch !== null && !watch.persistent) recreate(code, ground, index, watch);
  code.label(`exit${index}`);
  code.emit(build(`exit:${exit}`));
  code.label(`over${index}`);
  code.emit(build(watch?.detaches ? 'exit:cd' : 'exit:c'));
}

/** The operation at `i`, or with its prefix the one after it; returns the index of the next one. */
function emitNext(code: Code, ground: Ground, index: number, i: number): number {
  const { ops } = ground.plans[index]!;
  const op = ops[i]!;
  const following = ops[i + 1];
  if (op.kind !== 'repeat' && op.kind !== 'skip-if') {
    emitOperation(code, ground, index, op);
    return i + 1;
  }
  if (following === undefined || following.kind === 'repeat' || following.kind === 'skip-if') return i + 1;
  const label = code.fresh();
  if (op.kind === 'repeat') {
    const counter = ground.register(COUNTER);
    code.emit(build('mov', imm(op.times), counter));
    code.label(label);
    emitOperation(code, ground, index, following);
    code.emit(build('sub', counter, imm(1), counter));
    code.branch('br:nz', label, counter);
  } else {
    const operand = hotOperand(code, ground, op.hot);
    code.late((target) => build(`br:${op.option}:${op.hot.type}`, operand, imm(op.value), at(target(label))));
    emitOperation(code, ground, index, following);
    code.label(label);
  }
  return i + 2;
}

/** Creates the children whose place in the parent is here, and writes to their stacks. */
function emitChildren(
  code: Code,
  ground: Ground,
  parents: readonly number[],
  index: number,
  here: (place: number) => boolean,
): void {
  ground.plans.forEach(({ place, gifts, watch }, child) => {
    if (child === 0 || parents[child] !== index || !here(place)) return;
    newr(code, ground, child);
    for (const { offset, value } of gifts) {
      const at4 = ground.stackPlace(child, offset, 'd');
      if (at4 === null) continue;
      if (value === null) code.emit(build('mov:q:d', ground.register(ACCUMULATOR), at(at4)));
      else code.emit(build('mov:d', imm(value), at(at4)));
    }
    if (ground.countsInStack(child))
      code.emit(build('mov', imm(watch!.again), at(ground.stackOf(child).base)));
  });
}

/** Work that a watcher does only so often: a count that commits with it, or one that its stack brought. */
function beginWatcher(code: Code, ground: Ground, index: number, watch: NonNullable<Plan['watch']>): void {
  const count = ground.register(COUNT);
  const cell = ground.cell(index);
  code.emit(build('mov', ground.countsInStack(index) ? at(ground.stackOf(index).base) : cell, count));
  if (!watch.persistent) return;
  code.late((target) => build('br:ge', count, imm(watch.again), at(target(`over${index}`))));
  code.emit(build('add', count, imm(1), count));
  code.emit(build('mov', count, cell));
}

function recreate(code: Code, ground: Ground, index: number, watch: NonNullable<Plan['watch']>): void {
  const count = ground.register(COUNT);
  const unless = (head: string, limit: number) =>
    code.late((target) => build(head, count, imm(limit), at(target(`exit${index}`))));
  if (ground.countsInStack(index)) {
    unless('br:le', 0);
    unless('br:g', MOST_LIVES);
    newr(code, ground, index);
    code.emit(build('sub', count, imm(1), at(ground.stackOf(index).base)));
  } else {
    unless('br:ge', watch.again);
    code.emit(build('add', count, imm(1), ground.cell(index)));
    newr(code, ground, index);
  }
}

/** Parents stand before their children, at most `DEEPEST` above the lowest. */
function parentsOf(plans: readonly Plan[]): number[] {
  const depths = [0];
  return plans.map(({ parent }, index) => {
    if (index === 0) return 0;
    const chosen = parent % index;
    const found = depths[chosen]! < DEEPEST ? chosen : 0;
    depths[index] = depths[found]! + 1;
    return found;
  });
}

function bytesOf(words: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(words).buffer);
}
