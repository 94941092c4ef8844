/**
 * One function of translated code, from a control-flow graph. Structure is recovered from the dominator tree (Ramsey,
 * "Beyond Relooper", 2022): a block is emitted where its dominator is, those that several ways lead to behind it.
 *
 * What is left of the instructions granted is counted in a local, but not at every block: the local of a block is
 * `credit` too high, and only where two ways have taken different numbers of instructions is it set right on an edge.
 */

import { invariant } from '../../invariant.ts';
import type { Instruction } from '../instructions.ts';
import { EXITS, type Exit as ProgramExit } from '../interpreter.ts';
import type { MemoryOperand } from '../operands.ts';
import { accessesOf } from './accesses.ts';
import { CodeWriter, type Label, Locals, Output } from './code.ts';
import { countedLoop } from './counted-loop.ts';
import { Exits } from './exits.ts';
import { type Flow, flowOf } from './flow.ts';
import { GoEmitter } from './go-emitter.ts';
import type { Block, Graph, Placed, Target } from './graph.ts';
import {
  type Emission,
  emitStraight,
  pushAddress,
  pushComparison,
  pushZeroTest,
  storeBits,
} from './instruction.ts';
import { CONTROL, FLAGS_AT } from './linear-layout.ts';
import { type Liveness, livenessOf } from './liveness.ts';
import { recordsIn } from './record.ts';
import { emitRemainder, remainderAt } from './remainder.ts';
import { type Point, Storage } from './storage.ts';
import type { UnitExit } from './unit.ts';
import { REGION_TYPE, type UnitBuilder } from './unit-builder.ts';
import { OP, TYPE, type WasmFunction } from './wasm.ts';
import { type Word, type WordAt, wordsOf } from './words.ts';

/**
 * Words of 8 bytes that calls within calls may take of the host's stack, which has some hundred thousand. A frame has
 * one for each local and a few more.
 */
const DEEPEST = 24_000;
const FRAME = 48;

/** The function's parameters. */
const EXPECTED = 0;
const DEPTH = 1;

export interface FunctionOptions {
  /** Whether private words may live in locals. */
  readonly promote: boolean;
  /** Whether code in loops, too, calls out where it has no segment: for what never has one, leaving costs more. */
  readonly calls: boolean;
}

export interface EmittedFunction {
  readonly wasm: WasmFunction;
  readonly words: readonly Word[];
}

/** The function that starts with the graph's entry; `index` is its place among the unit's. */
export function emitFunction(
  graph: Graph,
  unit: UnitBuilder,
  index: number,
  options: FunctionOptions,
): EmittedFunction {
  return new FunctionEmitter(graph, unit, index, options).emit();
}

class FunctionEmitter {
  readonly #graph: Graph;
  readonly #unit: UnitBuilder;
  readonly #flow: Flow;
  readonly #words: readonly Word[];
  readonly #wordAt: WordAt;
  readonly #liveness: Liveness;
  readonly #locals = new Locals(REGION_TYPE.parameters.length);
  readonly #code = new CodeWriter(this.#locals);
  readonly #out = new Output(this.#code);
  readonly #storage: Storage;
  readonly #emission: Emission;
  readonly #left: number;
  readonly #exits: Exits;
  /** Which block runs next, where structure cannot say it. */
  readonly #next: number;
  /** By block: how much more the local says than is left at its start. */
  readonly #credit: readonly number[];
  /** Of a block in loops that does not call out: the header of the innermost. */
  readonly #resume: ReadonlyMap<number, number>;
  readonly #labels = new Map<number, Label>();
  #dispatch: Label | null = null;

