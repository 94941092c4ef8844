/** What one runner's run takes, part by part: the entry runner alone, on a machine of its own. */

import { assemble, Machine, mustSucceed, type Program } from '../src/index.ts';
import { fact, type Row, type Settings } from './measure.ts';

/** Milliseconds, and what came out. */
export interface Execution {
  /** From the attempt's start to its end: its snapshot, and gathering what it has written, are within. */
  readonly run: number;
  /** Of that, making the snapshot. */
  readonly snapshot: number;
  /** Of that, executing instructions; all of it on the interpreter, which does not tell. */
  readonly executing: number;
  /** Gathering what was written, within `run`, and from the attempt's end to the decided commit. */
  readonly commit: number;
  /** `run` and what of the commit comes after it. */
  readonly whole: number;
  /** The unsigned 64-bit word at RESULT. */
  readonly result: bigint;
}

/** How much of what a benchmark has executed ran translated: a silent return to the interpreter would falsify it. */
export class Tally {
  #translated = 0;
  #instructions = 0;

  add(translated: number, instructions: number): void {
    this.#translated += translated;
    this.#instructions += instructions;
  }

  /** None on the interpreter. */
  rows(): Row[] {
    if (this.#translated === 0) return [];
    return [fact('instructions that ran translated, %', (100 * this.#translated) / this.#instructions)];
  }
}

/** Where a program leaves what its work came to; its heap range has to hold it. */
export const RESULT = 0x600000000;

/** A program whose entry `main` leaves a word at `result`, and whose words at `parameters` nobody folds into its code. */
export function withResult(code: string, parameters: readonly (number | bigint)[] = [], heap = ''): Program {
  return assemble(`
    .entry main
    .heap ${RESULT}, 8
    ${heap === '' ? '' : `.heap ${heap}`}
    ${code}
    .align 8
  parameters: .quad ${[...parameters, 0].join(', ')}
    .org ${RESULT}
  result: .quad 0
  `);
}

export async function execute(
  program: Program,
  { machine: options }: Settings,
  tally: Tally,
): Promise<Execution> {
  await using machine = new Machine(program, { ...options, rcomps: 1, homes: 1 });
  const times = { start: 0n, attempt: 0n, commit: 0n };
  let instructions = 0;
  machine.on('start', () => {
    times.start = process.hrtime.bigint();
  });
  machine.on('attempt', ({ end }) => {
    times.attempt = process.hrtime.bigint();
    if ('executed' in end) instructions = end.executed;
  });
  machine.on('commit', () => {
    times.commit = process.hrtime.bigint();
  });
  mustSucceed(await machine.run());
  const costs = machine.costs();
  tally.add(costs.translated, instructions);
  const run = Number(times.attempt - times.start) / 1e6;
  const decided = Number(times.commit - times.attempt) / 1e6;
  return {
    run,
    snapshot: costs.snapshot + costs.fetch,
    executing: costs.execute === 0 ? run : costs.execute,
    commit: costs.stage + decided,
    whole: run + decided,
    result: await machine.readWord(RESULT, 'uq'),
  };
}

/** Two that claim to do the same work have to come to the same. */
export function mustAgree(ours: bigint, peer: bigint): void {
  if (ours !== peer) throw new Error(`we have computed ${ours} and the native peer ${peer}`);
}
