/** `--print`: committed words as text. */

import { VALUE_TYPES, type ValueType } from '../../src/isa/value-type.ts';
import type { PrintRequest } from '../values.ts';
import type { Running } from './running.ts';

export interface PrintedWords {
  readonly address: number;
  readonly type: ValueType;
  readonly values: readonly string[];
  /** One a word: `0x600000000: 42`. */
  readonly lines: readonly string[];
}

export async function printedWords(
  machine: Pick<Running, 'readWords'>,
  requests: readonly PrintRequest[],
): Promise<PrintedWords[]> {
  const printed: PrintedWords[] = [];
  for (const { address, type, count } of requests) {
    const { bytes } = VALUE_TYPES[type];
    const words = await machine.readWords(address, type, count);
    const values = words.map((word) => (type === 'fs' ? shortestSingle(word as number) : wordText(word)));
    const lines = values.map((value, i) => `0x${(address + i * bytes).toString(16)}: ${value}`);
    printed.push({ address, type, values, lines });
  }
  return printed;
}

function wordText(word: number | bigint): string {
  return Object.is(word, -0) ? '-0' : String(word);
}

/** The fewest digits that mean this single-precision value; as a double it would show digits that it does not have. */
function shortestSingle(value: number): string {
  if (value === 0) return wordText(value);
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return wordText(rounded);
  }
  return wordText(value);
}
