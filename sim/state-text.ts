/** An actor's state as indented text. */

import { LinkedSet } from '../src/memory/linked-set.ts';
import { isWord, textOf } from './transcript.ts';

/** What never changes, or says nothing. */
const LEFT_OUT: ReadonlySet<string> = new Set(['config', 'map', 'engine', 'files']);
const DEEPEST = 4;
const MOST_LINES = 60;

export function stateText(state: unknown): string {
  const lines: string[] = [];
  write(state, '', 0, lines);
  return lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} lines more`].join('\n')
    : lines.join('\n');
}

function write(value: unknown, name: string, depth: number, lines: string[]): void {
  const indent = '  '.repeat(depth);
  const label = name === '' ? '' : `${name}: `;
  const inner = entriesOf(value);
  if (inner === null || depth === DEEPEST) lines.push(`${indent}${label}${textOf(value)}`);
  else if (inner.length === 0) lines.push(`${indent}${label}none`);
  else {
    if (name !== '') lines.push(`${indent}${name}:`);
    for (const [key, field] of inner) write(field, key, name === '' ? depth : depth + 1, lines);
  }
}

/** Null: one line says it. */
function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (value instanceof Map) return [...value].map(([key, field]) => [textOf(key), field]);
  if (value instanceof Set || value instanceof LinkedSet)
    return [...value].map((element, i) => [String(i), element]);
  if (typeof value !== 'object' || value === null || isWord(value)) return null;
  if (Array.isArray(value)) return isOfPlain(value) ? null : value.map((element, i) => [String(i), element]);
  return Object.entries(value).filter(([key]) => !LEFT_OUT.has(key));
}

/** Numbers and texts, but at least one: an empty list says that it is. */
function isOfPlain(list: readonly unknown[]): boolean {
  return list.length > 0 && list.every((element) => typeof element !== 'object' || element === null);
}
