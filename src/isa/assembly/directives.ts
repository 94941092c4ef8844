/** The directives as data, and their arguments. */

import { invariant } from '../../invariant.ts';
import { type Cursor, written } from './cursor.ts';
import { type Expression, type FloatLiteral, parseExpression, parseNumber } from './expression.ts';
import { SourceError, type Span } from './source.ts';
import type { Head } from './statement.ts';

interface DirectiveRow {
  readonly usage: string;
  /** What each argument is: an integer, an integer or a float, or a string. */
  readonly takes: 'integers' | 'numbers' | 'strings';
  readonly least: number;
  readonly most: number;
}

/** All but `.macro` and `.endm`, whose lines are not arguments. */
export const DIRECTIVES = {
  '.org': { usage: '.org ADDRESS', takes: 'integers', least: 1, most: 1 },
  '.align': { usage: '.align N', takes: 'integers', least: 1, most: 1 },
  '.equ': { usage: '.equ NAME, EXPRESSION', takes: 'integers', least: 2, most: 2 },
  '.byte': { usage: '.byte N, …', takes: 'integers', least: 1, most: Infinity },
  '.half': { usage: '.half N, …', takes: 'integers', least: 1, most: Infinity },
  '.long': { usage: '.long N, …', takes: 'integers', least: 1, most: Infinity },
  '.quad': { usage: '.quad N, …', takes: 'integers', least: 1, most: Infinity },
  '.float': { usage: '.float X, …', takes: 'numbers', least: 1, most: Infinity },
  '.double': { usage: '.double X, …', takes: 'numbers', least: 1, most: Infinity },
  '.ascii': { usage: '.ascii "TEXT", …', takes: 'strings', least: 1, most: Infinity },
  '.asciz': { usage: '.asciz "TEXT", …', takes: 'strings', least: 1, most: Infinity },
  '.space': { usage: '.space N[, FILL]', takes: 'integers', least: 1, most: 2 },
  '.entry': { usage: '.entry LABEL', takes: 'integers', least: 1, most: 1 },
  '.stack': { usage: '.stack BASE, SIZE', takes: 'integers', least: 2, most: 2 },
  '.heap': { usage: '.heap BASE, LENGTH', takes: 'integers', least: 2, most: 2 },
  '.rb': { usage: '.rb ADDRESS', takes: 'integers', least: 1, most: 1 },
  '.include': { usage: '.include "FILE"', takes: 'strings', least: 1, most: 1 },
} as const satisfies Record<string, DirectiveRow>;

export type DirectiveName = keyof typeof DIRECTIVES;

export const DIRECTIVE_NAMES: readonly string[] = [...Object.keys(DIRECTIVES), '.macro', '.endm'];

export function isDirective(name: string): name is DirectiveName {
  return Object.hasOwn(DIRECTIVES, name);
}

/** A string argument; `content` has one character a byte. */
interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly content: string;
}

export type Argument = Expression | FloatLiteral | StringLiteral;

/** Parses what follows a directive's name, to the end of the line. */
export function parseArguments(cursor: Cursor, name: DirectiveName, head: Head): Argument[] {
  const row: DirectiveRow = DIRECTIVES[name];
  const usage = `write \`${row.usage}\``;
  const option = head.options[0];
  if (option !== undefined) {
    throw new SourceError('DE0204', option, `\`${name}\` takes no option`, usage);
  }
  const list: Argument[] = [];
  if (cursor.kind !== 'end') {
    do list.push(parseArgument(cursor, row, usage));
    while (cursor.skip(','));
    cursor.expectEnd(usage);
  }
  if (list.length < row.least || list.length > row.most) {
    const surplus = list[row.most];
    const verb = list.length < row.least ? 'lacks an argument' : 'has an argument too many';
    throw new SourceError('DE0402', surplus ?? head, `\`${name}\` ${verb}`, usage);
  }
  return list;
}

/** An argument of a directive that takes integers. */
export function integerIn(list: readonly Argument[], index: number): Expression {
  const argument = list[index];
  invariant(
    argument !== undefined && argument.kind !== 'string' && argument.kind !== 'float',
    'the row of a directive says what its arguments are',
  );
  return argument;
}

function parseArgument(cursor: Cursor, row: DirectiveRow, usage: string): Argument {
  const token = cursor.token;
  if (row.takes === 'strings') {
    if (cursor.skip('string')) {
      return { kind: 'string', content: token.text, start: token.start, end: token.end };
    }
    throw new SourceError('DE0403', cursor.here, `expected a string, found ${cursor.shown}`, usage);
  }
  if (token.kind === 'string') {
    throw new SourceError(
      'DE0404',
      token,
      `expected a number, found ${written(cursor.text, token)}`,
      'text goes into .ascii or .asciz',
    );
  }
  return row.takes === 'numbers' ? parseNumber(cursor) : parseExpression(cursor);
}
