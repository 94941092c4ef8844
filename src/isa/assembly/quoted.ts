/** Strings and characters: where they end, and the bytes that their escapes stand for. */

import { isDigit, isHexDigit } from './characters.ts';
import { SourceError } from './source.ts';

/** A scanned literal: its bytes or code point, and the column after the closing quote. */
export interface Quoted<T> {
  readonly content: T;
  readonly end: number;
}

/** The string that opens at `start`; its content has one character a byte, text outside ASCII as UTF-8. */
export function scanString(text: string, start: number): Quoted<string> {
  const end = closingQuote(text, start);
  if (end < 0) {
    throw new SourceError(
      'DE0102',
      { start, end: text.length },
      'the string has no closing quote',
      'a string ends on its line; write a line break as \\n',
    );
  }
  let content = '';
  let at = start + 1;
  while (at < end) {
    const piece = scanCharacter(text, at, end);
    content += piece.raw ? String.fromCharCode(piece.code) : utf8(piece.code);
    at = piece.end;
  }
  return { content, end: end + 1 };
}

/** The character that opens at `start`, as its code point; an escape such as `\xff` as its byte. */
export function scanCharacterConstant(text: string, start: number): Quoted<number> {
  const end = closingQuote(text, start);
  if (end < 0) {
    throw new SourceError(
      'DE0103',
      { start, end: text.length },
      'the character has no closing quote',
      "a single quote itself is written '\\''",
    );
  }
  const piece = end === start + 1 ? null : scanCharacter(text, start + 1, end);
  if (piece === null || piece.end !== end) {
    throw new SourceError(
      'DE0107',
      { start, end: end + 1 },
      'a character constant holds exactly one character',
      'several characters are a string: .ascii "…"',
    );
  }
  return { content: piece.code, end: end + 1 };
}

/** Column of the quote that closes the one at `start`, or -1. */
export function closingQuote(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

const BACKSLASH = 0x5c;

interface Piece {
  readonly code: number;
  /** The code is a byte as it stands, not a code point. */
  readonly raw: boolean;
  readonly end: number;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 0x22,
  "'": 0x27,
  '?': 0x3f,
  '\\': 0x5c,
};

function scanCharacter(text: string, at: number, limit: number): Piece {
  if (text.charCodeAt(at) !== BACKSLASH) {
    const code = text.codePointAt(at)!;
    return { code, raw: false, end: at + (code > 0xffff ? 2 : 1) };
  }
  const letter = text[at + 1]!;
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
  if (simple !== undefined) return { code: simple, raw: true, end: at + 2 };
  if (letter === 'x') return scanByte(text, at, limit);
  if (letter === 'u' || letter === 'U') return scanCodePoint(text, at, limit, letter === 'u' ? 4 : 8);
  if (isDigit(letter.charCodeAt(0))) return scanNul(text, at);
  throw new SourceError(
    'DE0106',
    { start: at, end: at + 2 },
    `\\${letter} is no escape`,
    'the escapes are \\a \\b \\f \\n \\r \\t \\v \\0 \\\\ \\\' \\" \\? \\xHH \\uHHHH \\UHHHHHHHH',
  );
}

/** `\xHH`: as in C, all hexadecimal digits that follow belong to it. */
function scanByte(text: string, at: number, limit: number): Piece {
  let end = at + 2;
  while (end < limit && isHexDigit(text.charCodeAt(end))) end++;
  const code = Number.parseInt(text.slice(at + 2, end), 16);
  if (code <= 0xff) return { code, raw: true, end };
  throw new SourceError(
    'DE0106',
    { start: at, end },
    end === at + 2 ? '\\x needs hexadecimal digits' : `${text.slice(at, end)} does not fit a byte`,
    'all hexadecimal digits after \\x belong to it; end the string and open another one behind it',
  );
}

function scanCodePoint(text: string, at: number, limit: number, digits: number): Piece {
  const end = Math.min(at + 2 + digits, limit);
  const written = text.slice(at + 2, end);
  const code =
    /^[0-9a-fA-F]+$/.test(written) && written.length === digits ? Number.parseInt(written, 16) : -1;
  if (code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return { code, raw: false, end };
  throw new SourceError(
    'DE0106',
    { start: at, end },
    `${text.slice(at, end)} is no code point`,
    '\\u takes four hexadecimal digits and \\U eight, at most 10ffff and no surrogate',
  );
}

/** `\0`. Two readings of `\012` are alive, three characters less one and octal ten, so it is refused. */
function scanNul(text: string, at: number): Piece {
  let end = at + 2;
  while (isDigit(text.charCodeAt(end))) end++;
  if (end === at + 2 && text[at + 1] === '0') return { code: 0, raw: true, end };
  const octal = text.slice(at + 1, end);
  const code = Number.parseInt(octal, 8);
  throw new SourceError(
    'DE0106',
    { start: at, end },
    'there are no octal escapes',
    /^[0-7]{1,3}$/.test(octal) && code <= 0xff ? `write \\x${code.toString(16).padStart(2, '0')}` : null,
  );
}

function utf8(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  return String.fromCharCode(...new TextEncoder().encode(String.fromCodePoint(codePoint)));
}
