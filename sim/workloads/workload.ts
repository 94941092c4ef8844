/** What a simulated cluster is given to do: plain data, so that a trace file can hold it, and what must come of it. */

import { STANDARD_IO } from '../../src/actors/boot.ts';
import type { IoKind } from '../../src/actors/init.ts';
import { assemble } from '../../src/isa/assembler.ts';
import type { Program } from '../../src/isa/program.ts';
import { compile } from '../programs/compile.ts';
import { outputOf, type SimResult } from '../result.ts';
import { wordAt } from '../words.ts';
import { ACCOUNTS, BALANCE, type Bank, bankSource } from './bank.ts';
import { COUNTER, type Counter, counterSource } from './counter.ts';
import type { Generated } from './generated.ts';
import { type Given, unmet } from './given.ts';
import { ringOf, type Stream, streamSource } from './stream.ts';
import { type SumTree, sumTreeSource, totalAt } from './sum-tree.ts';

export type Workload = Generated | Bank | Counter | SumTree | Stream | Given;

export interface Task {
  readonly program: Program;
  readonly ios: readonly IoKind[];
  readonly inputs: ReadonlyMap<number, Uint8Array>;
  /** What is wrong with the outcome of a run that has come to its own end; null if nothing is. */
  readonly wrong: (result: SimResult) => string | null;
}

/** `given`: the program of a `given` workload. `lazyReads`: what the machine lets programs read undeclared. */
export function taskOf(workload: Workload, lazyReads: boolean, given: Program | null): Task {
  const plain = (program: Program, wrong: Task['wrong'] = () => null): Task => ({
    program,
    ios: STANDARD_IO,
    inputs: new Map(),
    wrong,
  });
  switch (workload.kind) {
    case 'generated':
      return plain(compile(workload.plan, lazyReads).program);
    case 'bank':
      return plain(assembled(bankSource(workload)), (result) => moneyIn(workload, result));
    case 'counter':
      return plain(assembled(counterSource(workload)), (result) =>
        differs('the counter', wordAt(result, COUNTER), BigInt(workload.runners)),
      );
    case 'sum-tree': {
      const integers = BigInt(2 * workload.leaves);
      return plain(assembled(sumTreeSource(workload)), (result) =>
        differs('the sum', wordAt(result, totalAt(workload)), (integers * (integers + 1n)) / 2n),
      );
    }
    case 'stream': {
      const io = STANDARD_IO.length;
      const input = Uint8Array.from(workload.input);
      return {
        program: assembled(streamSource(workload)),
        ios: [...STANDARD_IO, { type: 'stream', stream: ringOf(workload, io) }],
        inputs: new Map([[io, input]]),
        wrong: (result) => differs('what was printed', [...outputOf(result, 'stdout')].join(), input.join()),
      };
    }
    case 'given':
      return plain(given!, (result) => unmet(workload, result));
  }
}

function assembled(source: string): Program {
  const result = assemble(source, { file: 'workload' });
  if (result.ok) return result.program;
  throw new Error(result.diagnostics.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
}

function moneyIn({ accounts }: Bank, result: SimResult): string | null {
  let sum = 0n;
  for (let i = 0; i < accounts; i += 1) sum += wordAt(result, ACCOUNTS + 8 * i);
  return differs('the sum of all accounts', sum, BALANCE * BigInt(accounts));
}

function differs<T extends bigint | string>(what: string, is: T, should: T): string | null {
  return is === should ? null : `${what} is ${is}, not ${should}`;
}
