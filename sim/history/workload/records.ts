/** What committed runners have told on standard output, one record each, in the order of their commits. */

import { listOf } from './lists.ts';
import type { HistoryPlan } from './plan.ts';

export interface Told {
  readonly id: number;
  readonly token: bigint;
  /** The latest length that its parent had seen. */
  readonly handed: bigint;
  /** A private word that it had not written. */
  readonly unwritten: bigint;
  /** What it saw in the counter; null if it did not look. */
  readonly ticket: bigint | null;
  /** What each op found; null for appends. */
  readonly lists: readonly (readonly number[] | null)[];
}

export interface Records {
  readonly told: readonly Told[];
  /** Bytes at the end that are no record. */
  readonly rest: number;
}

export function recordsOf(plan: HistoryPlan, stdout: Uint8Array): Records {
  const bytes = new DataView(stdout.buffer, stdout.byteOffset, stdout.byteLength);
  const told: Told[] = [];
  let at = 0;
  try {
    while (at < stdout.length) {
      const { record, end } = recordAt(plan, bytes, at);
      told.push(record);
      at = end;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return { told, rest: stdout.length - at };
}

/** Throws a `RangeError` where there is no whole record. */
function recordAt(plan: HistoryPlan, bytes: DataView, start: number): { record: Told; end: number } {
  const id = bytes.getUint32(start, true);
  const transaction = plan.transactions[id];
  if (transaction === undefined) throw new RangeError(`no transaction ${id}`);
  const word = (i: number) => bytes.getBigInt64(start + 4 + 8 * i, true);
  const [token, handed, unwritten] = [word(0), word(1), word(2)];
  const ticket = transaction.counts === 'with-a-look' ? word(3) : null;
  let at = start + 4 + 8 * (ticket === null ? 3 : 4);
  const lists = transaction.ops.map((op) => {
    if (op.type === 'append') return null;
    const from = at;
    const length = plan.cell === 1 ? BigInt(bytes.getUint8(at)) : bytes.getBigUint64(at, true);
    const list = listOf(plan, (offset) => bytes.getUint8(from + offset), plan.cell, length);
    at += plan.cell * (1 + (length > BigInt(plan.capacity) ? 0 : list.length));
    return list;
  });
  return { record: { id, token, handed, unwritten, ticket, lists }, end: at };
}
