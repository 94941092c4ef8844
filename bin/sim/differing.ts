/** Two runs of one program that leave different memories: where, and how to see both. */

import { judgeSeed, type Settings } from '../../sim/campaign.ts';
import { type Difference, differences } from '../../sim/final-memory.ts';
import { drawScenario } from '../../sim/scenario.ts';
import type { Program } from '../../src/isa/program.ts';
import { print } from '../console.ts';
import { SIM_EXIT } from './exits.ts';
import { keepTrace, replayLine } from './kept.ts';
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
  const [one, other] = seeds.map((seed) => traceOfSeed(seed, settings));
  const scenario = drawScenario(seeds[0], settings.wishes);
  const exit = SIM_EXIT.invariant;
  if (json === true)
    print(
      `${JSON.stringify({ status: 'different', exit, seeds, traces: [one, other], bytes: bytesObject(bytes) })}\n`,
    );
  else
    print(
      [
        `two orders leave different memories, of seeds ${seeds.join(' and ')}:`,
        ...differenceLines(program, bytes),
        `  ${replayLine(scenario, one!)}`,
        `  ${replayLine(scenario, other!)}`,
        `  ${replayLine(scenario, one!, '--diff', other!)}`,
        '',
      ].join('\n'),
    );
  return exit;
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

/** For machines to read. */
export function bytesObject(bytes: readonly Difference[]): object[] {
  return bytes.map(({ address, bytes: both }) => ({ address: `0x${address.toString(16)}`, bytes: both }));
}

function traceOfSeed(seed: number, settings: Settings): string {
  const trace = { violates: null, mutations: settings.mutations, ...judgeSeed(seed, settings).case };
  return keepTrace(trace, `confluent-${seed}`, undefined);
}
