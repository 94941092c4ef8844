import { describe, expect, test } from 'vitest';
import { lexLine } from '../../src/isa/lexer.ts';

describe('a line as tokens', () => {
  test('names, marks, numbers and the comment', () => {
    expect(kinds('next:\tadd pc:q, $24, -8(p.q_1) # x')).toEqual([
      'next',
      ':',
      'add',
      'pc',
      ':',
      'q',
      ',',
      '$',
      24,
      ',',
      '-',
      8,
      '(',
      'p.q_1',
      ')',
    ]);
  });

  test('the end token spans the comment', () => {
    expect(lexLine('exit # done', fail).at(-1)).toMatchObject({ kind: 'end', start: 5, end: 11 });
  });

  test('`#`, `,` and `:` are plain in strings and characters', () => {
    expect(kinds(`.ascii "a#b,c:d" # "`)).toEqual(['.ascii', 'a#b,c:d']);
    expect(kinds(`'#' ',' ':'`)).toEqual([0x23, 0x2c, 0x3a]);
  });

  test.each([
    ['0', 0],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['0x1f00001aB', 0x1f00001ab],
    ['0xffffffffffffffff', 0xffffffffffffffffn],
    ['0b101', 5],
    ["'A'", 65],
    ["'\\n'", 10],
    ["'\\''", 39],
    ["'\\xff'", 255],
    ["'é'", 0xe9],
    ["'😀'", 0x1f600],
  ])('%s is a number', (text, value) => {
    expect(kinds(text)).toEqual([value]);
  });

  test.each(['1.5', '0.0', '1.5e10', '2.25E-3', '1.0e+5', '00.5'])('%s is a float', (text) => {
    expect(lexLine(text, fail)).toMatchObject([{ kind: 'float', text }, { kind: 'end' }]);
  });

  test('a sign behind `e` belongs to a float only', () => {
    expect(kinds('0x1e-3')).toEqual([0x1e, '-', 3]);
  });

  test("strings have C's escapes and are UTF-8", () => {
    const [token] = lexLine('"\\a\\b\\t\\n\\v\\f\\r\\"\\\'\\?\\\\\\0\\x7Fü\\u20ac\\U0001f600"', fail);
    const bytes = Array.from(token!.text, (character) => character.charCodeAt(0));

    expect(bytes).toEqual([
      7, 8, 9, 10, 11, 12, 13, 0x22, 0x27, 0x3f, 0x5c, 0, 0x7f, 0xc3, 0xbc, 0xe2, 0x82, 0xac, 0xf0, 0x9f,
      0x98, 0x80,
    ]);
  });

  test('several mistakes of a line are all reported, and what is between them is read', () => {
    const codes: string[] = [];
    const tokens = lexLine('0123 a ; "\\q" b', (error) => codes.push(error.code));

    expect(codes).toEqual(['DE0104', 'DE0101', 'DE0106']);
    expect(tokens.map((token) => token.kind)).toEqual(['error', 'name', 'error', 'error', 'name', 'end']);
  });

  test('a number of twenty thousand digits is refused before it is converted', () => {
    const codes: string[] = [];
    lexLine('9'.repeat(20_001), (error) => codes.push(error.code));

    expect(codes).toEqual(['DE0316']);
  });
});

/** Texts of names and strings, values of integers, kinds of marks; without the end. */
function kinds(text: string): unknown[] {
  return lexLine(text, fail)
    .slice(0, -1)
    .map((token) => (token.kind === 'integer' ? token.value : token.text === '' ? token.kind : token.text));
}

function fail(error: { readonly message: string }): never {
  throw new Error(error.message);
}
