/** Small programs in source, run by the simulator: how the rules of the memory model are tested one by one. */

import { type Create, DEFAULT_OPTIONS, type RunObserver, simulate } from '../../sim/cluster.ts';
import { FAIR, OrderedNetwork, type Weather } from '../../sim/ordered-network.ts';
import { type Choose, seeded } from '../../sim/random.ts';
import { eventsOf, outputOf, type SimResult } from '../../sim/result.ts';
import { wordAt } from '../../sim/words.ts';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import { DEFAULT_CONFIG, type MachineConfig } from '../../src/actors/config.ts';
import type { IoKind } from '../../src/actors/init.ts';
import type { TraceEvent } from '../../src/actors/trace-event.ts';
import { assemble } from '../../src/isa/assembler.ts';
import type { Channel } from '../../src/isa/layout.ts';
import type { Program } from '../../src/isa/program.ts';

export interface ScenarioOptions extends Partial<Omit<Weather, 'isolated' | 'signals'>> {
  readonly choose?: Choose;
  readonly observers?: readonly RunObserver[];
  readonly config?: Partial<MachineConfig>;
  readonly create?: Create;
  /** Files and streams; each gets the next id after the standard ones, 3 first. */
  readonly ios?: readonly IoKind[];
  /** What files and streams hold, by id. */
  readonly inputs?: ReadonlyMap<number, Uint8Array>;
}

export { wordAt };

/** The first id that `ScenarioOptions.ios` gives. */
export const FIRST_IO = STANDARD_IO.length;

/** The program of a source that must be right. */
export function programOf(source: string): Program {
  const result = assemble(source, { file: 'scenario' });
  if (!result.ok)
    throw new Error(result.diagnostics.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
  return result.program;
}

/** Runs a source to its end; without `choose`, messages arrive in the order of their sending. */
export function runSource(source: string, options: ScenarioOptions = {}): SimResult {
  const {
    config: said,
    create,
    observers,
    ios = [],
    inputs = new Map(),
    choose = () => 0,
    ...weather
  } = options;
  const program = programOf(source);
  const config = { ...DEFAULT_CONFIG, regionBoundary: program.regionBoundary, ...said };
  return simulate(program, {
    ...DEFAULT_OPTIONS,
    ...(create === undefined ? {} : { create }),
    ...(observers === undefined ? {} : { observers }),
    config,
    network: new OrderedNetwork({ ...FAIR, ...weather }, config.rcomps, choose),
    ios: [...STANDARD_IO, ...ios],
    outside: { inputs },
    choose,
  });
}

/** Runs a source once for each of `count` orders of messages. */
export function runOrders(source: string, count: number, options: ScenarioOptions = {}): SimResult[] {
  return Array.from({ length: count }, (_, seed) =>
    runSource(source, { slowLinks: true, ...options, choose: seeded(seed) }),
  );
}

/** How `newr` is told of a runner, as text for the assembler. */
export interface Newborn {
  readonly code: string;
  /** `base, size` */
  readonly stack?: string;
  /** `base, length` each. */
  readonly heap?: readonly string[];
  /** The same; absent: a plain runner. */
  readonly watched?: readonly string[];
  readonly persistent?: boolean;
  readonly serializable?: boolean;
  readonly status?: string;
}

/**
 * Control blocks as data, for `newrOf(name)`. A merge type goes into the top byte of a length: `merging('sum', 8)`.
 */
export function blocksOf(name: string, newborn: Newborn): string {
  const { code, stack = '0, 0', heap = [], watched = [], persistent, serializable, status } = newborn;
  const flags = [
    ...(persistent ? [63] : []),
    ...(status === undefined ? [] : [62]),
    ...(serializable ? [61] : []),
  ];
  const count = [String(watched.length), ...flags.map((bit) => `(1 << ${bit})`)].join(' + ');
  return `
.align 8
${name}.b: .quad ${name}.b1, ${name}.b2, ${name}.b3, ${name}.b4
${name}.b1: .quad ${stack}
${name}.b2: .quad ${[heap.length, ...heap].join(', ')}
${name}.b3: .quad ${[count, ...watched].join(', ')}
${name}.b4: .quad ${[code, ...(status === undefined ? [] : [status])].join(', ')}
`;
}

/** Creates the runner whose blocks are named so. */
export function newrOf(name: string): string {
  return `newr ${name}.b, ${name}.b+8, ${name}.b+16, ${name}.b+24`;
}

const MERGES = { sum: 1, min: 2, max: 3, and: 4, or: 5, xor: 6 } as const;

/** The length of a heap range with a merge type. */
export function merging(type: keyof typeof MERGES, length: string | number): string {
  return `(${MERGES[type]} << 56) + ${length}`;
}

/** A program of runners that the entry creates and that do nothing to each other's code. */
export function family(
  newborns: Readonly<Record<string, Newborn>>,
  code: string,
  { entry = '', heap = '' }: { readonly entry?: string; readonly heap?: string } = {},
): string {
  return `
${heap}
.entry main
main:
${entry}
${Object.keys(newborns).map(newrOf).join('\n')}
exit:c
${code}
${Object.entries(newborns)
  .map(([name, newborn]) => blocksOf(name, newborn))
  .join('\n')}
`;
}

/** `count` neighbouring words. */
export function wordsAt(result: SimResult, address: number, count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => wordAt(result, address + 8 * i));
}

/** What reached a channel, as text. */
export function textIn(result: SimResult, channel: Channel = 'stdout'): string {
  return new TextDecoder().decode(outputOf(result, channel));
}

/** The events of one type, in order. */
export function happened<T extends TraceEvent['type']>(
  result: SimResult,
  type: T,
): Extract<TraceEvent, { readonly type: T }>[] {
  return eventsOf(result.trace, type).map(({ event }) => event);
}

/** The causes of the faults of a run, in order. */
export function causes(result: SimResult): string[] {
  return result.summary.faults.map(({ fault }) => fault.cause);
}
