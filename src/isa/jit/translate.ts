/**
 * From an address to a unit of WebAssembly: the function that starts there, and those that it calls. A function of the
 * code's bytes and the options alone, so that equal code gives equal modules.
 */

import { encode } from '../codec.ts';
import type { Layout } from '../layout.ts';
import type { Decoded } from '../port.ts';
import { CodeWriter, Locals } from './code.ts';
import { emitFunction } from './function.ts';
import { type Graph, graphFrom, rotated } from './graph.ts';
import { FLAGS_BYTES } from './linear-layout.ts';
import { RULES, type Rules } from './rules.ts';
import type { CodeBytes, Unit, UnitFunction } from './unit.ts';
import { UnitBuilder } from './unit-builder.ts';
import { moduleOf, TYPE, type WasmFunction } from './wasm.ts';

export interface TranslateOptions {
  /** Marks each block that is executed. */
  readonly tracked?: boolean;
  /** Keeps private words in locals. */
  readonly promote?: boolean;
  /** Calls out in loops, too. */
  readonly calls?: boolean;
  readonly rules?: Rules;
}

/** Instructions of one function: the host compiles longer ones badly, and none runs so far without a look at what is left. */
const FUNCTION_INSTRUCTIONS = 300;
const UNIT_FUNCTIONS = 32;
const UNIT_INSTRUCTIONS = 1500;

/** Null if there is no instruction at `entry`. */
export function translate(
  code: (pc: number) => Decoded | null,
  entry: number,
  layout: Layout,
  { tracked = false, promote = true, calls = false, rules = RULES }: TranslateOptions = {},
): Unit | null {
  const incomplete = new Set<number>();
  const look = (pc: number): Decoded | null => {
    const decoded = code(pc);
    if (decoded === null) incomplete.add(pc);
    return decoded;
  };
  const graphs = reachable(look, entry, tracked);
  if (graphs.size === 0) return null;
  const places = new Map([...graphs.keys()].map((pc, place) => [pc, place]));
  const builder = new UnitBuilder(layout, rules, tracked, places);
  const emitted = [...graphs.values()].map((graph, place) =>
    emitFunction(graph, builder, place, { promote, calls }),
  );
  const functions = [...graphs.keys()].map(
    (pc, place): UnitFunction => ({
      pc,
      name: `x${pc.toString(16)}`,
      locals: emitted[place]!.words.filter(({ register }) => register === null),
    }),
  );
  const entries = functions.map(({ name, pc }) => entryOf(name, builder.functionAt(pc)!));
  return {
    module: moduleOf(builder.imports(), [...emitted.map(({ wasm }) => wasm), ...entries]),
    functions,
    exits: builder.exits,
    sites: builder.sites,
    newrs: builder.newrs,
    touches: builder.touches,
    code: codeOf([...graphs.values()]),
    frames: builder.frames,
    caches: builder.caches,
    blocks: builder.blocks,
    overshoot: Math.max(...[...graphs.values()].map(lengthOf)),
    incomplete,
  };
}

/** The graphs of the function at `entry` and of those that it calls, as far as one unit goes. */
function reachable(
  code: (pc: number) => Decoded | null,
  entry: number,
  tracked: boolean,
): Map<number, Graph> {
  const graphs = new Map<number, Graph>();
  // A block that is tracked needs a flag.
  let room = tracked ? Math.min(UNIT_INSTRUCTIONS, FLAGS_BYTES) : UNIT_INSTRUCTIONS;
  const pending = [entry];
  for (const pc of pending) {
    if (graphs.has(pc) || graphs.size === UNIT_FUNCTIONS || room <= 0) continue;
    const graph = graphFrom(code, pc, Math.min(room, FUNCTION_INSTRUCTIONS));
    if (graph === null) continue;
    // What a tracked block executes has to lie together.
    graphs.set(pc, tracked ? graph : rotated(graph));
    for (const { instructions, end } of graph.blocks) {
      room -= instructions.length;
      if (end.kind === 'call') pending.push(end.callee);
    }
  }
  return graphs;
}

function lengthOf({ blocks }: Graph): number {
  return blocks.reduce((sum, { instructions }) => sum + instructions.length, 0);
}

/** Runs a function for somebody who is no caller: it can return to nobody. */
function entryOf(name: string, target: number): WasmFunction {
  const code = new CodeWriter(new Locals(0)).i64(0).i32(0).call(target);
  return { type: { parameters: [], results: [TYPE.i32] }, locals: [], code: code.finish(), name };
}

/** The bytes of all instructions. */
function codeOf(graphs: readonly Graph[]): CodeBytes[] {
  const instructions = graphs
    .flatMap(({ blocks }) => blocks.flatMap((block) => block.instructions))
    .sort((a, b) => a.pc - b.pc);
  const parts: CodeBytes[] = [];
  for (let i = 0; i < instructions.length; ) {
    const base = instructions[i]!.pc;
    let end = base;
    const first = i;
    for (; i < instructions.length && instructions[i]!.pc <= end; i++)
      end = Math.max(end, instructions[i]!.next);
    const bytes = new Uint8Array(end - base);
    for (const { pc, instruction } of instructions.slice(first, i)) bytes.set(encode(instruction), pc - base);
    parts.push({ base, bytes });
  }
  return parts;
}
