/** Macros: a body of lines with holes. */

import { continuesName, startsName } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { closingQuote } from './quoted.ts';
import { SourceError, type SourceLine } from './source.ts';
import { nearest } from './suggest.ts';
import type { Token } from './token.ts';

export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly BodyLine[];
}

export interface BodyLine {
  readonly line: SourceLine;
  readonly parts: readonly Part[];
}

/** Text as it stands, the index of a parameter, or `@`, the number of the call. */
type Part = { readonly text: string } | number | '@';

/** What stands behind `.macro`: `NAME a, b`. */
export function parseMacroHead(cursor: Cursor): { readonly name: Token; readonly parameters: string[] } {
  const name = cursor.token;
  if (name.kind !== 'name') {
    throw new SourceError(
      'DE0405',
      cursor.here,
      `expected the macro's name, found ${cursor.shown}`,
      'write `.macro NAME parameter, …`',
    );
  }
  cursor.index++;
  const parameters: string[] = [];
  cursor.skip(',');
  while (cursor.kind !== 'end') {
    const parameter = cursor.take();
    if (parameter.kind !== 'name') {
      throw new SourceError(
        'DE0405',
        parameter,
        `expected a parameter's name, found \`${cursor.text.slice(parameter.start, parameter.end)}\``,
        'write `.macro NAME parameter, …`',
      );
    }
    if (parameters.includes(parameter.text)) {
      throw new SourceError('DE0505', parameter, `parameter \`${parameter.text}\` is named twice`);
    }
    parameters.push(parameter.text);
    if (!cursor.skip(',')) cursor.expectEnd('parameters are separated by commas');
  }
  return { name, parameters };
}

/**
 * Splits a line of a body at its holes: `\name`, `\@`, and `\()`, which is empty and ends a name. Literals and comments
 * have none, since `\n` in a string is a line break even where a parameter is called n.
 */
export function parseBodyLine(line: SourceLine, parameters: readonly string[]): BodyLine {
  const { text } = line;
  const parts: Part[] = [];
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === '#') break;
    if (character === '"' || character === "'") {
      const end = closingQuote(text, at);
      at = end < 0 ? text.length : end + 1;
    } else if (character === '\\') {
      if (at > copied) parts.push({ text: text.slice(copied, at) });
      const end = endOfHole(text, at);
      const hole = holeOf(text, at, end, parameters);
      if (hole !== null) parts.push(hole);
      at = end;
      copied = at;
    } else {
      at++;
    }
  }
  if (copied < text.length) parts.push({ text: text.slice(copied) });
  return { line, parts };
}

/** The line with arguments in its holes. */
export function fillBodyLine(body: BodyLine, values: readonly string[], call: number): string {
  const [first] = body.parts;
  if (body.parts.length === 1 && typeof first === 'object') return first.text;
  let text = '';
  for (const part of body.parts) {
    text += part === '@' ? call : typeof part === 'number' ? values[part] : part.text;
  }
  return text;
}

/** The arguments of a call as they are written: what commas outside of parentheses separate. */
export function takeArgumentTexts(cursor: Cursor): string[] {
  if (cursor.kind === 'end') return [];
  const texts: string[] = [];
  let depth = 0;
  let first: Token | null = null;
  for (;;) {
    const last = cursor.lastEnd;
    const token = cursor.take();
    if (token.kind === 'end' || (token.kind === ',' && depth === 0)) {
      texts.push(first === null ? '' : cursor.text.slice(first.start, last));
      if (token.kind === 'end') return texts;
      first = null;
      continue;
    }
    first ??= token;
    if (token.kind === '(') depth++;
    if (token.kind === ')') depth--;
  }
}

function endOfHole(text: string, at: number): number {
  if (text[at + 1] === '@') return at + 2;
  if (text.startsWith('()', at + 1)) return at + 3;
  let end = at + 1;
  if (startsName(text.charCodeAt(end))) {
    do end++;
    while (continuesName(text.charCodeAt(end)));
  }
  return end;
}

/** The part for the hole `[at, end)`; null for `\()`. */
function holeOf(text: string, at: number, end: number, parameters: readonly string[]): Part | null {
  const name = text.slice(at + 1, end);
  if (name === '@') return '@';
  if (name === '()') return null;
  const index = parameters.indexOf(name);
  if (index >= 0) return index;
  const guess = nearest(name, parameters);
  throw new SourceError(
    'DE0507',
    { start: at, end: Math.max(end, at + 1) },
    name === '' ? 'expected a parameter after `\\`' : `the macro has no parameter \`${name}\``,
    parameters.length === 0
      ? 'the macro takes no parameters'
      : guess === null
        ? `its parameters are ${parameters.join(', ')}; \\() ends a name`
        : `did you mean \`\\${guess}\`?`,
  );
}
