/**
 * An input stream (rule 27): word 0 counts the bytes that have arrived, word 1 is 1 at the end of input, word 2 is the
 * consumer's cursor, and from +64 the data follow as a ring that is never overrun: what the cursor has not passed is
 * not written again.
 */

import { homeOf, pageOf } from '../memory/directory.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { Arrivals, wordBytes } from './arrivals.ts';
import { type Effect, type Step, send } from './behaviour.ts';
import type { MachineConfig, StreamRange } from './config.ts';
import type { ImageRun } from './control-block.ts';
import { MASTER_NODE } from './placement.ts';
import { readerOf } from './places.ts';
import type { FetchedPage, ToStream } from './protocol.ts';

/** Offset of the ring in the stream's range. */
export const STREAM_HEADER = 64;
/** Offset of the cursor word. */
export const STREAM_CURSOR = 16;

export interface StreamState {
  readonly kind: 'stream';
  readonly id: number;
  readonly config: MachineConfig;
  readonly stream: StreamRange;
  readonly arrivals: Arrivals;
  /** Input that the ring has no room for yet. */
  waiting: Uint8Array[];
  /** Bytes that the device has given. */
  received: number;
  /** Bytes that the ring holds or has held: word 0, once the pending arrival is decided. */
  placed: number;
  cursor: number;
  ended: boolean;
  endPlaced: boolean;
  /** The newest commit known to have moved the cursor, and the newest whose cursor has been read. */
  consumed: Version;
  read: Version;
}

export function createStream(id: number, stream: StreamRange, config: MachineConfig): Step<StreamState> {
  const state: StreamState = {
    kind: 'stream',
    id,
    config,
    stream,
    arrivals: new Arrivals(id, config),
    waiting: [],
    received: 0,
    placed: 0,
    cursor: 0,
    ended: false,
    endPlaced: false,
    consumed: 0,
    read: 0,
  };
  return [state, credit(state, capacity(state))];
}

export function receiveAsStream(state: StreamState, message: ToStream): Step<StreamState> {
  switch (message.type) {
    case 'input':
      if (message.offset !== state.received) return [state];
      state.received += message.bytes.length;
      state.waiting.push(message.bytes);
      return [state, ...place(state)];
    case 'input-ended':
      if (state.ended) return [state];
      state.ended = true;
      return [state, ...place(state)];
    case 'staged':
      return [state, ...state.arrivals.staged(message.replica, message.attempt)];
    case 'places':
      return [state, ...state.arrivals.moved(message.places), ...askAgain(state)];
    case 'arrived':
      return state.arrivals.arrived(message.number) ? [state, ...place(state)] : [state];
    case 'consumed':
      if (message.version <= state.consumed) return [state];
      state.consumed = message.version;
      return [state, ...fetchCursor(state)];
    case 'fetched':
      return [state, ...cursorRead(state, message.pages)];
    case 'device-failed':
      return [state, send(addressOf('master'), { type: 'io-failed', io: state.id, error: message.error })];
  }
}

function capacity({ stream }: StreamState): number {
  return stream.length - STREAM_HEADER;
}

/** As much of the waiting input as the ring takes, and the end of input once nothing waits any more: one commit. */
function place(state: StreamState): Effect[] {
  if (state.arrivals.pending || state.endPlaced) return [];
  const room = capacity(state) - (state.placed - state.cursor);
  const bytes = take(state, room);
  const last = state.ended && state.waiting.length === 0;
  if (bytes.length === 0 && !last) return isStalled(state) ? [stalled(state)] : [];
  const runs: ImageRun[] = [];
  const { base } = state.stream;
  if (bytes.length > 0) {
    runs.push(...ring(state, bytes));
    state.placed += bytes.length;
    runs.push({ address: base, bytes: wordBytes(state.placed) });
  }
  if (last) {
    runs.push({ address: base + 8, bytes: wordBytes(1) });
    state.endPlaced = true;
  }
  const more = bytes.length > 0 && !last ? [credit(state, bytes.length)] : [];
  return [...state.arrivals.begin(runs, last), ...more];
}

function take(state: StreamState, room: number): Uint8Array {
  const available = state.waiting.reduce((sum, bytes) => sum + bytes.length, 0);
  const taken = new Uint8Array(Math.min(available, room));
  for (let at = 0; at < taken.length; ) {
    const first = state.waiting[0]!;
    const part = first.subarray(0, taken.length - at);
    taken.set(part, at);
    at += part.length;
    if (part.length === first.length) state.waiting.shift();
    else state.waiting[0] = first.subarray(part.length);
  }
  state.waiting = state.waiting.filter((bytes) => bytes.length > 0);
  return taken;
}

function ring(state: StreamState, bytes: Uint8Array): ImageRun[] {
  const start = state.placed % capacity(state);
  const data = state.stream.base + STREAM_HEADER;
  const beforeWrap = bytes.subarray(0, capacity(state) - start);
  const afterWrap = bytes.subarray(beforeWrap.length);
  const runs = [{ address: data + start, bytes: beforeWrap }];
  if (afterWrap.length > 0) sometimes('a ring wraps around');
  if (afterWrap.length > 0) runs.push({ address: data, bytes: afterWrap });
  return runs;
}

/** The newest content of the cursor's page that has at least what `consumed` wrote: its own version may be collected. */
function fetchCursor(state: StreamState): Effect[] {
  const page = cursorPage(state);
  const home = readerOf(state.arrivals.places, homeOf(page, state.config.homes), MASTER_NODE);
  if (home === null) return [];
  return [
    send(home, {
      type: 'fetch',
      from: addressOf('io', state.id),
      pages: [{ page, have: -1 }],
      at: Number.MAX_SAFE_INTEGER,
      needs: state.consumed,
    }),
  ];
}

/** Whoever was asked may keep the page no more. */
function askAgain(state: StreamState): Effect[] {
  return state.read < state.consumed ? fetchCursor(state) : [];
}

function cursorPage({ stream, config }: StreamState): number {
  return pageOf(stream.base + STREAM_CURSOR, config.pageSize);
}

function cursorRead(state: StreamState, pages: readonly FetchedPage[]): Effect[] {
  const page = pages[0];
  if (page === undefined || page.from < state.read) return [];
  state.read = page.from;
  // A cursor beyond what has arrived, or one that goes back, frees nothing.
  const value = page.state === 'bytes' ? cursorIn(state, page.bytes) : 0n;
  if (value <= BigInt(state.placed)) state.cursor = Math.max(state.cursor, Number(value));
  return place(state);
}

function cursorIn({ stream, config }: StreamState, bytes: Uint8Array): bigint {
  const offset = (stream.base + STREAM_CURSOR) % config.pageSize;
  return new DataView(bytes.buffer, bytes.byteOffset + offset, 8).getBigUint64(0, true);
}

/** A commit whose cursor has not been read yet may have made room. */
function isStalled({ waiting, read, consumed }: StreamState): boolean {
  return waiting.length > 0 && read >= consumed;
}

function stalled(state: StreamState): Effect {
  return send(addressOf('master'), { type: 'stalled', io: state.id, consumed: state.consumed });
}

function credit(state: StreamState, bytes: number): Effect {
  return send(addressOf('device', state.id), { type: 'device-credit', bytes });
}
