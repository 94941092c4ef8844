/** Deliveries as text: what a person reads of a failed run. */

import type { Address } from '../src/actors/address.ts';
import type { AttemptId } from '../src/actors/control-block.ts';
import type { Range } from '../src/memory/ranges.ts';
import { addressText, attemptText, runnerText } from './names.ts';
import type { AnyMessage, Delivery } from './network.ts';

/** One line a delivery; the last `last` of them. */
export function transcriptOf(deliveries: readonly Delivery[], last = deliveries.length): string {
  const first = Math.max(0, deliveries.length - last);
  const lines = deliveries.slice(first).map((delivery, i) => lineOf(first + i + 1, delivery));
  return [...(first > 0 ? [`… ${first} deliveries before`] : []), ...lines].join('\n');
}

/** The fields of a message as one line, without what every message of its kind says: who sends it, and the first epoch. */
export function fieldsText({ type: _, ...fields }: AnyMessage, sender: Address): string {
  return Object.entries(fields)
    .filter(([name, field]) => !(name === 'epoch' && field === 1) && !isSame(field, sender))
    .map(([name, field]) => fieldText(name, field))
    .join(', ');
}

/** Any value as one line. */
export function textOf(value: unknown): string {
  if (typeof value === 'bigint') return runnerText(value);
  if (typeof value === 'number') return value >= 0x1000 ? `0x${value.toString(16)}` : String(value);
  if (value instanceof Uint8Array) return bytesOf(value);
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Map || value instanceof Set) return `[${[...value].map(textOf).join(', ')}]`;
  if (isAttempt(value)) return attemptText(value);
  if (isAddress(value)) return addressText(value);
  if (isRange(value)) return `${textOf(value.base)}+${value.length}`;
  return `{${Object.entries(value)
    .map(([name, field]) => fieldText(name, field))
    .join(', ')}}`;
}

/** Whether `textOf` has a short word for it. */
export function isWord(value: object): boolean {
  return ArrayBuffer.isView(value) || isAttempt(value) || isAddress(value) || isRange(value);
}

/** An attempt says by itself what it is. */
function fieldText(name: string, field: unknown): string {
  return name === 'attempt' ? textOf(field) : `${name} ${textOf(field)}`;
}

function lineOf(number: number, { from, to, message, repeated }: Delivery): string {
  const again = repeated ? ' (again)' : '';
  return `${number}. ${addressText(from)} → ${addressText(to)}${again}: ${message.type} ${fieldsText(message, from)}`;
}

function isAttempt(value: object): value is AttemptId {
  return 'runner' in value && 'epoch' in value && 'number' in value && typeof value.runner === 'bigint';
}

function isAddress(value: object): value is Address {
  return 'node' in value && 'kind' in value && 'id' in value;
}

/** Of nothing else; a heap range says how it merges as well. */
function isRange(value: object): value is Range {
  return 'base' in value && 'length' in value && Object.keys(value).length === 2;
}

function isSame(field: unknown, { kind, id }: Address): boolean {
  return (
    typeof field === 'object' && field !== null && isAddress(field) && field.kind === kind && field.id === id
  );
}

const SHOWN_BYTES = 16;

function bytesOf(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0'));
  return `<${start.join('')}${bytes.length > SHOWN_BYTES ? `… ${bytes.length} bytes` : ''}>`;
}
