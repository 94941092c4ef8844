/**
 * Translation ahead of time. The modules travel in the program's file, and none of them is taken on trust: a crafted one
 * would bypass every check. One is accepted only if it is, byte for byte, what this translator makes of the program's
 * code; else that code is translated anew.
 */

import { decode } from '../codec.ts';
import { layoutOf } from '../layout.ts';
import type { Decoded } from '../port.ts';
import type { Program, Translation } from '../program.ts';
import { graphFrom } from './graph.ts';
import { translate } from './translate.ts';
import type { Unit } from './unit.ts';

/** Labels from which this many instructions can be run through are looked at. */
const INSTRUCTIONS = 300;

/** Modules for the entry, and for each label at instructions that no module holds so far. */
export function translateProgram(program: Program): Translation[] {
  const code = codeIn(program);
  const layout = layoutOf(program.regionBoundary);
  const held = new Set<number>();
  const translations: Translation[] = [];
  const labels = program.symbols.map(({ address }) => address).sort((a, b) => a - b);
  for (const entry of [program.entry, ...labels]) {
    if (held.has(entry) || !isCode(program, entry, code)) continue;
    const unit = translate(code, entry, layout, AHEAD);
    if (unit === null) continue;
    for (const { base, bytes } of unit.code) for (let pc = base; pc < base + bytes.length; pc++) held.add(pc);
    translations.push({ entry, module: unit.module });
  }
  return translations;
}

/** As on the fly, before anybody knows which loops are worth more. */
const AHEAD = { calls: true };

export interface Accepted {
  readonly units: readonly Unit[];
  /** Entries whose module was another than this translator's. */
  readonly refused: readonly number[];
}

/** The program's translations as units. Those that were refused are among them, made anew. */
export function acceptTranslations(program: Program): Accepted {
  const code = codeIn(program);
  const layout = layoutOf(program.regionBoundary);
  const units: Unit[] = [];
  const refused: number[] = [];
  for (const { entry, module } of program.translations ?? []) {
    const unit = translate(code, entry, layout, AHEAD);
    if (unit === null || !equal(unit.module, module)) refused.push(entry);
    if (unit !== null) units.push(unit);
  }
  return { units, refused };
}

/** The program's instructions as assembled. */
function codeIn({ sections }: Program): (pc: number) => Decoded | null {
  return (pc) => {
    const section = sections.find(({ address, bytes }) => pc >= address && pc < address + bytes.length);
    return section === undefined ? null : decode(section.bytes, pc - section.address);
  };
}

/** Whether all that can be reached from there was written as instructions, as far as the line table tells. */
function isCode({ lines }: Program, entry: number, code: (pc: number) => Decoded | null): boolean {
  const graph = graphFrom(code, entry, INSTRUCTIONS);
  if (graph === null) return false;
  if (lines.length === 0) return true;
  const written = new Set(lines.map(({ address }) => address));
  return graph.blocks.every(({ instructions }) => instructions.every(({ pc }) => written.has(pc)));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
