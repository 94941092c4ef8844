/** Text to tokens, one line at a time, by character code. */

import { continuesName, isBlank, isDigit, startsName } from './assembly/characters.ts';
import { scanNumber } from './assembly/number.ts';
import { closingQuote, scanCharacterConstant, scanString } from './assembly/quoted.ts';
import { SourceError } from './assembly/source.ts';
import type { Mark, Token } from './assembly/token.ts';

/**
 * The tokens of a line, closed by an `end` token that spans the comment. What is no token is reported and becomes one
 * `error` token, so that one slip does not hide the next.
 */
export function lexLine(text: string, report: (error: SourceError) => void): Token[] {
  const tokens: Token[] = [];
  const length = text.length;
  let at = 0;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) {
      at++;
      continue;
    }
    if (code === HASH) break;
    const start = at;
    let token: Token;
    if (startsName(code)) {
      do at++;
      while (at < length && continuesName(text.charCodeAt(at)));
      token = { kind: 'name', start, end: at, text: text.slice(start, at), value: 0 };
    } else {
      token = scanOther(text, start, code, report);
      at = token.end;
    }
    tokens.push(token);
  }
  tokens.push({ kind: 'end', start: at, end: length, text: '', value: 0 });
  return tokens;
}

const HASH = 0x23;

function scanOther(text: string, start: number, code: number, report: (error: SourceError) => void): Token {
  try {
    if (isDigit(code)) return scanNumber(text, start);
    if (code === 0x22) {
      const { content, end } = scanString(text, start);
      return { kind: 'string', start, end, text: content, value: 0 };
    }
    if (code === 0x27) {
      const { content, end } = scanCharacterConstant(text, start);
      return { kind: 'integer', start, end, text: '', value: content };
    }
    const mark = MARKS[code];
    if (mark !== undefined) return { kind: mark, start, end: start + 1, text: '', value: 0 };
    if ((code === 0x3c || code === 0x3e) && text.charCodeAt(start + 1) === code) {
      return { kind: code === 0x3c ? '<<' : '>>', start, end: start + 2, text: '', value: 0 };
    }
    throw unexpected(text, start);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    report(error);
    return { kind: 'error', start, end: endOfRefused(text, start, error), text: '', value: 0 };
  }
}

/** A bad escape spoils its literal, not the rest of the line. */
function endOfRefused(text: string, start: number, error: SourceError): number {
  if (text[start] !== '"' && text[start] !== "'") return error.end;
  const close = closingQuote(text, start);
  return close < 0 ? text.length : close + 1;
}

const MARKS: (Mark | undefined)[] = Array.from({ length: 128 });
for (const mark of [',', ':', '$', '(', ')', '+', '-', '*', '/', '%', '&', '|', '^', '~'] as const) {
  MARKS[mark.charCodeAt(0)] = mark;
}

function unexpected(text: string, start: number): SourceError {
  const codePoint = text.codePointAt(start)!;
  const end = start + (codePoint > 0xffff ? 2 : 1);
  if (text[start] === '\\') {
    let nameEnd = end;
    while (continuesName(text.charCodeAt(nameEnd))) nameEnd++;
    return new SourceError(
      'DE0513',
      { start, end: nameEnd },
      'a macro parameter outside a macro',
      'parameters are known between .macro and .endm',
    );
  }
  const printable = codePoint > 0x20 && codePoint !== 0x7f && !(codePoint >= 0x80 && codePoint < 0xa0);
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  return new SourceError(
    'DE0101',
    { start, end },
    printable ? `unexpected character \`${text.slice(start, end)}\`` : `unexpected character ${number}`,
    HINTS[text[start]!] ?? null,
  );
}

const HINTS: Readonly<Record<string, string>> = {
  ';': 'a comment starts with #; an instruction ends with its line',
  '<': 'a shift is written <<',
  '>': 'a shift is written >>',
  '[': 'memory through a pointer is written (pointer)',
  '!': 'bitwise complement is written ~',
  '@': '\\@ counts macro calls, inside a macro',
};
