/** What is written on the command line: numbers, addresses, mappings, words to print. Each throws `UsageError`. */

import { UsageError } from '../src/errors.ts';
import { nearest } from '../src/isa/assembly/suggest.ts';
import { ADDRESS_LIMIT, isRegionBoundary } from '../src/isa/layout.ts';
import type { Program } from '../src/isa/program.ts';
import { VALUE_TYPE_NAMES, VALUE_TYPES, type ValueType } from '../src/isa/value-type.ts';

const NUMBER = /^(0x[0-9a-f]+|0b[01]+|[0-9]+)$/i;

/** A whole number, also hexadecimal or binary. */
export function wholeNumber(option: string, text: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new UsageError(`${option} ${text}: a whole number is expected`, 'as in 1000 or 0x3e8');
}

/** 64 bits, unsigned. */
export function word64(option: string, text: string): bigint {
  const value = NUMBER.test(text) ? BigInt(text) : -1n;
  if (value >= 0n && value < 2n ** 64n) return value;
  throw new UsageError(`${option} ${text}: an unsigned 64-bit number is expected`);
}

/** A power of two that can separate the regions. */
export function regionBoundary(text: string): number {
  const boundary = wholeNumber('--region-boundary', text);
  if (isRegionBoundary(boundary)) return boundary;
  throw new UsageError(`--region-boundary ${text}: it must be a power of two from 2^20 to 2^45`);
}

/** An address: numbers and the program's labels, with `+` and `-` between them. */
export function address(program: Program, option: string, text: string): number {
  const terms = [...text.matchAll(/([+-]?)([^+-]*)/g)].filter(([whole]) => whole !== '');
  if (terms.length === 0) throw new UsageError(`${option}: an address is missing`);
  let sum = 0n;
  for (const [, sign, term] of terms) {
    const value = termValue(program, option, term!);
    sum += sign === '-' ? -value : value;
  }
  if (sum >= 0n && sum < BigInt(ADDRESS_LIMIT)) return Number(sum);
  throw new UsageError(`${option} ${text}: addresses and lengths lie from 0 to below 2^46`);
}

function termValue(program: Program, option: string, term: string): bigint {
  if (NUMBER.test(term)) return BigInt(term);
  const symbol = program.symbols.find(({ name }) => name === term);
  if (symbol !== undefined) return BigInt(symbol.address);
  const meant = nearest(
    term,
    program.symbols.map(({ name }) => name),
  );
  throw new UsageError(
    `${option}: the program has no label ${term === '' ? '""' : term}`,
    meant === null ? 'an address is a number such as 0x600000000, or a label' : `did you mean ${meant}?`,
  );
}

export interface PrintRequest {
  readonly address: number;
  readonly type: ValueType;
  readonly count: number;
}

/** `ADDR:TYPE[xCOUNT]` */
export function printRequest(program: Program, text: string, option = '--print'): PrintRequest {
  const [, place, name, count] = /^(.+):([a-z]+)(?:x([0-9]+))?$/.exec(text) ?? [];
  if (place === undefined || name === undefined)
    throw new UsageError(
      `${option} ${text}: expected ADDR:TYPE[xCOUNT]`,
      'as in total:q or 0x600000000:udx16',
    );
  if (!Object.hasOwn(VALUE_TYPES, name))
    throw new UsageError(
      `${option} ${text}: there is no type ${name}`,
      `types: ${VALUE_TYPE_NAMES.join(' ')}`,
    );
  const type = name as ValueType;
  const request = { address: address(program, option, place), type, count: Number(count ?? 1) };
  const end = request.address + request.count * VALUE_TYPES[type].bytes;
  if (request.count < 1 || request.count > MOST_PRINTED)
    throw new UsageError(`${option} ${text}: a count lies from 1 to ${MOST_PRINTED}`);
  if (request.address < program.regionBoundary)
    throw new UsageError(
      `${option} ${text}: 0x${request.address.toString(16)} is private memory, which ends with its runner`,
      `the shared region begins at 0x${program.regionBoundary.toString(16)}`,
    );
  if (end > ADDRESS_LIMIT) throw new UsageError(`${option} ${text}: addresses lie below 2^46`);
  return request;
}

const MOST_PRINTED = 2 ** 24;

/** `BASE=FILE` */
export function inputMapping(program: Program, text: string): { base: number; file: string } {
  const [place, file] = splitAt(text, '=', '--in', 'BASE=FILE', 'as in 0x600000000=numbers.bin');
  return { base: address(program, '--in', place), file };
}

/** `BASE,LENGTH=FILE` */
export function outputMapping(
  program: Program,
  text: string,
): { base: number; length: number; file: string } {
  const [range, file] = splitAt(text, '=', '--out', 'BASE,LENGTH=FILE', 'as in result,4096=result.bin');
  return { ...rangeOf(program, '--out', range), file };
}

/** `BASE,LENGTH` */
export function rangeOf(program: Program, option: string, text: string): { base: number; length: number } {
  const [base, length] = splitAt(text, ',', option, 'BASE,LENGTH', 'as in 0x600000000,4096');
  return { base: address(program, option, base), length: address(program, option, length) };
}

function splitAt(
  text: string,
  separator: string,
  option: string,
  form: string,
  example: string,
): readonly [string, string] {
  const at = text.indexOf(separator);
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`${option} ${text}: expected ${form}`, example);
}
