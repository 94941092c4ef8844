/** A program of the user's, and what must come of it. */

import type { ValueType } from '../../src/isa/value-type.ts';
import { VALUE_TYPES } from '../../src/isa/value-type.ts';
import { wordsIn } from '../../src/isa/words.ts';
import type { SimResult } from '../result.ts';

export interface Given {
  readonly kind: 'given';
  /** Its file, as the user named it. */
  readonly name: string;
  readonly expect: readonly Expectation[];
  /** Instructions that a runner of it may execute: who never ends is found by that. */
  readonly fuel: number;
  /** Of its code and data: a trace may be replayed with the program mended, but not unawares. */
  readonly digest: string;
}

/** More than most runners need, and not so many that one that never ends takes minutes. */
export const GIVEN_FUEL = 1_000_000;

/** This word of the final memory has this value. */
export interface Expectation {
  readonly address: number;
  readonly type: ValueType;
  /** A whole number, or for floating types any. */
  readonly value: string;
}

/** Who did not come to an end, in words; null if all did. */
export function outOfFuel({ fuel }: Given, { summary }: SimResult): string | null {
  const found = summary.faults.find(({ fault }) => fault.cause === 'fuel');
  if (found === undefined) return null;
  const times = fuel.toLocaleString('en-US');
  return `runner 0x${found.runner.toString(16)} has executed ${times} instructions and is not done: it never ends, or it needs a higher --fuel`;
}

/** The first expectation that is not met, in words; null if all are. */
export function unmet({ expect }: Given, { byteAt }: Pick<SimResult, 'byteAt'>): string | null {
  for (const { address, type, value } of expect) {
    const { bytes: size, family } = VALUE_TYPES[type];
    const bytes = Uint8Array.from({ length: size }, (_, i) => byteAt(address + i));
    const [word] = wordsIn(bytes, type);
    const wanted = family === 'float' ? Number(value) : BigInt(value);
    if (!Object.is(word, wanted)) return `0x${address.toString(16)}:${type} is ${word}, not ${value}`;
  }
  return null;
}
