/** Deliveries as text: what a person reads of a failed run. */

import { nameOfAddress } from '../src/actors/address.ts';
import type { Delivery } from './network.ts';

/** One line a delivery; the last `last` of them. */
export function transcriptOf(deliveries: readonly Delivery[], last = deliveries.length): string {
  const first = Math.max(0, deliveries.length - last);
  const lines = deliveries.slice(first).map((delivery, i) => lineOf(first + i + 1, delivery));
  return [...(first > 0 ? [`… ${first} deliveries before`] : []), ...lines].join('\n');
}

/** Any message or event as one line. */
export function textOf(value: unknown): string {
  if (typeof value === 'bigint') return `0x${value.toString(16)}`;
  if (typeof value === 'number') return value >= 0x1000 ? `0x${value.toString(16)}` : String(value);
  if (value instanceof Uint8Array) return bytesOf(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${name} ${textOf(field)}`);
  return `{${fields.join(', ')}}`;
}

function lineOf(number: number, { from, to, message, repeated }: Delivery): string {
  const { type, ...fields } = message;
  const again = repeated ? ' (again)' : '';
  return `${number}. ${nameOfAddress(from)} → ${nameOfAddress(to)}${again}: ${type} ${textOf(fields)}`;
}

function bytesOf(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `<${start}${bytes.length > 32 ? `… ${bytes.length} bytes` : ''}>`;
}
