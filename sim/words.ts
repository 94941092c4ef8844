/** Words of the final memory. */

import type { SimResult } from './result.ts';

/** The signed 64-bit word at an address. */
export function wordAt({ byteAt }: Pick<SimResult, 'byteAt'>, address: number): bigint {
  let word = 0n;
  for (let i = 7; i >= 0; i -= 1) word = (word << 8n) | BigInt(byteAt(address + i));
  return BigInt.asIntN(64, word);
}
