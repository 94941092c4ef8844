/** One case of the differential fuzzer, drawn from its seed; plain data, so that it can be made smaller. */

import { end } from '../../../src/memory/ranges.ts';
import { draftText, place } from './draft.ts';
import { controlOf, drawGround, type Ground, mapOf, VAST } from './ground.ts';
import { type DrawnProgram, drawProgram } from './program.ts';
import { Random } from './random.ts';
import { Snapshot } from './snapshot.ts';
import type { Conditions, World } from './world.ts';

export interface Trial extends Conditions {
  readonly seed: number;
  readonly ground: Ground;
  readonly program: DrawnProgram;
}

/** Enough for the deepest recursion; calls within loops within calls may add up to more than anybody waits for. */
const MOST_FUEL = 1_500_000;

const WITHOUT_END = Number.MAX_SAFE_INTEGER;

export function drawTrial(seed: number): Trial {
  const random = new Random(seed);
  const ground = drawGround(random);
  const program = drawProgram(random, ground);
  const most = Math.min(MOST_FUEL, Math.max(8_000, 2 * program.length));
  return {
    seed,
    ground,
    program,
    fuel: random.chance(15) ? random.from(0, random.pick([20, 200, 3000, 20_000])) : most,
    // Translated code runs where more than a thousand instructions are left.
    budgets: random.weighted([
      [55, [WITHOUT_END]],
      [15, [random.from(1, 60), WITHOUT_END]],
      [10, [random.from(1, 3000), random.from(1, 3000), WITHOUT_END]],
      [10, [random.from(1100, 3000)]],
      [5, [1, 1, 1, 1, 1, 1, 1, 1, 5000]],
      [5, [random.from(10, 1000)]],
    ]),
    pages: random.pick(['ahead', 'ahead', 'asked', 'fetched'] as const),
    linear: random.weighted([
      [ground.annex.length === VAST ? 10 : 70, 'large'],
      [20, 'small'],
      [ground.annex.length === VAST ? 70 : 10, 'tiny'],
    ]),
    again: random.chance(10),
  };
}

export function worldOf({ ground, program, fuel, budgets, pages, linear, again }: Trial): World {
  const code = place(program.lines, ground.codeBase);
  const laid = [{ address: code.base, bytes: code.bytes }];
  for (const { address, bits, label } of program.words) {
    const value = BigInt.asUintN(64, bits + BigInt(label === undefined ? 0 : code.addressOf(label)));
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    laid.push({ address, bytes });
  }
  return {
    config: ground.config,
    map: mapOf(ground, code.bytes.length),
    control: controlOf(ground, code.bytes.length, code.base),
    snapshot: new Snapshot(ground.config.pageSize, ground.contentSeed, laid),
    words: wordsOf(ground),
    fuel,
    budgets,
    pages,
    linear,
    again,
  };
}

/** The private words that drawn programs use, and both ends of the stack. */
function wordsOf({ pool, stack, layout }: Ground): number[] {
  const spans = [
    [pool.base - 8, pool.base + pool.length + 8],
    [0x4000 - 16, 0x4000 + 64],
    [0x5000, 0x5020],
    [0x5800, 0x5820],
    [0x6000, 0x60c0],
    [layout.words.child, layout.words.child + 8],
    [stack.base, stack.base + 56],
    [end(stack) - 64, end(stack) - 8],
  ] as const;
  return spans.flatMap(([from, to]) => Array.from({ length: (to - from) >>> 3 }, (_, i) => from + 8 * i));
}

/** The trial for people: source, and what lies around it. */
export function trialText(trial: Trial): string {
  const { ground, program, fuel, budgets, pages, linear, again } = trial;
  const range = ({ base, length }: { base: number; length: number }) => `0x${base.toString(16)} + ${length}`;
  const { heap, annex, merge, stack, data, watched, file, config } = ground;
  return [
    `# heap ${range(heap)}, ${range(annex)}; code is heap: ${ground.codeInHeap}`,
    `# merge ${merge === null ? 'none' : `${range(merge)} type ${merge.merge}`}; stack ${range(stack)}, image of ${ground.image.length}`,
    `# data ${range(data)}; watched ${range(watched)}; file ${range(file)}`,
    `# page ${config.pageSize}; serializable ${ground.serializable}; lazy reads ${config.lazyReads}; private ${config.limits.privateBytes}; children ${config.limits.children}`,
    `# fuel ${fuel}; budgets ${budgets.join(', ')}; pages ${pages}; memory ${linear}; again ${again}`,
    ...program.words.map(
      ({ address, bits, label }) =>
        `# word 0x${address.toString(16)}: 0x${bits.toString(16)}${label === undefined ? '' : ` + L${label}`}`,
    ),
    `.org 0x${ground.codeBase.toString(16)}`,
    ...draftText(program.lines, ground.codeBase, ground.layout),
  ].join('\n');
}
