/** Integer and float literals. */

import { continuesName, isDigit } from './characters.ts';
import { SourceError, type Span } from './source.ts';
import type { Token } from './token.ts';
import { canonical, isHoldable, type Value } from './value.ts';

/** Digits beyond which a literal is not even converted. */
const MAX_DIGITS = 20_000;

/** The literal that starts with the digit at `start`. */
export function scanNumber(text: string, start: number): Token {
  const end = endOfNumber(text, start);
  const first = text.charCodeAt(start);
  let value = 0;
  let at = start;
  while (at < end) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  if (at === end && value <= Number.MAX_SAFE_INTEGER && (first !== 0x30 || end === start + 1)) {
    return { kind: 'integer', start, end, text: '', value };
  }
  return scanUnusual(text.slice(start, end), { start, end });
}

/** Names and digits, a float's point, and the sign of a float's exponent. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    const exponentSign =
      (code === 0x2b || code === 0x2d) &&
      (text.charCodeAt(end - 1) | 0x20) === 0x65 &&
      isDigit(text.charCodeAt(end + 1)) &&
      FLOAT_SO_FAR.test(text.slice(start, end));
    if (!continuesName(code) && !exponentSign) break;
    end++;
  }
  return end;
}

const FLOAT_SO_FAR = /^\d+\.\d+[eE]$/;
const FLOAT = /^\d+\.\d+(?:[eE][+-]?\d+)?$/;
const FLOAT_LIKE = /^\d+(?:\.|[eE][+-]?\d*$)/;

/** Anything but a short decimal integer. */
function scanUnusual(written: string, at: Span): Token {
  const { start, end } = at;
  if (FLOAT.test(written)) return { kind: 'float', start, end, text: written, value: 0 };
  if (
    /^0[xX][0-9a-fA-F]+$/.test(written) ||
    /^0[bB][01]+$/.test(written) ||
    /^(?:0|[1-9]\d*)$/.test(written)
  ) {
    return { kind: 'integer', start, end, text: '', value: toValue(written, at) };
  }
  if (/^0\d+$/.test(written)) throw octal(written, at);
  if (FLOAT_LIKE.test(written)) {
    throw new SourceError(
      'DE0108',
      at,
      `\`${written}\` is no float`,
      'a float is written digits.digits with an optional exponent: 1.0, 0.5, 2.5e-3',
    );
  }
  throw new SourceError('DE0105', at, `\`${written}\` is no number`, numberHint(written));
}

function toValue(written: string, at: Span): Value {
  const value = written.length > MAX_DIGITS ? null : canonical(BigInt(written));
  if (value !== null && isHoldable(value)) return value;
  throw new SourceError('DE0316', at, 'the number has more than 65,536 bits');
}

function octal(written: string, at: Span): SourceError {
  const decimal = written.replace(/^0+(?=.)/, '');
  const asOctal = /^[0-7]{1,16}$/.test(written) ? ` or 0x${Number.parseInt(written, 8).toString(16)}` : '';
  return new SourceError(
    'DE0104',
    at,
    `\`${written}\` starts with 0: there are no octal numbers`,
    `write ${decimal}${asOctal}`,
  );
}

function numberHint(written: string): string {
  if (written.includes('_')) return 'digits are written without separators';
  if (/^0[xX]/.test(written)) return 'after 0x come digits 0-9 and letters a-f';
  if (/^0[bB]/.test(written)) return 'after 0b come digits 0 and 1';
  return 'a name starts with a letter, `_` or `.`';
}
