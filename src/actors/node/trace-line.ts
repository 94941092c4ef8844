/** A trace as text: one JSON object a line, as docs/trace.md describes. */

import { nameOf } from '../../memory/ids.ts';
import type { TraceEvent } from '../trace-event.ts';

/** `attempt` has every written byte, and is for checkers. */
export const TRACED = ['runner', 'start', 'commit', 'conflict', 'ended', 'fired', 'starving'] as const;

/** Without the line's end. `began`: when the trace did, by the clock of `performance.now()`. */
export function traceLine(began: number, event: TraceEvent): string {
  const t = Math.round((performance.now() - began) * 1000) / 1000;
  return JSON.stringify({ t, ...event }, plain);
}

const ADDRESSES: ReadonlySet<string> = new Set(['base', 'address', 'pc']);

/** Runner ids and addresses as text, bytes as hexadecimal digits. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === 'number' && ADDRESSES.has(key)) return `0x${value.toString(16)}`;
  if (typeof value === 'bigint') return ADDRESSES.has(key) ? `0x${value.toString(16)}` : nameOf(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}
