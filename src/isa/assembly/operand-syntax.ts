/** Operands as they are written: addressing mode, expressions and type. */

import { VALUE_TYPE_NAMES, VALUE_TYPES, type ValueType } from '../value-type.ts';
import { type Cursor, written } from './cursor.ts';
import {
  type Expression,
  type FloatLiteral,
  parseExpression,
  parseNumber,
  precedenceOf,
} from './expression.ts';
import { SourceError, type Span } from './source.ts';

export type OperandSyntax = Span & {
  /** The type written behind the operand, if any. */
  readonly type: WrittenType | null;
} & (
    | { readonly mode: 'immediate'; readonly value: Expression | FloatLiteral }
    | { readonly mode: 'direct'; readonly address: Expression }
    | { readonly mode: 'indirect'; readonly pointer: Expression }
    | { readonly mode: 'displacement'; readonly displacement: Expression; readonly pointer: Expression }
  );

interface WrittenType extends Span {
  readonly name: ValueType;
}

/** `$7`, `label+8`, `(pointer)`, `-8(pointer)`, each with an optional `:type`. */
export function parseOperand(cursor: Cursor): OperandSyntax {
  const { start } = cursor.token;
  if (cursor.skip('$')) {
    const value = parseNumber(cursor);
    if (cursor.kind === '(') throw immediateWithPointer(cursor);
    const end = cursor.lastEnd;
    return { mode: 'immediate', value, start, end, type: parseType(cursor) };
  }
  const open = openOfPointer(cursor);
  if (open < 0) {
    const address = parseExpression(cursor);
    const end = cursor.lastEnd;
    return { mode: 'direct', address, start, end, type: parseType(cursor) };
  }
  if (open === cursor.index) {
    const pointer = parsePointer(cursor);
    const end = cursor.lastEnd;
    return { mode: 'indirect', pointer, start, end, type: parseType(cursor) };
  }
  const displacement = parseDisplacement(cursor, open);
  const pointer = parsePointer(cursor);
  const end = cursor.lastEnd;
  return { mode: 'displacement', displacement, pointer, start, end, type: parseType(cursor) };
}

/**
 * Index of the parenthesis whose partner ends the operand, or -1 where the operand ends otherwise. So `(a)+4` is the
 * address a+4, `4+(a)` a mistake, and `2*(3)(p)` the displacement 6 from the word at p.
 */
function openOfPointer(cursor: Cursor): number {
  const { tokens } = cursor;
  let depth = 0;
  let open = -1;
  let index = cursor.index;
  for (; ; index++) {
    const { kind } = tokens[index]!;
    if (kind === 'end' || (depth === 0 && (kind === ',' || kind === ':'))) break;
    if (kind === '(') {
      if (depth === 0) open = index;
      depth++;
    } else if (kind === ')') {
      depth--;
      if (depth < 0) {
        throw new SourceError('DE0317', tokens[index]!, 'unexpected `)`: no parenthesis is open');
      }
    }
  }
  if (depth > 0) {
    throw new SourceError('DE0317', tokens[open]!, 'the parenthesis is not closed');
  }
  return index > cursor.index && tokens[index - 1]!.kind === ')' ? open : -1;
}

function parsePointer(cursor: Cursor): Expression {
  cursor.index++;
  const pointer = parseExpression(cursor);
  if (!cursor.skip(')')) {
    throw new SourceError('DE0317', cursor.here, `expected \`)\`, found ${cursor.shown}`);
  }
  return pointer;
}

function parseDisplacement(cursor: Cursor, open: number): Expression {
  const last = cursor.tokens[open - 1]!;
  if (precedenceOf(last.kind) > 0 || last.kind === '~') {
    const close = cursor.tokens.findIndex((token, index) => index > open && token.kind === ')');
    const at = { start: cursor.token.start, end: cursor.tokens[Math.max(close, open)]!.end };
    throw new SourceError(
      'DE0218',
      at,
      `\`${written(cursor.text, at)}\` ends in a parenthesis, so it is indirect, and \`${last.kind}\` lacks its right side`,
      'put the part in parentheses first: (a)+4 is an address, 4+(a) is not',
    );
  }
  const displacement = parseExpression(cursor);
  if (cursor.index !== open) {
    throw new SourceError('DE0215', cursor.here, `unexpected ${cursor.shown} in a displacement`);
  }
  return displacement;
}

function parseType(cursor: Cursor): WrittenType | null {
  if (!cursor.skip(':')) return null;
  const at = cursor.here;
  const name = cursor.kind === 'end' || cursor.kind === ',' ? '' : written(cursor.text, cursor.token);
  if (cursor.kind === 'name' && Object.hasOwn(VALUE_TYPES, name)) {
    cursor.index++;
    return { name: name as ValueType, start: at.start, end: at.end };
  }
  throw new SourceError(
    'DE0207',
    at,
    name === '' ? 'expected a type after `:`' : `unknown type \`${name}\``,
    `the types are ${VALUE_TYPE_NAMES.join(' ')}`,
  );
}

function immediateWithPointer(cursor: Cursor): SourceError {
  return new SourceError(
    'DE0214',
    cursor.token,
    'an immediate operand has no pointer',
    'memory through a pointer is written without `$`',
  );
}
