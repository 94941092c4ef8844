/** Classes of characters, by character code. */

const NAME = 1;
const DIGIT = 2;
const BLANK = 4;
const HEX = 8;

const CLASSES = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.') {
  CLASSES[character.charCodeAt(0)] = NAME;
}
for (const character of '0123456789') CLASSES[character.charCodeAt(0)] = DIGIT | HEX;
for (const character of 'abcdefABCDEF') CLASSES[character.charCodeAt(0)] = NAME | HEX;
for (const character of ' \t\r\v\f') CLASSES[character.charCodeAt(0)] = BLANK;

/** May start a name: a letter, `_` or `.`. */
export function startsName(code: number): boolean {
  return code < 128 && (CLASSES[code]! & NAME) !== 0;
}

/** May stand in a name after its first character. */
export function continuesName(code: number): boolean {
  return code < 128 && (CLASSES[code]! & (NAME | DIGIT)) !== 0;
}

export function isDigit(code: number): boolean {
  return code < 128 && (CLASSES[code]! & DIGIT) !== 0;
}

export function isHexDigit(code: number): boolean {
  return code < 128 && (CLASSES[code]! & HEX) !== 0;
}

export function isBlank(code: number): boolean {
  return code < 128 && (CLASSES[code]! & BLANK) !== 0;
}
