/** From plans to a program: instructions, control blocks, declared ranges. */

import { encode, encodedLength } from '../../../src/isa/codec.ts';
import type { Instruction } from '../../../src/isa/instructions.ts';
import { type Layout, layoutOf } from '../../../src/isa/layout.ts';
import type { MemoryOperand } from '../../../src/isa/operands.ts';
import type { Program, Section } from '../../../src/isa/program.ts';
import { VALUE_TYPES } from '../../../src/isa/value-type.ts';
import { at, build, imm, off, via } from '../build.ts';
import { type Extent, united } from '../model/extent.ts';
import { type Arenas, arenasOf, HOT_BYTES, STATUS_RECORDS } from './arenas.ts';
import type { Hot, Integer, Op, Plan, ProgramPlan, Provoked, Watched } from './plan.ts';

/** A program, and its text for people. */
export interface Compiled {
  readonly program: Program;
  readonly listing: readonly Listed[];
}

export type Listed =
  | { readonly label: string }
  | { readonly address: number; readonly instruction: Instruction }
  | { readonly address: number; readonly words: readonly bigint[] };

/** Deeper than that, a plan is created by the entry runner. */
const DEEPEST = 3;

/** `lazyReads`: whether the machine lets runners read what they have not declared. */
export function compile(plan: ProgramPlan, lazyReads: boolean): Compiled {
  return new Compiler(plan, lazyReads).compile();
}

interface Block {
  readonly address: number;
  readonly words: readonly bigint[];
}

type Target = (label: string) => number;
type Item = { readonly label: string } | ((target: Target) => Instruction);

class Compiler {
  readonly #program: ProgramPlan;
  readonly #plans: readonly Plan[];
  readonly #parents: readonly number[];
  readonly #arenas: Arenas;
  readonly #layout: Layout;
  readonly #declaresReads: boolean;
  #items: Item[] = [];
  #fresh = 0;

  constructor(program: ProgramPlan, lazyReads: boolean) {
    this.#program = program;
    this.#declaresReads = !program.undeclaredReads || !(program.assembledHot || lazyReads);
    this.#plans = program.plans;
    this.#parents = parentsOf(program.plans);
    this.#arenas = arenasOf(program.smallBoundary);
    this.#layout = layoutOf(this.#arenas.regionBoundary);
  }

