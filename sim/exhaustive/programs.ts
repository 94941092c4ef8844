/** Programs small enough that every order of their messages can be executed. */

import { DEFAULT_CONFIG, type MachineConfig } from '../../src/actors/config.ts';
import { assemble } from '../../src/isa/assembler.ts';
import type { Program } from '../../src/isa/program.ts';

export interface SmallProgram {
  /** What happens in it, as a sentence. */
  readonly sentence: string;
  readonly program: Program;
  readonly config: MachineConfig;
}

/** The words that the programs work on, 0 at first: X and Z beside the code, Y where another home keeps it, if there is one. */
export const X = 0x4_0001_0000;
export const Z = 0x4_0001_0040;
export const Y = 0x4_0002_0000;

/** What a program is written as. */
interface Plan {
  readonly sentence: string;
  /** Runners that the entry creates, in this order; `made` are those that others create. */
  readonly runners: readonly RunnerPlan[];
  readonly made?: readonly RunnerPlan[];
  readonly homes: number;
  readonly rcomps: number;
}

interface RunnerPlan {
  readonly name: string;
  readonly code: string;
  /** `base, length` each. */
  readonly heap?: readonly string[];
  readonly watched?: readonly string[];
}

const ADD = 'mov X, r0\nadd r0, $1, X\nexit:c';
const SUM = '(1 << 56) + 8';

export const SMALL_PROGRAMS = {
  'one-child': small({
    sentence: 'the entry writes nothing and makes one runner, which writes one word',
    runners: [{ name: 'a', code: 'mov $1, X\nexit:c', heap: ['X, 8'] }],
    homes: 1,
    rcomps: 1,
  }),
  'lost-update': small({
    sentence: 'two runners add 1 to one word',
    runners: [
      { name: 'a', code: ADD, heap: ['X, 8'] },
      { name: 'b', code: ADD, heap: ['X, 8'] },
    ],
    homes: 1,
    rcomps: 2,
  }),
  'blind-writers': small({
    sentence: 'two runners write one word, not alike: the later commit is seen',
    runners: [
      { name: 'a', code: 'mov $1, X\nexit:c', heap: ['X, 8'] },
      { name: 'b', code: 'mov $2, X\nexit:c', heap: ['X, 8'] },
    ],
    homes: 1,
    rcomps: 2,
  }),
  'write-skew': small({
    sentence:
      'each of two runners writes its word if the other, on another home, is still 0; one is made later',
    runners: [
      { name: 'a', code: 'br:nz Y, a.none\nmov $1, X\na.none: exit:c', heap: ['X, 8', 'Y, 8'] },
      maker('b'),
    ],
    made: [{ name: 'b', code: 'br:nz X, b.none\nmov $1, Y\nb.none: exit:c', heap: ['X, 8', 'Y, 8'] }],
    homes: 2,
    rcomps: 2,
  }),
  'torn-read': small({
    sentence: 'one runner writes a word on each of two homes, another one, made later, copies both',
    runners: [{ name: 'a', code: 'mov $1, X\nmov $1, Y\nexit:c', heap: ['X, 8', 'Y, 8'] }, maker('b')],
    made: [{ name: 'b', code: 'mov X, Z\nmov Y, Z+8\nexit:c', heap: ['X, 8', 'Y, 8', 'Z, 16'] }],
    homes: 2,
    rcomps: 2,
  }),
  merge: small({
    sentence: 'two runners contribute to one sum',
    runners: [
      { name: 'a', code: 'mov $1, X\nexit:c', heap: [`X, ${SUM}`] },
      { name: 'b', code: 'mov $2, X\nexit:c', heap: [`X, ${SUM}`] },
    ],
    homes: 1,
    rcomps: 2,
  }),
  watcher: small({
    sentence: 'a watcher copies what another runner writes',
    runners: [
      { name: 'w', code: 'mov X, Z\nexit:c', heap: ['Z, 8'], watched: ['X, 8'] },
      { name: 'a', code: 'mov $1, X\nexit:c', heap: ['X, 8'] },
    ],
    homes: 1,
    rcomps: 2,
  }),
  'late-watcher': small({
    sentence: 'a runner makes a watcher of what another one writes meanwhile',
    runners: [maker('w'), { name: 'a', code: 'mov $1, X\nexit:c', heap: ['X, 8'] }],
    made: [{ name: 'w', code: 'mov X, Z\nexit:c', heap: ['Z, 8'], watched: ['X, 8'] }],
    homes: 1,
    rcomps: 2,
  }),
  'aborting-parent': small({
    sentence: 'a runner makes another one, which would write a word, and aborts',
    runners: [{ name: 'p', code: `${newr('c')}\nmov $1, X\nexit:a`, heap: ['X, 8'] }],
    made: [{ name: 'c', code: 'mov $1, Z\nexit:c', heap: ['Z, 8'] }],
    homes: 1,
    rcomps: 2,
  }),
  'losing-parent': small({
    sentence: 'of two runners that write one word each makes another one, which adds to a sum',
    runners: [
      { name: 'a', code: `${newr('c')}\nadd X, $1, X\nexit:c`, heap: ['X, 8'] },
      { name: 'b', code: 'add X, $1, X\nexit:c', heap: ['X, 8'] },
    ],
    made: [{ name: 'c', code: 'mov $1, Z\nexit:c', heap: [`Z, ${SUM}`] }],
    homes: 1,
    rcomps: 2,
  }),
} satisfies Readonly<Record<string, SmallProgram>>;

/** The program of a source that must be right, for a machine on which nothing but the order of messages is open. */
function small({ sentence, runners, made = [], homes, rcomps }: Plan): SmallProgram {
  const all = [...runners, ...made];
  const source = `
.equ X, ${X}
.equ Y, ${Y}
.equ Z, ${Z}
.entry main
main:
${runners.map(({ name }) => newr(name)).join('\n')}
exit:c
${all.map(sourceOf).join('\n')}
`;
  const assembled = assemble(source, { file: 'small' });
  if (!assembled.ok) throw new Error(assembled.diagnostics.map(({ message }) => message).join('\n'));
  const { program } = assembled;
  const config: MachineConfig = {
    ...DEFAULT_CONFIG,
    regionBoundary: program.regionBoundary,
    homes,
    rcomps,
    engine: 'interpreter',
    dispatchAhead: 4,
    observeLoads: true,
  };
  return { sentence, program, config };
}

/** A runner that does nothing but make another one. */
function maker(name: string): RunnerPlan {
  return { name: 'm', code: `${newr(name)}\nexit:c` };
}

function newr(name: string): string {
  return `newr ${name}.b, ${name}.b+8, ${name}.b+16, ${name}.b+24`;
}

/** Code and control blocks. */
function sourceOf({ name, code, heap = [], watched = [] }: RunnerPlan): string {
  return `
${name}: ${code}
.align 8
${name}.b: .quad ${name}.stack, ${name}.heap, ${name}.watched, ${name}.code
${name}.stack: .quad 0, 0
${name}.heap: .quad ${[heap.length, ...heap].join(', ')}
${name}.watched: .quad ${[watched.length, ...watched].join(', ')}
${name}.code: .quad ${name}
`;
}
