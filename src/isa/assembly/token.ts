/** What a line of source consists of. */

import type { Span } from './source.ts';
import type { Value } from './value.ts';

/** Marks that stand for themselves. */
export type Mark =
  | ','
  | ':'
  | '$'
  | '('
  | ')'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '~';

/** `error`: refused by the lexer, and reported. `end`: closes every line, at its comment if it has one. */
export type TokenKind = 'name' | 'integer' | 'float' | 'string' | 'error' | 'end' | Mark;

export interface Token extends Span {
  readonly kind: TokenKind;
  /** A name; a float as written; the bytes of a string, one character a byte. Else empty. */
  readonly text: string;
  /** Of an integer or a character; else 0. */
  readonly value: Value;
}
