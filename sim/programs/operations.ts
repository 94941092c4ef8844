/** What each operation of a plan is in instructions. */

import { SYSTEM_RANGE } from '../../src/isa/layout.ts';
import type { MemoryOperand } from '../../src/isa/operands.ts';
import { at, build, imm, off, via } from './build.ts';
import type { Code } from './code.ts';
import { badControl, STILLBORN, TOO_MANY_RANGES } from './control-blocks.ts';
import type { Ground } from './ground.ts';
import type { Hot, Op } from './plan.ts';

type Fault = Extract<Op, { readonly kind: 'fault' }>;

/** Numbers of registers. */
export const ACCUMULATOR = 0;
export const COUNTER = 1;
export const COUNT = 2;
const TAKEN = 3;
const BURNER = 4;
const LINK = 5;

/** Private words. */
const POINTER = 0x1000;
const SCRATCH = 0x1ff0;

/** Emits one operation of plan `index`; prefixes are the compiler's. */
export function emitOperation(code: Code, ground: Ground, index: number, op: Op): void {
  const accumulator = ground.register(ACCUMULATOR);
  switch (op.kind) {
    case 'set':
      code.emit(build(`mov:${op.hot.type}`, imm(op.value), hotOperand(code, ground, op.hot)));
      break;
    case 'change': {
      const place = hotOperand(code, ground, op.hot);
      code.emit(build(`${op.by}:${op.hot.type}`, place, imm(op.value), place));
      break;
    }
    case 'take':
      code.emit(build(`mov:${op.hot.type}:q`, hotOperand(code, ground, op.hot), ground.register(TAKEN)));
      code.emit(build('add', accumulator, ground.register(TAKEN), accumulator));
      break;
    case 'put':
      code.emit(build(`mov:q:${op.hot.type}`, accumulator, hotOperand(code, ground, op.hot)));
      break;
    case 'print': {
      const port = at(ground.layout.words[op.channel]);
      if (op.value === null) code.emit(build(`mov:q:${op.type}`, accumulator, port));
      else code.emit(build(`mov:${op.type}`, imm(op.value), port));
      break;
    }
    case 'stack-set': {
      const place = ground.stackPlace(index, op.offset, op.type);
      if (place !== null) code.emit(build(`mov:${op.type}`, imm(op.value), at(place)));
      break;
    }
    case 'stack-take': {
      const place = ground.stackPlace(index, op.offset, op.type);
      if (place === null) break;
      code.emit(build(`mov:${op.type}:q`, at(place), ground.register(TAKEN)));
      code.emit(build('add', accumulator, ground.register(TAKEN), accumulator));
      break;
    }
    case 'scratch': {
      const place = at(SCRATCH + op.offset);
      if (op.value === null) code.emit(build(`mov:${op.type}:q`, place, ground.register(TAKEN)));
      else code.emit(build(`mov:${op.type}`, imm(op.value), place));
      if (op.value === null) code.emit(build('add', accumulator, ground.register(TAKEN), accumulator));
      break;
    }
    case 'context': {
      const { words, heapList } = ground.layout;
      const word = op.word === 'list' ? heapList : words[op.word];
      code.emit(build('xor', accumulator, at(word), accumulator));
      break;
    }
    case 'contribute':
      code.emit(build('mov', imm(op.value), at(ground.mergeWord(op.word))));
      break;
    case 'merge-take':
      code.emit(build('add', accumulator, at(ground.mergeWord(op.word)), accumulator));
      break;
    case 'burn': {
      const again = code.fresh();
      code.emit(build('mov', imm(op.rounds), ground.register(BURNER)));
      code.label(again);
      code.emit(build('sub', ground.register(BURNER), imm(1), ground.register(BURNER)));
      code.branch('br:nz', again, ground.register(BURNER));
      break;
    }
    case 'call': {
      const [routine, past] = [code.fresh(), code.fresh()];
      code.late((target) => build('bl', at(target(routine)), ground.register(LINK)));
      code.branch('br:j', past);
      code.label(routine);
      code.emit(build('add', accumulator, imm(3), accumulator));
      code.emit(build('br:j', via(ground.register(LINK).address)));
      code.label(past);
      break;
    }
    case 'straddle': {
      const place = ground.straddle(index);
      if (place === null) break;
      if (op.value === null) code.emit(build('xor', accumulator, at(place), accumulator));
      else code.emit(build('mov', imm(op.value), at(place)));
      break;
    }
    case 'stillborn':
      newr(code, ground, ground.plans.length + STILLBORN);
      break;
    case 'signal-take':
      code.emit(build('add', accumulator, at(SYSTEM_RANGE.base + 8 * op.word), accumulator));
      break;
    case 'patch':
      code.late((target) => build('mov:b', imm(op.value), at(ground.constantOf(op.plan, target))));
      break;
    case 'leave':
      code.emit(build(`exit:${op.option}`));
      break;
    case 'fault':
      emitFault(code, ground, op);
      break;
    case 'repeat':
    case 'skip-if':
      break;
  }
}

function emitFault(code: Code, ground: Ground, { cause, variant }: Fault): void {
  const { forbidden, code: assembled, regionBoundary, merge } = ground.arenas;
  const accumulator = ground.register(ACCUMULATOR);
  switch (cause) {
    case 'illegal-instruction':
      code.emit(build('br:j', at(ground.arenas.data)));
      break;
    case 'bad-branch-target':
      code.emit(build('br:j', at(forbidden)));
      break;
    case 'read-outside-ranges':
      code.emit(build('mov', at(forbidden - 4), accumulator));
      break;
    case 'write-outside-ranges':
      code.emit(build('mov', imm(1), at(forbidden)));
      break;
    case 'write-to-read-only':
      code.emit(build('mov:b', imm(1), at(assembled + 1)));
      break;
    case 'region-crossing':
      code.emit(build('mov', imm(1), at(regionBoundary - 4)));
      break;
    case 'register-indirect':
      code.emit(build('mov', imm(ground.layout.registers), at(POINTER)));
      code.emit(build('mov', via(POINTER), accumulator));
      break;
    case 'divide-by-zero':
      code.emit(build('div', imm(1), imm(0), accumulator));
      break;
    case 'divide-overflow':
      code.emit(build('div:b', imm(-128), imm(-1), accumulator));
      break;
    case 'float-to-integer':
      code.emit(build('mov:fd:q', imm(0x7ff0_0000_0000_0000n), accumulator));
      break;
    case 'bad-runner-control':
      newr(code, ground, ground.plans.length + badControl(variant));
      break;
    case 'too-many-ranges':
      newr(code, ground, ground.plans.length + TOO_MANY_RANGES);
      break;
    case 'bad-merge-store':
      code.emit(build('mov:d', imm(1), at(merge)));
      break;
    case 'fuel': {
      const again = code.fresh();
      code.label(again);
      code.branch('br:j', again);
      break;
    }
  }
}

/** A hot operand as its mode names it; two of the modes need a pointer first. */
export function hotOperand(code: Code, ground: Ground, hot: Hot): MemoryOperand {
  const address = ground.hotAddress(hot);
  if (hot.mode === 'direct') return at(address);
  const displacement = hot.mode === 'indirect' ? 0 : 12;
  code.emit(build('mov', imm(address - displacement), at(POINTER)));
  return hot.mode === 'indirect' ? via(POINTER) : off(displacement, POINTER);
}

/** Creates a runner from the control blocks at a place. */
export function newr(code: Code, ground: Ground, index: number): void {
  const pointer = (block: number) => at(ground.blockPointer(index, block));
  code.emit(build('newr', pointer(0), pointer(1), pointer(2), pointer(3)));
}