  constructor(graph: Graph, unit: UnitBuilder, index: number, { promote, calls }: FunctionOptions) {
    this.#graph = graph;
    this.#unit = unit;
    this.#flow = flowOf(graph);
    this.#resume = calls ? new Map() : innermostLoops(this.#flow);
    this.#words = wordsOf(graph, unit.layout, promote);
    this.#wordAt = new Map(this.#words.map(({ address }, word) => [address, word]));
    this.#liveness = livenessOf(graph, this.#flow, this.#words, this.#wordAt);
    const code = this.#code;
    this.#storage = new Storage(
      this.#out,
      unit,
      index,
      this.#words,
      this.#wordAt,
      this.#flow.headers.size > 0,
    );
    this.#emission = { code, storage: this.#storage, rules: unit.rules };
    for (const { instructions } of graph.blocks)
      for (const { instruction } of instructions)
        for (const { operand, access } of accessesOf(instruction, this.#wordAt))
          this.#storage.segments.cache(operand, access);
    this.#left = code.local(TYPE.i64);
    this.#exits = new Exits(this.#out, unit, this.#storage.words, this.#left);
    this.#next = code.local(TYPE.i32);
    this.#credit = this.#flow.reducible ? creditOf(graph, this.#flow) : graph.blocks.map(() => 0);
  }

  emit(): EmittedFunction {
    if (this.#flow.reducible) this.#tree(0);
    else this.#dispatchLoop();
    const whole = new CodeWriter(this.#locals);
    whole.i32(0).memory(OP.i64_load, CONTROL.left).tee(this.#left).i64(0).op(OP.i64_lt_s);
    const atEntry = this.#unit.exit({ kind: 'goto', pc: this.#graph.blocks[0]!.pc, adjust: 0 });
    whole.if(() => whole.i32(atEntry).op(OP.return));
    this.#out.into(whole, () => this.#storage.prologue(this.#liveness.before[0]!));
    this.#exits.enclose(whole);
    return {
      wasm: { type: REGION_TYPE, locals: this.#locals.types, code: whole.finish(), name: null },
      words: this.#words,
    };
  }

  /** A block and all that it dominates. */
  #tree(block: number): void {
    const { merges, place, dominator, headers } = this.#flow;
    const inside = this.#flow.order.filter(
      (other) => other !== block && dominator[other] === block && merges.has(other),
    );
    // Those that come last in order stand outermost.
    const behind = inside.sort((a, b) => place[b]! - place[a]!);
    const body = () => this.#within(block, behind);
    if (!headers.has(block)) {
      body();
      return;
    }
    this.#code.loop((label) => {
      this.#labels.set(block, label);
      this.#goesFirst(block);
      body();
    });
  }

  /** In front of a loop that counts: as many iterations as can be run several in one go. */
  #goesFirst(index: number): void {
    const block = this.#graph.blocks[index]!;
    const { end } = block;
    if (end.kind !== 'branch' || this.#unit.tracked) return;
    const isSelf = (target: Target) => target.kind === 'block' && target.block === index;
    if (isSelf(end.to) === isSelf(end.otherwise)) return;
    const loop = countedLoop(block, isSelf(end.to), this.#words, this.#wordAt);
    if (loop === null) return;
    // A call out in the middle could revoke what the groups have been compared with; to leave the loop does no harm.
    const callsOut = ({ operand, access }: (typeof loop.loose)[number]) =>
      !this.#resume.has(index) || this.#storage.segments.cache(operand, access) === null;
    if (loop.loose.some(callsOut)) return;
    this.#storage.segments.openRecords([]);
    const emitter = new GoEmitter(this.#code, this.#storage, this.#unit.rules, this.#wordAt, loop);
    emitter.emit(block, this.#left, this.#credit[index]!, (placed, executed) =>
      this.#point(index, placed, executed),
    );
  }

  /** The block, with labels for the blocks of `behind`, which follow it. */
  #within(block: number, behind: readonly number[]): void {
    const [outermost, ...others] = behind;
    if (outermost === undefined) {
      this.#block(block);
      return;
    }
    this.#code.block((label) => {
      this.#labels.set(outermost, label);
      this.#within(block, others);
    });
    // A loop header has a label of its own from here on; those before have gone to this place.
    this.#tree(outermost);
  }

  /** Any graph: a loop around a switch. */
  #dispatchLoop(): void {
    const { order } = this.#flow;
    const code = this.#code;
    code.loop((again) => {
      this.#dispatch = again;
      const nest = (i: number, labels: readonly Label[]): void => {
        if (i < 0) {
          code.get(this.#next).brTable([...labels].concat(labels[0]!));
          return;
        }
        code.block((label) => nest(i - 1, [label, ...labels]));
        this.#block(order[i]!);
      };
      nest(order.length - 1, []);
    });
  }

