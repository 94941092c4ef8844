/** The programs of `examples/`, assembled and run as their users do. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import {
  type AssembleOptions,
  addressOfLabel,
  assemble,
  Machine,
  type MachineOptions,
  type Program,
  type RunReport,
  type ValueType,
  type WordOf,
} from '../../src/index.ts';

/** What a run leaves, for as long as the test lasts. */
export interface Ran {
  readonly report: RunReport;
  readonly stdout: string;
  /** Committed values at a label or address. */
  readonly words: <T extends ValueType>(
    at: string | number,
    type: T,
    count?: number,
  ) => Promise<readonly WordOf<T>[]>;
}

const FOLDER = new URL('../../examples/', import.meta.url);

/** The source of an example, `sum.s` for one. */
export function sourceOfExample(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

export function assembleExample(file: string, options: Partial<AssembleOptions> = {}): Program {
  return assemble(sourceOfExample(file), { file: `examples/${file}`, ...options });
}

export function runExample(file: string, options: MachineOptions = {}): Promise<Ran> {
  return run(assembleExample(file), options);
}

export function runSource(source: string, options: MachineOptions = {}): Promise<Ran> {
  return run(assemble(source), options);
}

export async function run(program: Program, options: MachineOptions = {}): Promise<Ran> {
  const machine = new Machine(program, options);
  onTestFinished(() => machine[Symbol.asyncDispose]());
  const report = await machine.run();
  return {
    report,
    stdout: Buffer.from(report.stdout).toString(),
    words: (at, type, count = 1) =>
      machine.readWords(typeof at === 'number' ? at : addressOfLabel(program, at), type, count),
  };
}

/** What a script of `examples/` writes, given `input`. */
export function runScript(file: string, input = ''): Uint8Array {
  return execFileSync(process.execPath, [new URL(file, FOLDER).pathname], { input });
}
