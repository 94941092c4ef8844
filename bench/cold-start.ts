import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { assemble } from '../src/index.ts';
import { decode, MAX_INSTRUCTION_BYTES } from '../src/isa/codec.ts';
import { UnitCache } from '../src/isa/jit/unit-cache.ts';
import { layoutOf } from '../src/isa/layout.ts';
import type { Decoded } from '../src/isa/port.ts';
import { type Benchmark, inTurns, type Row, rowOf, type Settings, stopwatch, versus } from './measure.ts';
import { packageFile } from './places.ts';

const FUNCTIONS = 20;

export const coldStart: Benchmark = {
  name: 'cold-start',
  title:
    'A process of its own for `dvm run` on a small program, in ms, beside Node that does nothing; and µs an instruction translated',
  async run(settings) {
    const dvm = packageFile('dist', 'bin', 'dvm.js');
    const built = existsSync(dvm);
    return {
      rows: [...(built ? [await startRow(dvm, settings)] : []), await translationRow(settings)],
      notes: built ? [] : ['dvm is not built (npm run build), so it cannot be started'],
    };
  },
};

async function startRow(dvm: string, { machine, rounds }: Settings): Promise<Row> {
  const engine = machine.engine === undefined ? [] : ['--engine', machine.engine];
  const example = packageFile('examples', 'sum.s');
  return versus(
    'dvm run examples/sum.s, ms',
    () => stopwatch(() => node(dvm, 'run', ...engine, example)),
    () => stopwatch(() => node('--eval', '0')),
    rounds,
  );
}

function node(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} has ended with ${status}: ${stderr}`);
}

/** Other code each time: the host remembers modules that it has seen. */
async function translationRow({ rounds }: Settings): Promise<Row> {
  let seed = 0;
  const [times] = await inTurns([() => translation(seed++)], rounds);
  return rowOf('translating, µs an instruction', times!, null);
}

async function translation(seed: number): Promise<number> {
  const { entry, sections, regionBoundary } = assemble(functions(seed));
  const { address, bytes } = sections[0]!;
  const found = new Map<number, Decoded | null>();
  const code = (pc: number): Decoded | null => {
    const at = pc - address;
    const decoded = at < 0 ? null : decode(bytes.subarray(at, at + MAX_INSTRUCTION_BYTES), 0);
    found.set(pc, decoded);
    return decoded;
  };
  const cache = new UnitCache(layoutOf(regionBoundary));
  const time = await stopwatch(() => cache.add(entry, { tracked: false, promote: true, calls: false }, code));
  return (time * 1000) / found.size;
}

/** Loops over memory and registers, each called from `main`: as much as goes into one unit. */
function functions(seed: number): string {
  const names = Array.from({ length: FUNCTIONS }, (_, i) => `f${i}`);
  return `
    .entry main
  main:
    ${names.map((name) => `bl ${name}, r60`).join('\n    ')}
    exit:c
    ${names.map((name, i) => bodyOf(name, seed * FUNCTIONS + i)).join('\n')}`;
}

function bodyOf(name: string, constant: number): string {
  const step = `
    add r1, $${constant}, r1
    mul r1:uq, r2, r3
    mov (r4), r5
    xor r5, r3, r5
    mov r5, 8(r4)
    add 0x100020000, r5, 0x100020000`;
  return `
  ${name}:
    mov $0, r0
  ${name}_again:
    ${step.repeat(8)}
    add $1, r0, r0
    br:l r0, $10, ${name}_again
    br:j (r60)`;
}
