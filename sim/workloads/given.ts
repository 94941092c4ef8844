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
}

/** This word of the final memory has this value. */
export interface Expectation {
  readonly address: number;
  readonly type: ValueType;
  /** A whole number, or for floating types any. */
  readonly value: string;
}

/** The first expectation that is not met, in words; null if all are. */
export function unmet({ expect }: Given, { byteAt }: SimResult): string | null {
  for (const { address, type, value } of expect) {
    const { bytes: size, family } = VALUE_TYPES[type];
    const bytes = Uint8Array.from({ length: size }, (_, i) => byteAt(address + i));
    const [word] = wordsIn(bytes, type);
    const wanted = family === 'float' ? Number(value) : BigInt(value);
    if (!Object.is(word, wanted)) return `0x${address.toString(16)}:${type} is ${word}, not ${value}`;
  }
  return null;
}
