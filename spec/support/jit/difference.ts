/** What two tiers disagree about. */

import type { Halt, Result } from './attempt.ts';

/** The first kind of difference counts: later ones follow from it. */
export type DifferenceKind =
  | 'crash'
  | 'halt'
  | 'end'
  | 'executed'
  | 'registers'
  | 'private'
  | 'memory'
  | 'output'
  | 'children'
  | 'reads';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly text: string;
}

export function differenceOf(reference: Result, other: Result): Difference | null {
  const halt = other.halts.findIndex((h, i) => !sameHalt(h, reference.halts[i]));
  if (halt >= 0) return different('halt', haltText(reference.halts[halt]), haltText(other.halts[halt]));
  const all: [DifferenceKind, unknown, unknown][] = [
    ['end', [reference.stop, reference.pc], [other.stop, other.pc]],
    ['executed', reference.executed, other.executed],
    ['registers', reference.registers, other.registers],
    ['private', reference.words, other.words],
    ['memory', reference.patches, other.patches],
    ['output', reference.output, other.output],
    ['children', reference.children, other.children],
  ];
  // What is not committed is not validated: translated code may count a block as executed that has faulted in its middle.
  if (reference.stop.kind === 'exit' && reference.stop.commit)
    all.push(['reads', reference.reads, other.reads]);
  for (const [kind, expected, actual] of all)
    if (!same(expected, actual)) return different(kind, expected, actual);
  return null;
}

function different(kind: DifferenceKind, expected: unknown, actual: unknown): Difference {
  return { kind, text: `${kind}: the interpreter ${print(expected)}\nthe other tier ${print(actual)}` };
}

function sameHalt(a: Halt, b: Halt | undefined): boolean {
  return b !== undefined && a.executed === b.executed && a.pc === b.pc && same(a.registers, b.registers);
}

function haltText(halt: Halt | undefined): unknown {
  return halt === undefined ? 'no halt' : halt;
}

/** Equal as plain data. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    const [x, y] = [a as ArrayLike<unknown>, b as ArrayLike<unknown>];
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i += 1) if (!same(x[i], y[i])) return false;
    return true;
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => same(x[key], y[key]));
}

function print(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return `0x${item.toString(16)}`;
    if (typeof item === 'number' && item > 9999) return `0x${item.toString(16)}`;
    return item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item;
  });
}