  #block(index: number): void {
    const block = this.#graph.blocks[index]!;
    const { blocks, tracked, rules } = this.#unit;
    if (tracked) {
      const flag = blocks.push({ base: block.pc, length: bytesOf(block) }) - 1;
      if (rules.tracks)
        this.#code
          .i32(0)
          .i32(1)
          .memory(OP.i32_store8, FLAGS_AT + flag);
    }
    this.#storage.segments.openRecords(recordsIn(block, this.#wordAt));
    const plain = block.end.kind === 'goto' ? block.instructions : block.instructions.slice(0, -1);
    for (let i = 0; i < plain.length; i += 1) {
      const placed = plain[i]!;
      const point = this.#point(index, placed, i);
      const remainder = remainderAt(this.#unit.layout, plain.slice(i, i + 3));
      if (remainder !== null) {
        emitRemainder(this.#emission, remainder, point);
        i += 2;
        // A jump to a fixed address has nothing to do but to go there.
      } else if (placed.instruction.mnemonic !== 'br') this.#instruction(placed, index, i, point);
    }
    this.#end(index, block);
  }

  #instruction({ instruction }: Placed, block: number, index: number, point: Point): void {
    if (instruction.mnemonic === 'newr') {
      this.#storage.newr(point, this.#liveness.dirtyAt(block, index));
    } else emitStraight(this.#emission, instruction, point);
  }

  #end(index: number, block: Block): void {
    const { end } = block;
    const count = block.instructions.length;
    const last = block.instructions.at(-1);
    if (end.kind === 'goto') {
      this.#edge(index, end.to, count, last?.pc ?? block.pc);
      return;
    }
    invariant(last !== undefined, 'a block that ends by an instruction has one');
    const point = this.#point(index, last, count - 1);
    switch (end.kind) {
      case 'branch':
        this.#condition(last.instruction, point);
        this.#code.if(
          () => this.#edge(index, end.to, count, last.pc),
          () => this.#edge(index, end.otherwise, count, last.pc),
        );
        break;
      case 'branch-computed':
        this.#condition(last.instruction, point);
        this.#code.if(
          () => this.#jump(index, end.target, count, last.pc, point),
          () => this.#edge(index, end.otherwise, count, last.pc),
        );
        break;
      case 'jump':
        this.#jump(index, end.target, count, last.pc, point);
        break;
      case 'call':
        this.#call(index, end.callee, end.back, last);
        break;
      case 'call-computed':
        this.#callComputed(index, end.target, last, count, point);
        break;
      case 'exit':
        this.#leave(
          { kind: 'end', pc: last.pc, exit: exitOf(last.instruction), adjust: this.#adjust(index, count) },
          index,
          count,
        );
        break;
    }
  }

  #condition(instruction: Instruction, point: Point): void {
    if (instruction.code === 0x09) pushComparison(this.#emission, instruction, point);
    else if (instruction.code === 0x0a) pushZeroTest(this.#emission, instruction, point);
    else invariant(false, 'a branch with a condition compares or tests');
  }

  #call(index: number, callee: number, back: Target, last: Placed): void {
    const code = this.#code;
    const storage = this.#storage;
    const count = this.#graph.blocks[index]!.instructions.length;
    invariant(last.instruction.mnemonic === 'bl', 'a call is a bl');
    const onward: UnitExit = {
      kind: 'jumped',
      pc: callee,
      branch: last.pc,
      adjust: this.#adjust(index, count),
    };
    const point = {
      ...this.#point(index, last, count - 1),
      leaveAfter: () => this.#leave(onward, index, count),
    };
    code.i64(last.next);
    storeBits(this.#emission, last.instruction.operands[1], 'q', point);
    const target = this.#unit.functionAt(callee);
    // A return to code that is not here has to be judged first, as any computed branch.
    if (target === undefined || back.kind === 'outside') {
      this.#leave(onward, index, count);
      return;
    }
    const frame = this.#locals.types.length + FRAME;
    code
      .get(DEPTH)
      .i32(DEEPEST - frame)
      .op(OP.i32_ge_u);
    const atCallee: UnitExit = { kind: 'goto', pc: callee, adjust: this.#adjust(index, count) };
    code.if(() => this.#leave(atCallee, index, count));
    storage.words.flush(this.#liveness.dirtyAt(index, count));
    this.#storeLeft(this.#adjust(index, count));
    code.i64(last.next).get(DEPTH).i32(frame).op(OP.i32_add).call(target);
    this.#exits.passOn();
    code.i32(0).memory(OP.i64_load, CONTROL.left);
    code.i64(-this.#adjust(index, count)).op(OP.i64_add).set(this.#left);
    storage.segments.forgetIfChanged();
    code.get(this.#left).i64(-this.#adjust(index, count)).op(OP.i64_lt_s);
    const atBack: UnitExit = { kind: 'goto', pc: last.next, adjust: this.#adjust(index, count) };
    code.if(() => this.#exits.leave(atBack, []));
    storage.words.fill(this.#liveness.before[back.block]!);
    this.#edge(index, back, count, last.pc);
  }

  #callComputed(index: number, goal: MemoryOperand, last: Placed, count: number, point: Point): void {
    const code = this.#code;
    invariant(last.instruction.mnemonic === 'bl', 'a call is a bl');
    const [, linkWord] = last.instruction.operands;
    code.withLocal(TYPE.i64, (target) => {
      pushAddress(this.#emission, goal, point);
      code.set(target).i64(last.next);
      const exit = () => this.#leaveFor(target, index, count, last.pc);
      storeBits(this.#emission, linkWord, 'q', { ...point, leaveAfter: exit });
      exit();
    });
  }

  /** To a computed address: back to the caller if it is the one that the caller expects. */
  #jump(index: number, goal: MemoryOperand, count: number, pc: number, point: Point): void {
    const code = this.#code;
    code.withLocal(TYPE.i64, (target) => {
      pushAddress(this.#emission, goal, point);
      code.tee(target);
      if (this.#unit.rules.comparesReturns) code.get(EXPECTED);
      else code.tee(target).get(target);
      // Nobody is returned to where nobody called, whatever the address is.
      code.op(OP.i64_eq).get(DEPTH).i32(0).op(OP.i32_ne, OP.i32_and);
      code.if(() => {
        this.#storage.words.flush(this.#liveness.dirtyAt(index, count));
        this.#storeLeft(this.#adjust(index, count));
        code.i32(0).op(OP.return);
      });
      this.#leaveFor(target, index, count, pc);
    });
  }

  #leaveFor(target: number, index: number, count: number, branch: number): void {
    this.#code.i32(0).get(target).memory(OP.i64_store, CONTROL.pc);
    this.#leave({ kind: 'jumped', pc: null, branch, adjust: this.#adjust(index, count) }, index, count);
  }

  /** Control goes on from a block, `count` of whose instructions have been executed. */
  #edge(from: number, target: Target, count: number, branch: number): void {
    const code = this.#code;
    if (target.kind === 'outside') {
      const adjust = this.#adjust(from, count);
      this.#leave(
        target.branch
          ? { kind: 'jumped', pc: target.pc, branch, adjust }
          : { kind: 'goto', pc: target.pc, adjust },
        from,
        count,
      );
      return;
    }
    const { block } = target;
    const { place, merges } = this.#flow;
    const charge = this.#unit.rules.charge(this.#credit[block]! - this.#adjust(from, count));
    if (charge !== 0) code.get(this.#left).i64(charge).op(OP.i64_sub).set(this.#left);
    const back = place[block]! <= place[from]!;
    if (back) {
      code.get(this.#left).i64(-this.#credit[block]!).op(OP.i64_lt_s);
      code.if(() =>
        this.#leave(
          { kind: 'goto', pc: this.#graph.blocks[block]!.pc, adjust: this.#credit[block]! },
          from,
          count,
        ),
      );
    }
    if (this.#dispatch !== null) code.i32(place[block]!).set(this.#next).br(this.#dispatch);
    else if (back || merges.has(block)) code.br(this.#labels.get(block)!);
    else this.#tree(block);
  }

  /** What to add to the local once `count` instructions of a block have been executed. */
  #adjust(block: number, count: number): number {
    return this.#credit[block]! - count;
  }

  /** Leaves, writing back what is dirty once so many of a block's instructions have been executed. */
  #leave(exit: UnitExit, block: number, executed: number): void {
    this.#exits.leave(exit, this.#liveness.dirtyAt(block, executed));
  }

  #point(block: number, { pc, next }: Placed, before: number): Point {
    // Of a block that is run several times in one go, all that it writes is dirty at its start.
    const at = before % this.#graph.blocks[block]!.instructions.length;
    const adjust = this.#adjust(block, before);
    const header = this.#resume.get(block);
    const resume = header === undefined ? null : this.#graph.blocks[header]!.pc;
    const miss = (site: number, address: number) => {
      this.#code.i32(0).get(address).memory(OP.i64_store, CONTROL.pc);
      this.#leave({ kind: 'miss', pc, resume: resume!, site, adjust }, block, at);
    };
    return {
      pc,
      miss: resume === null ? null : miss,
      bail: () => this.#leave({ kind: 'bail', pc, resume, adjust }, block, at),
      leaveAfter: () => this.#leave({ kind: 'goto', pc: next, adjust: adjust - 1 }, block, at + 1),
    };
  }

  #storeLeft(adjust: number): void {
    const code = this.#code;
    code.i32(0).get(this.#left);
    if (adjust !== 0) code.i64(adjust).op(OP.i64_add);
    code.memory(OP.i64_store, CONTROL.left);
  }
}

/** Of each block in loops, the header of the smallest that holds it. */
function innermostLoops({ loops }: Flow): Map<number, number> {
  const innermost = new Map<number, number>();
  const bySize = [...loops].sort(([, a], [, b]) => b.size - a.size);
  for (const [header, blocks] of bySize) for (const block of blocks) innermost.set(block, header);
  return innermost;
}

/** By block: what has not been charged for where it starts, along the first way that leads there. */
function creditOf(graph: Graph, { order, place, predecessors }: Flow): number[] {
  const credit = graph.blocks.map(() => 0);
  for (const block of order.slice(1)) {
    const from = predecessors[block]!.filter((one) => place[one]! < place[block]!).at(-1)!;
    credit[block] = credit[from]! - graph.blocks[from]!.instructions.length;
  }
  return credit;
}

function exitOf(instruction: Instruction): ProgramExit {
  invariant(instruction.mnemonic === 'exit', 'a runner ends by exit');
  return EXITS[instruction.option];
}

function bytesOf({ pc, instructions }: Block): number {
  return (instructions.at(-1)?.next ?? pc) - pc;
}
