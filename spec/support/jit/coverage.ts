/** What a run of the fuzzer has met: each instruction in each type and mode, each cause of a fault, each end. */

import { FAULT_CAUSES } from '../../../src/isa/fault.ts';
import { INSTRUCTIONS, type Instruction, type InstructionRow } from '../../../src/isa/instructions.ts';
import type { Stop } from '../../../src/isa/interpreter.ts';
import type { Operand } from '../../../src/isa/operands.ts';
import { VALUE_TYPE_NAMES, VALUE_TYPES, type ValueType } from '../../../src/isa/value-type.ts';
import type { Result } from './attempt.ts';

export class Coverage {
  readonly #seen = new Set<string>();
  readonly #noted = new WeakSet<Instruction>();
  programs = 0;
  faults = 0;
  executed = 0;

  /** An instruction is about to be executed. */
  note(instruction: Instruction): void {
    if (this.#noted.has(instruction)) return;
    this.#noted.add(instruction);
    const { code, option, type, to, operands } = instruction;
    this.#seen.add(`${headOf(code, option)} ${type}${type === to ? '' : `→${to}`}`);
    operands.forEach((operand, i) => {
      this.#seen.add(`${headOf(code, option)} operand ${i} ${operand.mode}`);
    });
  }

  end({ stop, executed }: Result): void {
    this.programs += 1;
    this.executed += executed;
    if (stop.kind === 'fault') this.faults += 1;
    this.#seen.add(endOf(stop));
  }

  text(): string {
    const { programs, executed, faults } = this;
    return `${programs} programs, ${executed} instructions, ${((100 * faults) / programs).toFixed(1)} % faults;`;
  }

  /** What should be met and has not been. */
  missing(): string[] {
    return expected().filter((name) => !this.#seen.has(name));
  }
}

function endOf(stop: Stop): string {
  if (stop.kind === 'fault') return `fault ${stop.fault.cause}`;
  return stop.kind === 'exit' ? `exit commit ${stop.commit} detach ${stop.detach}` : stop.kind;
}

function expected(): string[] {
  const names = INSTRUCTIONS.flatMap((row) => row.options.flatMap((option) => forms(row, option)));
  for (const cause of FAULT_CAUSES) if (cause !== 'compartment-lost') names.push(`fault ${cause}`);
  for (const commit of [true, false])
    for (const detach of [true, false]) names.push(`exit commit ${commit} detach ${detach}`);
  return names;
}

function forms(row: InstructionRow, option: string): string[] {
  const head = headOf(row.code, option);
  const slots: readonly string[] = row.slots;
  const modes = slots.flatMap((slot, i) =>
    (slot === 'D' ? (['immediate', ...MEMORY_MODES] as const) : MEMORY_MODES).map(
      (mode) => `${head} operand ${i} ${mode}`,
    ),
  );
  return [...types(row, option).map((type) => `${head} ${type}`), ...modes];
}

const MEMORY_MODES = ['direct', 'indirect', 'displacement'] as const satisfies Operand['mode'][];

function types(row: InstructionRow, option: string): string[] {
  const floats = row.typing === 'any' && option !== 'z';
  const all = VALUE_TYPE_NAMES.filter((type) => floats || VALUE_TYPES[type].family !== 'float');
  if (row.typing === 'none') return ['q'];
  if (row.mnemonic !== 'mov') return row.code === 10 ? [...VALUE_TYPE_NAMES] : all;
  return all.flatMap((type) => all.map((to: ValueType) => (type === to ? type : `${type}→${to}`)));
}

function headOf(code: number, option: string): string {
  const row = INSTRUCTIONS.find((r) => r.code === code)!;
  return option === '' ? row.mnemonic : `${row.mnemonic}:${option}`;
}
