/** What a run leaves in either runtime, and where two runs part. */

import { isDeepStrictEqual } from 'node:util';
import { textOf } from '../../../sim/transcript.ts';
import { type Address, nameOfAddress } from '../../../src/actors/address.ts';
import type { Message } from '../../../src/actors/node/host.ts';
import type { Summary } from '../../../src/actors/summary.ts';
import type { TraceEvent } from '../../../src/actors/trace-event.ts';

export interface Account {
  /** Until the client reads the final memory. */
  readonly deliveries: readonly { readonly to: Address; readonly message: Message }[];
  /** What observers heard, and after how many deliveries: the log (versions, attempts, spans) among it. */
  readonly trace: readonly { readonly step: number; readonly event: TraceEvent }[];
  readonly summary: Summary;
  /** What reached the outside of each I/O actor. */
  readonly written: readonly Uint8Array[];
  /** RComps and compartments that died. */
  readonly deaths: number;
  readonly byteAt: (address: number) => number;
}

/** Where they part first, in words; null if they are the same. `addresses`: of memory that they are compared at. */
export function difference(left: Account, right: Account, addresses: readonly number[]): string | null {
  return (
    firstDifference('delivery', left.deliveries.map(lineOf), right.deliveries.map(lineOf)) ??
    firstDifference('message', left.deliveries, right.deliveries) ??
    firstDifference('trace', left.trace, right.trace) ??
    firstDifference('summary', [left.summary], [right.summary]) ??
    firstDifference('output', left.written, right.written) ??
    firstDifference('deaths', [left.deaths], [right.deaths]) ??
    firstDifference('memory', addresses.map(left.byteAt), addresses.map(right.byteAt))
  );
}

function firstDifference(what: string, left: readonly unknown[], right: readonly unknown[]): string | null {
  for (let i = 0; i < Math.max(left.length, right.length); i += 1)
    if (!isDeepStrictEqual(left[i], right[i]))
      return `${what} ${i + 1}:\n  ${textOf(left[i])}\n  ${textOf(right[i])}`;
  return null;
}

function lineOf({ to, message }: Account['deliveries'][number]): string {
  return `${nameOfAddress(to)} ${message.type}`;
}
