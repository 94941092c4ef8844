/** A whole drawn program: pointers first, then shapes within shapes, an exit, and the functions that it has called. */

import { at, imm } from '../../../sim/programs/build.ts';
import { Builder, type Pointer } from './builder.ts';
import { anyCall } from './calls.ts';
import type { Line, Word } from './draft.ts';
import { anyFault } from './faults.ts';
import type { Ground } from './ground.ts';
import { anyJump } from './jumps.ts';
import { anyLoop } from './loops.ts';
import { anyNewborn } from './newborns.ts';
import { anyOperation, straight } from './operations.ts';
import type { Random } from './random.ts';
import { anyValue, bitsOfFloat } from './values.ts';

export interface DrawnProgram {
  readonly lines: readonly Line[];
  readonly words: readonly Word[];
  /** How many instructions it executes, about. */
  readonly length: number;
}

/** Lines past which no further shapes are drawn. */
const MOST_LINES = 50;

export function drawProgram(random: Random, ground: Ground): DrawnProgram {
  const b = new Builder(random, ground);
  prologue(b);
  if (random.chance(60)) anyLoop(b, (inner) => block(inner, 1));
  if (random.below(500) === 0) long(b);
  for (let count = random.pick([1, 1, 2, 2, 3]); count > 0; count -= 1) shape(b, 0);
  if (random.chance(25)) anyFault(b);
  if (random.chance(60)) straight(b, 3);
  if (random.chance(98))
    b.emit(
      random.weighted([
        [80, 'exit:c'],
        [8, 'exit:a'],
        [6, 'exit:cd'],
        [6, 'exit:ad'],
      ]),
    );
  for (let define = b.pending.shift(); define !== undefined; define = b.pending.shift()) define();
  return { lines: b.lines, words: b.words, length: b.spent };
}

function prologue(b: Builder): void {
  const { random } = b;
  for (let count = random.from(0, 3); count > 0; count -= 1) b.set(b.value(), anyValue(random, 'q'));
  if (random.chance(60)) b.emit('mov:fd', imm(bitsOfFloat('fd', random.from(-20, 20) / 8)), at(b.float()));
  for (let count = random.from(1, 4); count > 0; count -= 1) anyPointer(b);
}

/** A pointer word with its area: in a register, in private memory, or in the stack. */
function anyPointer(b: Builder): void {
  const { random, ground } = b;
  const { heap, annex, stack, data, pool, watched, file, nowhere } = ground;
  const area = random.weighted([
    [5, heap],
    [2, annex],
    [2, stack],
    [2, pool],
    [1, data],
    [1, random.pick([watched, file, ground.config.lazyReads ? nowhere : data])],
  ]);
  const word = random.weighted([
    [8, b.own()],
    [2, 0x5800 + 8 * random.below(4)],
    [1, stack.base + stack.length - 8],
  ]);
  const target = area.base + random.pick([0, 0, 4, 8, 16, 17, area.length >>> 1]);
  const far =
    area.length > 2 ** 13 || random.chance(85)
      ? 0
      : random.pick([2 ** 31 - 2 ** 14, 2 ** 14 - 2 ** 31, 64, -64]);
  const writable = [heap, annex, stack, pool].includes(area);
  const pointer: Pointer = { word, target, far, base: area.base, length: area.length, writable };
  b.set(word, target - far);
  b.pointers.push(pointer);
}

/** More than one translated function holds, or more calls than one unit. */
function long(b: Builder): void {
  if (b.random.chance(50)) {
    straight(b, 400);
    return;
  }
  for (let count = 40; count > 0; count -= 1) anyCall(b, anyOperation);
}

function shape(b: Builder, depth: number): void {
  const body = (inner: Builder) => block(inner, depth + 1);
  if (b.lines.length > MOST_LINES || depth > 3) {
    anyOperation(b);
    return;
  }
  b.random.weighted<(b: Builder) => void>([
    [20, straight],
    [depth > 1 ? 15 : 35, (inner) => anyLoop(inner, body)],
    [15, (inner) => anyCall(inner, body)],
    [20, (inner) => anyJump(inner, body)],
    [4, anyNewborn],
    [3, anyFault],
  ])(b);
}

function block(b: Builder, depth: number): void {
  for (let count = b.random.pick([1, 1, 2, 3]); count > 0; count -= 1) shape(b, depth);
}