  compile(): Compiled {
    this.#plans.forEach((_, index) => {
      this.#plan(index);
    });
    const { code, hot, merge, regionBoundary } = this.#arenas;
    const labels = new Map<string, number>();
    let next = code;
    for (const item of this.#items) {
      if ('label' in item) labels.set(item.label, next);
      else next += encodedLength(item(() => 0));
    }
    const target: Target = (label) => labels.get(label)!;
    const listing: Listed[] = [];
    const bytes: number[] = [];
    for (const item of this.#items) {
      if ('label' in item) {
        listing.push(item);
        continue;
      }
      const instruction = item(target);
      listing.push({ address: code + bytes.length, instruction });
      bytes.push(...encode(instruction));
    }
    const sections: Section[] = [{ address: code, bytes: Uint8Array.from(bytes) }];
    for (const { address, words } of this.#blocks(target)) {
      sections.push({ address, bytes: bytesOf(words) });
      listing.push({ address, words });
    }
    if (this.#program.assembledHot) {
      sections.push({ address: hot, bytes: Uint8Array.from({ length: HOT_BYTES }, (_, i) => i) });
      sections.push({ address: merge, bytes: bytesOf([5n, 6n]) });
    }
    return {
      listing,
      program: {
        profile: 'extended',
        regionBoundary,
        entry: target('plan0'),
        stack: this.#stackOf(0),
        heap: united(this.#heapOf(0, target)),
        sections,
        symbols: [],
        files: [],
        lines: [],
      },
    };
  }

  #plan(index: number): void {
    const plan = this.#plans[index]!;
    const { watch } = plan;
    this.#label(`plan${index}`);
    this.#label(`constant${index}`);
    this.#emit(build('mov', imm(1), this.#register(ACCUMULATOR)));
    if (watch !== null && index > 0) this.#beginWatcher(index);
    const { ops } = plan;
    for (let i = 0; i <= ops.length; i += 1) {
      this.#children(index, (place) => place % (ops.length + 1) === i);
      if (i === ops.length) break;
      i = this.#op(index, i);
    }
    if (watch !== null && index > 0 && !watch.persistent) this.#recreate(index);
    this.#label(`exit${index}`);
    this.#emit(build(`exit:${plan.exit}`));
    this.#label(`over${index}`);
    this.#emit(build(watch?.detaches ? 'exit:cd' : 'exit:c'));
  }

  /** One operation, or one with its prefix; returns the index of the last one used. */
  #op(index: number, i: number): number {
    const { ops } = this.#plans[index]!;
    const op = ops[i]!;
    const following = ops[i + 1];
    const mayPrefix = following !== undefined && following.kind !== 'repeat' && following.kind !== 'skip-if';
    switch (op.kind) {
      case 'repeat': {
        if (!mayPrefix) return i;
        const again = this.#freshLabel();
        this.#emit(build('mov', imm(op.times), this.#register(COUNTER)));
        this.#label(again);
        this.#simple(index, following);
        this.#emit(build('sub', this.#register(COUNTER), imm(1), this.#register(COUNTER)));
        this.#branch('br:nz', again, this.#register(COUNTER));
        return i + 1;
      }
      case 'skip-if': {
        if (!mayPrefix) return i;
        const past = this.#freshLabel();
        const operand = this.#hot(op.hot);
        this.#items.push((target) =>
          build(`br:${op.option}:${op.hot.type}`, operand, imm(op.value), at(target(past))),
        );
        this.#simple(index, following);
        this.#label(past);
        return i + 1;
      }
      default:
        this.#simple(index, op);
        return i;
    }
  }

  #simple(index: number, op: Op): void {
    const accumulator = this.#register(ACCUMULATOR);
    switch (op.kind) {
      case 'set':
        this.#emit(build(`mov:${op.hot.type}`, imm(op.value), this.#hot(op.hot)));
        break;
      case 'change': {
        const place = this.#hot(op.hot);
        this.#emit(build(`${op.by}:${op.hot.type}`, place, imm(op.value), place));
        break;
      }
      case 'take':
        this.#emit(build(`mov:${op.hot.type}:q`, this.#hot(op.hot), this.#register(TAKEN)));
        this.#emit(build('add', accumulator, this.#register(TAKEN), accumulator));
        break;
      case 'put':
        this.#emit(build(`mov:q:${op.hot.type}`, accumulator, this.#hot(op.hot)));
        break;
      case 'print': {
        const port = at(this.#layout.words[op.channel]);
        if (op.value === null) this.#emit(build(`mov:q:${op.type}`, accumulator, port));
        else this.#emit(build(`mov:${op.type}`, imm(op.value), port));
        break;
      }
      case 'stack-set': {
        const place = this.#stackPlace(index, op.offset, op.type);
        if (place !== null) this.#emit(build(`mov:${op.type}`, imm(op.value), at(place)));
        break;
      }
      case 'stack-take': {
        const place = this.#stackPlace(index, op.offset, op.type);
        if (place === null) break;
        this.#emit(build(`mov:${op.type}:q`, at(place), this.#register(TAKEN)));
        this.#emit(build('add', accumulator, this.#register(TAKEN), accumulator));
        break;
      }
      case 'scratch': {
        const place = at(SCRATCH + op.offset);
        if (op.value === null) this.#emit(build(`mov:${op.type}:q`, place, this.#register(TAKEN)));
        else this.#emit(build(`mov:${op.type}`, imm(op.value), place));
        if (op.value === null) this.#emit(build('add', accumulator, this.#register(TAKEN), accumulator));
        break;
      }
      case 'context': {
        const { words, heapList } = this.#layout;
        const word = op.word === 'list' ? heapList : words[op.word];
        this.#emit(build('xor', accumulator, at(word), accumulator));
        break;
      }
      case 'contribute':
        this.#emit(build('mov', imm(op.value), at(this.#mergeWord(op.word))));
        break;
      case 'merge-take':
        this.#emit(build('add', accumulator, at(this.#mergeWord(op.word)), accumulator));
        break;
      case 'burn': {
        const again = this.#freshLabel();
        this.#emit(build('mov', imm(op.rounds), this.#register(BURNER)));
        this.#label(again);
        this.#emit(build('sub', this.#register(BURNER), imm(1), this.#register(BURNER)));
        this.#branch('br:nz', again, this.#register(BURNER));
        break;
      }
      case 'call': {
        const [routine, past] = [this.#freshLabel(), this.#freshLabel()];
        this.#items.push((target) => build('bl', at(target(routine)), this.#register(LINK)));
        this.#branch('br:j', past);
        this.#label(routine);
        this.#emit(build('add', accumulator, imm(3), accumulator));
        this.#emit(build('br:j', via(this.#register(LINK).address)));
        this.#label(past);
        break;
      }
      case 'patch':
        this.#items.push((target) => build('mov:b', imm(op.value), at(this.#constantOf(op.plan, target))));
        break;
      case 'leave':
        this.#emit(build(`exit:${op.option}`));
        break;
      case 'fault':
        this.#fault(op.cause);
        break;
      case 'repeat':
      case 'skip-if':
        break;
    }
  }

  #fault(cause: Provoked): void {
    const { forbidden, code, regionBoundary, merge } = this.#arenas;
    const accumulator = this.#register(ACCUMULATOR);
    switch (cause) {
      case 'illegal-instruction':
        this.#emit(build('br:j', at(this.#arenas.data)));
        break;
      case 'bad-branch-target':
        this.#emit(build('br:j', at(forbidden)));
        break;
      case 'read-outside-ranges':
        this.#emit(build('mov', at(forbidden - 4), accumulator));
        break;
      case 'write-outside-ranges':
        this.#emit(build('mov', imm(1), at(forbidden)));
        break;
      case 'write-to-read-only':
        this.#emit(build('mov:b', imm(1), at(code + 1)));
        break;
      case 'region-crossing':
        this.#emit(build('mov', imm(1), at(regionBoundary - 4)));
        break;
      case 'register-indirect':
        this.#emit(build('mov', imm(this.#layout.registers), at(POINTER)));
        this.#emit(build('mov', via(POINTER), accumulator));
        break;
      case 'divide-by-zero':
        this.#emit(build('div', imm(1), imm(0), accumulator));
        break;
      case 'divide-overflow':
        this.#emit(build('div:b', imm(-128), imm(-1), accumulator));
        break;
      case 'float-to-integer':
        this.#emit(build('mov:fd:q', imm(0x7ff0_0000_0000_0000n), accumulator));
        break;
      case 'bad-runner-control':
        this.#newr((block) => this.#blockAddress(this.#plans.length, block));
        break;
      case 'too-many-ranges':
        this.#newr((block) => this.#blockAddress(this.#plans.length + 1, block));
        break;
      case 'bad-merge-store':
        this.#emit(build('mov:d', imm(1), at(merge)));
        break;
      case 'fuel': {
        const again = this.#freshLabel();
        this.#label(again);
        this.#branch('br:j', again);
        break;
      }
    }
  }

  /** Creates the children whose place in the parent is here, and writes to their stacks. */
  #children(index: number, here: (place: number) => boolean): void {
    this.#plans.forEach((plan, child) => {
      if (child === 0 || this.#parents[child] !== index || !here(plan.place)) return;
      this.#newr((block) => this.#blockAddress(child, block));
      for (const { offset, value } of plan.gifts) {
        const place = this.#stackPlace(child, offset, 'd');
        if (place === null) continue;
        if (value === null) this.#emit(build('mov:q:d', this.#register(ACCUMULATOR), at(place)));
        else this.#emit(build('mov:d', imm(value), at(place)));
      }
      if (this.#countsInStack(child))
        this.#emit(build('mov', imm(plan.watch!.again), at(this.#stackOf(child).base)));
    });
  }

  #newr(blockAddress: (block: number) => number): void {
    const [stack, heap, watched, code] = [0, 1, 2, 3].map((block) => at(blockAddress(block)));
    this.#emit(build('newr', stack!, heap!, watched!, code!));
  }

  /** Work that a watcher does only so often: a count that commits with it, or one that its stack brought. */
  #beginWatcher(index: number): void {
    const { persistent, again } = this.#plans[index]!.watch!;
    const count = this.#register(COUNT);
    const source = this.#countsInStack(index) ? at(this.#stackOf(index).base) : this.#cell(index);
    this.#emit(build('mov', source, count));
    if (!persistent) return;
    this.#items.push((target) => build('br:ge', count, imm(again), at(target(`over${index}`))));
    this.#emit(build('add', count, imm(1), count));
    this.#emit(build('mov', count, this.#cell(index)));
  }

  #recreate(index: number): void {
    const count = this.#register(COUNT);
    const end = `exit${index}`;
    if (this.#countsInStack(index)) {
      this.#items.push((target) => build('br:le', count, imm(0), at(target(end))));
      this.#items.push((target) => build('br:g', count, imm(3), at(target(end))));
      this.#newr((block) => this.#blockAddress(index, block));
      this.#emit(build('sub', count, imm(1), at(this.#stackOf(index).base)));
    } else {
      const { again } = this.#plans[index]!.watch!;
      this.#items.push((target) => build('br:ge', count, imm(again), at(target(end))));
      this.#emit(build('add', count, imm(1), this.#cell(index)));
      this.#newr((block) => this.#blockAddress(index, block));
    }
  }

  #countsInStack(index: number): boolean {
    const { watch, stack } = this.#plans[index]!;
    return index > 0 && watch !== null && !watch.persistent && watch.counts === 'stack' && stack.length >= 8;
  }

  /** Control blocks and the words that point to them, of each plan; then two bad ones. */
  #blocks(target: Target): Block[] {
    const { forbidden, regionBoundary } = this.#arenas;
    const blocks = this.#plans.map((plan, index) => {
      const status = index > 0 && !plan.watch?.persistent ? plan.status : null;
      const heap = this.#heapOf(index, target);
      const watched =
        index > 0 && plan.watch !== null ? plan.watch.ranges.map((range) => this.#watched(range)) : [];
      let flags = BigInt(watched.length);
      if (plan.watch?.persistent) flags |= 1n << 63n;
      if (status !== null) flags |= 1n << 62n;
      if (plan.serializable) flags |= 1n << 61n;
      const { base, length } = this.#stackOf(index);
      return this.#block(index, [
        [BigInt(base), BigInt(length)],
        [
          BigInt(heap.length),
          ...heap.flatMap((range) => [
            BigInt(range.base),
            BigInt(range.length) | (BigInt(range.merge) << 56n),
          ]),
        ],
        [flags, ...watched.flatMap((range) => [BigInt(range.base), BigInt(range.length)])],
        [BigInt(target(`plan${index}`)), BigInt(status === null ? 0 : this.#statusOf(status))],
      ]);
    });
    const stack = [BigInt(forbidden), 8n];
    const crossing = [1n, BigInt(regionBoundary - 4), 8n];
    const code = [BigInt(target('plan0'))];
    return [
      ...blocks,
      this.#block(blocks.length, [stack, crossing, [0n], code]),
      this.#block(blocks.length + 1, [stack, [1n << 40n], [0n], code]),
    ];
  }

  #block(index: number, blocks: readonly (readonly bigint[])[]): Block {
    const address = this.#blockAddress(index, 0);
    const words: bigint[] = [];
    let next = address + blocks.length * 8;
    for (const block of blocks) {
      words.push(BigInt(next));
      next += block.length * 8;
    }
    return { address, words: [...words, ...blocks.flat()] };
  }

  #blockAddress(index: number, block: number): number {
    return this.#arenas.data + index * BLOCK_BYTES + block * 8;
  }

  /** What the plan's operations touch, and its extra ranges. */
  #heapOf(index: number, target: Target): (Extent & { readonly merge: number })[] {
    const { hot, merge } = this.#arenas;
    const plan = this.#plans[index]!;
    const plain = plan.extra.map(({ offset, length }) => ({
      base: hot + offset,
      length: Math.min(length, HOT_BYTES - offset),
    }));
    const words = new Set<number>();
    for (const op of plan.ops) {
      const reads = op.kind === 'take' || op.kind === 'skip-if';
      if ('hot' in op && (this.#declaresReads || !reads))
        plain.push({ base: hot + placed(op.hot), length: VALUE_TYPES[op.hot.type].bytes });
      if (op.kind === 'contribute' || op.kind === 'merge-take') words.add(op.word);
      if (op.kind === 'fault' && op.cause === 'bad-merge-store') words.add(0);
      if (op.kind === 'patch') plain.push({ base: this.#constantOf(op.plan, target), length: 1 });
    }
    if (plan.watch !== null && index > 0) plain.push({ base: this.#cell(index).address, length: 8 });
    const merges = [...words].map((word) => ({
      base: merge + word * 8,
      length: 8,
      merge: this.#mergeTypeOf(index, word),
    }));
    return [...plain.map((range) => ({ ...range, merge: 0 })), ...merges];
  }

  /** Every fifth plan disagrees with the others about a word's type. */
  #mergeTypeOf(index: number, word: number): number {
    const type = this.#program.merges[word]!;
    return index === 0 ? 0 : index % 5 === 4 ? (type + 1) % 7 : type;
  }

  #watched(range: Watched): Extent {
    switch (range.on) {
      case 'hot':
        return {
          base: this.#arenas.hot + range.offset,
          length: Math.min(range.length, HOT_BYTES - range.offset),
        };
      case 'status':
        return { base: this.#arenas.status + 64 * range.record, length: 64 };
      case 'merge':
        return { base: this.#mergeWord(range.word), length: 8 };
      case 'nothing':
        return { base: 0, length: 0 };
    }
  }

  /** Records in their own arena, and one that lies over the hot bytes. */
  #statusOf(record: number): number {
    return record < STATUS_RECORDS ? this.#arenas.status + 64 * record : this.#arenas.hot;
  }

  #stackOf(index: number): Extent {
    const { offset, length } = this.#plans[index]!.stack;
    return { base: this.#arenas.stacks + offset, length };
  }

  /** Where in the stack an access of this type lies; null if there is no room. */
  #stackPlace(index: number, offset: number, type: Integer): number | null {
    const { base, length } = this.#stackOf(index);
    const { bytes } = VALUE_TYPES[type];
    return length < bytes ? null : base + (offset % (length - bytes + 1));
  }

  /** The byte of a plan's first instruction that holds its constant. */
  #constantOf(plan: number, target: Target): number {
    return target(`constant${plan % this.#plans.length}`) + CONSTANT_OFFSET;
  }

  #hot(place: Hot): MemoryOperand {
    const address = this.#arenas.hot + placed(place);
    if (place.mode === 'direct') return at(address);
    const displacement = place.mode === 'indirect' ? 0 : 12;
    this.#emit(build('mov', imm(address - displacement), at(POINTER)));
    return place.mode === 'indirect' ? via(POINTER) : off(displacement, POINTER);
  }

  #mergeWord(word: number): number {
    return this.#arenas.merge + word * 8;
  }

  #cell(index: number): MemoryOperand & { readonly mode: 'direct' } {
    return at(this.#arenas.cells + index * 8);
  }

  #register(n: number): MemoryOperand & { readonly mode: 'direct' } {
    return at(this.#layout.registers + 8 * n);
  }

  #emit(instruction: Instruction): void {
    this.#items.push(() => instruction);
  }

  #branch(head: string, label: string, ...sources: MemoryOperand[]): void {
    this.#items.push((target) => build(head, ...sources, at(target(label))));
  }

  #label(label: string): void {
    this.#items.push({ label });
  }

  #freshLabel(): string {
    this.#fresh += 1;
    return `l${this.#fresh}`;
  }
}

const ACCUMULATOR = 0;
const TAKEN = 1;
const COUNTER = 2;
const BURNER = 3;
const LINK = 4;
const COUNT = 5;

/** Private words. */
const POINTER = 0x1000;
const SCRATCH = 0x1ff0;

/** Room for a plan's blocks. */
const BLOCK_BYTES = 512;
/** Of `mov $1, r0`: code, option, types, mode. */
const CONSTANT_OFFSET = 4;

/** The offset at which an access of this type fits into the hot arena. */
function placed({ offset, type }: Hot): number {
  return Math.min(offset, HOT_BYTES - VALUE_TYPES[type].bytes);
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
