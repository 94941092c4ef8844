/** Two runs of one program that leave different memories: where, and how to see both. */

import { writeFileSync } from 'node:fs';
import { judgeSeed, type Settings } from '../../sim/campaign.ts';
import { type Difference, differences } from '../../sim/final-memory.ts';
import { traceText } from '../../sim/trace-file.ts';
import type { Program } from '../../src/isa/program.ts';
import { print } from '../console.ts';
import { SIM_EXIT } from './exits.ts';
import type { MemoryDifference } from './memories.ts';
import type { SimFlags } from './request.ts';

/** Bytes that are shown. */
const SHOWN = 16;

export function showDifference(
  { seeds, memories }: MemoryDifference,
  settings: Settings,
  { json }: SimFlags,
): number {
  const program = settings.given!;
  const [a, b] = memories.map((memory) => new Map(memory));
  const bytes = differences(program, a!, b!);
  const traces = seeds.map((seed) => keep(seed, settings));
  if (json === true) print(`${JSON.stringify({ confluent: false, seeds, traces, bytes })}\n`);
  else
    print(
      [
        `two orders leave different memories, of seeds ${seeds.join(' and ')}:`,
        ...differenceLines(program, bytes),
        ...traces.map((trace) => `  dvm sim ${nameOf(settings)} --replay ${trace}`),
        `  dvm sim ${nameOf(settings)} --replay ${traces[0]} --diff ${traces[1]}`,
        '',
      ].join('\n'),
    );
  return SIM_EXIT.invariant;
}

/** `  0x600000000 (counter): 3 and 4`, a byte a line. */
export function differenceLines(program: Program, bytes: readonly Difference[]): string[] {
  const lines = bytes.slice(0, SHOWN).map(({ address, bytes: [one, other] }) => {
    const label = program.symbols.findLast(
      (symbol) => symbol.address <= address && address < symbol.address + 8,
    );
    return `  0x${address.toString(16)}${label === undefined ? '' : ` (${label.name})`}: ${one} and ${other}`;
  });
  return bytes.length > SHOWN ? [...lines, `  … ${bytes.length - SHOWN} bytes more`] : lines;
}

function keep(seed: number, settings: Settings): string {
  const file = `confluent-${seed}.trace.json`;
  writeFileSync(
    file,
    traceText({ violates: null, mutations: settings.mutations, ...judgeSeed(seed, settings).case }),
  );
  return file;
}

function nameOf({ wishes }: Settings): string {
  return wishes.workload?.kind === 'given' ? wishes.workload.name : '';
}
