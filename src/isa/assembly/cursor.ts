/** A place in the tokens of a line. */

import { SourceError, type Span } from './source.ts';
import type { Token, TokenKind } from './token.ts';

export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  index = 0;

  /** `tokens` ends with an `end` token, which is never passed. */
  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  get token(): Token {
    return this.tokens[this.index]!;
  }

  get kind(): TokenKind {
    return this.tokens[this.index]!.kind;
  }

  /** The token here; steps past it. */
  take(): Token {
    const token = this.tokens[this.index]!;
    if (token.kind !== 'end') this.index++;
    return token;
  }

  /** Steps past a token of this kind, if there is one here. */
  skip(kind: TokenKind): boolean {
    if (this.tokens[this.index]!.kind !== kind) return false;
    this.index++;
    return true;
  }

  /** Column after the last token that was taken, from 0. */
  get lastEnd(): number {
    return this.index === 0 ? 0 : this.tokens[this.index - 1]!.end;
  }

  /** The token here as it is written, for messages. */
  get shown(): string {
    return this.kind === 'end' ? 'the end of the line' : `\`${written(this.text, this.token)}\``;
  }

  /** Where the token here stands; at the end of a line, right after its last token. */
  get here(): Span {
    if (this.kind !== 'end') return this.token;
    return { start: this.lastEnd, end: this.lastEnd + 1 };
  }

  /** Refuses whatever is left of the line. */
  expectEnd(hint: string | null = null): void {
    if (this.kind === 'end') return;
    const last = this.tokens[this.tokens.length - 2]!;
    throw new SourceError(
      'DE0215',
      { start: this.token.start, end: last.end },
      `unexpected ${this.shown}`,
      hint,
    );
  }
}

/** A piece of a line as it is written, shortened where it is long. */
export function written(text: string, at: Span): string {
  const piece = text.slice(at.start, at.end);
  return piece.length > 60 ? `${piece.slice(0, 57)}…` : piece;
}
