/** Expressions over integers and names, with C's operators and precedence. */

import type { Cursor } from './cursor.ts';
import { SourceError, type Span } from './source.ts';
import type { TokenKind } from './token.ts';
import type { Value } from './value.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^';
type UnaryOperator = '+' | '-' | '~';

export type Expression =
  | ({ readonly kind: 'number'; readonly value: Value } & Span)
  | ({ readonly kind: 'name'; readonly name: string } & Span)
  | ({ readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression } & Span)
  | ({
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    } & Span);

/** A float, which stands alone: there is no arithmetic on floats at assembly. */
export interface FloatLiteral extends Span {
  readonly kind: 'float';
  readonly negative: boolean;
  /** `digits.digits[e±n]`, without its sign. */
  readonly text: string;
}

/** Parentheses and signs within each other; keeps the parser's recursion, and the evaluator's, bounded. */
const DEEPEST_NESTING = 64;

/** Parses as much as is an expression. */
export function parseExpression(cursor: Cursor): Expression {
  return parseBinary(cursor, 1, 0);
}

/** Parses an expression or a float with an optional sign. */
export function parseNumber(cursor: Cursor): Expression | FloatLiteral {
  const first = cursor.token;
  const signed = first.kind === '-' || first.kind === '+';
  const literal = signed ? cursor.tokens[cursor.index + 1]! : first;
  if (literal.kind !== 'float') return parseExpression(cursor);
  cursor.index += signed ? 2 : 1;
  if (precedenceOf(cursor.kind) > 0) throw floatInExpression(literal);
  return {
    kind: 'float',
    negative: first.kind === '-',
    text: literal.text,
    start: first.start,
    end: literal.end,
  };
}

/** C's precedence of a binary operator, from 1; 0 for any other token. */
export function precedenceOf(kind: TokenKind): number {
  switch (kind) {
    case '|':
      return 1;
    case '^':
      return 2;
    case '&':
      return 3;
    case '<<':
    case '>>':
      return 4;
    case '+':
    case '-':
      return 5;
    case '*':
    case '/':
    case '%':
      return 6;
    default:
      return 0;
  }
}

function parseBinary(cursor: Cursor, lowest: number, depth: number): Expression {
  let left = parseUnary(cursor, depth);
  for (;;) {
    const kind = cursor.kind;
    const precedence = precedenceOf(kind);
    if (precedence === 0 || precedence < lowest) return left;
    cursor.index++;
    const right = parseBinary(cursor, precedence + 1, depth + 1);
    left = {
      kind: 'binary',
      operator: kind as BinaryOperator,
      left,
      right,
      start: left.start,
      end: right.end,
    };
  }
}

function parseUnary(cursor: Cursor, depth: number): Expression {
  const token = cursor.token;
  if (depth > DEEPEST_NESTING) {
    throw new SourceError(
      'DE0315',
      token,
      `the expression nests more than ${DEEPEST_NESTING} levels deep`,
      'name its parts with .equ',
    );
  }
  switch (token.kind) {
    case 'integer':
      cursor.index++;
      return { kind: 'number', value: token.value, start: token.start, end: token.end };
    case 'name':
      cursor.index++;
      return { kind: 'name', name: token.text, start: token.start, end: token.end };
    case '-':
    case '+':
    case '~': {
      cursor.index++;
      const operand = parseUnary(cursor, depth + 1);
      return { kind: 'unary', operator: token.kind, operand, start: token.start, end: operand.end };
    }
    case '(': {
      cursor.index++;
      const inner = parseBinary(cursor, 1, depth + 1);
      if (!cursor.skip(')')) {
        throw new SourceError('DE0317', cursor.here, `expected \`)\`, found ${cursor.shown}`);
      }
      return { ...inner, start: token.start, end: cursor.lastEnd };
    }
    case 'float':
      throw floatInExpression(token);
    default:
      throw new SourceError(
        'DE0318',
        cursor.here,
        `expected a number or a name, found ${cursor.shown}`,
        token.kind === '$' ? '`$` stands only at the start of an immediate operand' : null,
      );
  }
}

function floatInExpression(at: Span): SourceError {
  return new SourceError(
    'DE0311',
    at,
    'a float cannot be part of an expression',
    'it stands alone, as in $1.5 or .double 1.5',
  );
}
