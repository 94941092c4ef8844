/**
 * The meaning of a program: every other way to execute one is measured against this. Each instruction evaluates its
 * operands left to right, each pointer with its operand; then computes; then stores or goes. So of several faults the
 * first in that order counts, and an instruction that pauses has changed nothing.
 */

import { effectiveAddress, loadOperand, storeOperand } from './access.ts';
import { calculate, compare, convert, isZero, type Operation } from './arithmetic.ts';
import type { Fault } from './fault.ts';
import type { Instruction, InstructionCode } from './instructions.ts';
import type { MemoryOperand } from './operands.ts';
import { FaultTrap, PauseTrap, type Port } from './port.ts';

/** A runner's place, between calls of `interpret`. */
export interface Cpu {
  /** Address of the next instruction; after a fault or an exit, of that one. */
  pc: number;
  /** Instructions begun in all, the one that exits or faults included: the same in every execution tier. */
  executed: number;
}

/** Why `interpret` came back. */
export type Stop =
  | { readonly kind: 'budget' }
  /** The port cannot answer yet; the instruction at `pc` starts anew on the next call. */
  | { readonly kind: 'paused' }
  | Exit
  | { readonly kind: 'fault'; readonly fault: Fault };

/** An `exit`; `detach` ends the persistent watcher that the runner is an activation of. */
export interface Exit {
  readonly kind: 'exit';
  readonly commit: boolean;
  readonly detach: boolean;
}

/**
 * Executes up to `budget` instructions from `cpu.pc`, and none once `fuel` have been executed in all (the fault `fuel`,
 * at the one that would be next). Throws only what the port throws besides traps.
 */
export function interpret(cpu: Cpu, port: Port, budget: number, fuel: number): Stop {
  let begun = false;
  try {
    for (let left = budget; left > 0; left -= 1) {
      begun = false;
      const { instruction, length } = port.instructionAt(cpu.pc);
      if (cpu.executed >= fuel) throw new FaultTrap('fuel', null, `${fuel} instructions`);
      begun = true;
      const outcome = execute(port, instruction, cpu.pc + length);
      cpu.executed += 1;
      if (typeof outcome !== 'number') return outcome;
      cpu.pc = outcome;
    }
    return BUDGET;
  } catch (trap) {
    if (trap instanceof PauseTrap) return PAUSED;
    if (!(trap instanceof FaultTrap)) throw trap;
    if (begun) cpu.executed += 1;
    const { cause, address, detail } = trap;
    return { kind: 'fault', fault: { cause, pc: cpu.pc, address, detail } };
  }
}

const BUDGET: Stop = { kind: 'budget' };
const PAUSED: Stop = { kind: 'paused' };

/** Where to go on, or how the runner ends. */
type Outcome = number | Exit;
type Meaning<I extends Instruction> = (port: Port, instruction: I, next: number) => Outcome;

function execute(port: Port, instruction: Instruction, next: number): Outcome {
  // The record's key chooses the instruction's own type; TypeScript does not correlate the two.
  return (MEANINGS[instruction.code] as Meaning<Instruction>)(port, instruction, next);
}

const move: Meaning<Of<'mov'>> = (port, { option, type, to, operands: [source, destination] }, next) => {
  const value = loadOperand(port, source, type);
  const address = effectiveAddress(port, destination);
  storeOperand(port, destination, address, to, convert(type, to, option === 'z', value));
  return next;
};

const combine: Meaning<Of<Operation>> = (
  port,
  { mnemonic, type, operands: [left, right, destination] },
  next,
) => {
  const leftValue = loadOperand(port, left, type);
  const rightValue = loadOperand(port, right, type);
  const address = effectiveAddress(port, destination);
  storeOperand(port, destination, address, type, calculate(mnemonic, type, leftValue, rightValue));
  return next;
};

const branchOnComparison: Meaning<WithCode<0x09>> = (port, { option, type, operands }, next) => {
  const [left, right, target] = operands;
  const leftValue = loadOperand(port, left, type);
  const rightValue = loadOperand(port, right, type);
  return compare(option, type, leftValue, rightValue) ? branchTarget(port, target) : next;
};

const branchOnZero: Meaning<WithCode<0x0a>> = (port, { option, type, operands: [source, target] }, next) => {
  const zero = isZero(type, loadOperand(port, source, type));
  return zero === (option === 'z') ? branchTarget(port, target) : next;
};

const jump: Meaning<WithCode<0x0b>> = (port, { operands: [target] }) => branchTarget(port, target);

const link: Meaning<Of<'bl'>> = (port, { operands: [target, returnWord] }, next) => {
  const goal = effectiveAddress(port, target);
  storeOperand(port, returnWord, effectiveAddress(port, returnWord), 'q', BigInt(next));
  // After the store, which may have written the very bytes that were to be executed. It must not pause: the store
  // would be seen by the second try, as in `bl (r1), r1`.
  return executable(port, goal);
};

const createRunner: Meaning<Of<'newr'>> = (port, { operands: [stack, heap, watched, code] }, next) => {
  const stackBlock = loadOperand(port, stack, 'q');
  const heapBlock = loadOperand(port, heap, 'q');
  const watchedBlock = loadOperand(port, watched, 'q');
  const codeBlock = loadOperand(port, code, 'q');
  port.newr(stackBlock, heapBlock, watchedBlock, codeBlock);
  return next;
};

export const EXITS: Readonly<Record<Of<'exit'>['option'], Exit>> = {
  c: { kind: 'exit', commit: true, detach: false },
  a: { kind: 'exit', commit: false, detach: false },
  cd: { kind: 'exit', commit: true, detach: true },
  ad: { kind: 'exit', commit: false, detach: true },
};

const exit: Meaning<Of<'exit'>> = (_port, { option }) => EXITS[option];

const MEANINGS: { readonly [C in InstructionCode]: Meaning<WithCode<C>> } = {
  1: move,
  2: combine,
  3: combine,
  4: combine,
  5: combine,
  6: combine,
  7: combine,
  8: combine,
  9: branchOnComparison,
  10: branchOnZero,
  11: jump,
  12: link,
  13: createRunner,
  14: exit,
  16: combine,
  17: combine,
  18: combine,
};

type WithCode<C extends InstructionCode> = Extract<Instruction, { readonly code: C }>;
type Of<M extends Instruction['mnemonic']> = Extract<Instruction, { readonly mnemonic: M }>;

function branchTarget(port: Port, operand: MemoryOperand): number {
  return executable(port, effectiveAddress(port, operand));
}

function executable(port: Port, target: number | bigint): number {
  if (typeof target === 'bigint' || !port.mayExecute(target))
    throw new FaultTrap('bad-branch-target', BigInt(target));
  return target;
}
