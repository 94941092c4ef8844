import { availableMemory } from 'node:process';
import type { Program } from '../src/index.ts';
import { type Execution, execute, mustAgree, Tally, withResult } from './execution.ts';
import { type Benchmark, fact, inTurns, median, type Row, rowOf, type Settings, scaled } from './measure.ts';
import { Native, NO_COMPILER } from './native.ts';

const MIB = 2 ** 20;
const SIZES = [64 * MIB, 1024 * MIB, 3072 * MIB];
const PASSES = 16;
const BASE = 0x10_0000_0000;

/** A range lies in the compartment, in its patches and at its home; and once in the peer. */
const COPIES = 4;

export const memoryPasses: Benchmark = {
  name: 'table3-memory',
  title: `64-bit integers written over a heap range, then read, ${PASSES} times each, in ms, snapshot and commit included (paper, Table 3); the peer is C on fresh memory`,
  async run(settings) {
    const rows: Row[] = [];
    const notes: string[] = [];
    const tally = new Tally();
    using peer = Native.compile(NATIVE);
    if (peer === null) notes.push(NO_COMPILER);
    for (const full of SIZES) {
      const bytes = scaled(full, settings, 4096);
      if (bytes * COPIES <= availableMemory()) rows.push(...(await rowsFor(bytes, peer, settings, tally)));
      else notes.push(`${sizeOf(bytes)} are left out: they need ${sizeOf(bytes * COPIES)} of free memory`);
    }
    return { rows: [...rows, ...tally.rows()], notes };
  },
};

async function rowsFor(bytes: number, peer: Native | null, settings: Settings, tally: Tally): Promise<Row[]> {
  const program = passes(bytes);
  const expected = peer?.run(bytes, PASSES).result;
  const executions: Execution[] = [];
  const ours = async () => {
    const execution = await execute(program, settings, tally);
    if (expected !== undefined) mustAgree(execution.result, expected);
    executions.push(execution);
    return execution.whole;
  };
  const native = peer && (() => peer.run(bytes, PASSES).milliseconds);
  const [mine, other] = await inTurns([ours, native], settings.rounds);
  const part = (name: string, of: (execution: Execution) => number) =>
    fact(`${sizeOf(bytes)}: of that, ${name}`, median(executions.slice(1).map(of)));
  return [
    rowOf(sizeOf(bytes), mine!, other!),
    part('snapshot', ({ snapshot }) => snapshot),
    part('commit', ({ commit }) => commit),
  ];
}

function passes(bytes: number): Program {
  return withResult(
    `
  main:
    mov parameters, r0              # passes
    mov parameters+8, r2            # end of the range
    mov $0, r3
    mov $0, r4                      # the next integer
  write:
    mov $${BASE}, r1
  write_next:
    mov r4, (r1)
    add $1, r4, r4
    add $8, r1, r1
    br:l r1:uq, r2, write_next
    add $1, r3, r3
    br:l r3, r0, write
    mov $0, r3
    mov $0, r5                      # the sum
  read:
    mov $${BASE}, r1
  read_next:
    add r5, (r1), r5
    add $8, r1, r1
    br:l r1:uq, r2, read_next
    add $1, r3, r3
    br:l r3, r0, read
    mov r5, result
    exit:c`,
    [PASSES, BASE + bytes],
    `${BASE}, ${bytes}`,
  );
}

const NATIVE = `
static uint64_t work(const uint64_t *args) {
  uint64_t *base = malloc(args[0]), *end = base + args[0] / 8, next = 0, sum = 0;
  for (uint64_t pass = 0; pass < args[1]; pass++) {
    for (uint64_t *p = base; p < end; p++) {
      *p = next++;
      KEEP(next);
    }
    KEEP_MEMORY();
  }
  for (uint64_t pass = 0; pass < args[1]; pass++)
    for (uint64_t *p = base; p < end; p++) {
      sum += *p;
      KEEP(sum);
    }
  return sum;
}`;

function sizeOf(bytes: number): string {
  for (const [unit, name] of [
    [1024 * MIB, 'GiB'],
    [MIB, 'MiB'],
    [1024, 'KiB'],
  ] as const)
    if (bytes >= unit && bytes % (unit / 4) === 0) return `${bytes / unit} ${name}`;
  return `${bytes} bytes`;
}
