/**
 * The look at the msgpack of a frame before msgpack-lite sees it. That library builds whatever it says: maps whose keys may be
 * `__proto__`, dates and expressions from extensions, 64-bit integers rounded to doubles, nesting until the stack ends;
 * and it ignores what follows the first value. So it may only hold what `pack` makes, and one value exactly.
 */

/** Bytes a frame, its long bytes included. */
export const LONGEST_FRAME = 2 ** 30;

/** Lists within lists: twice as many as the deepest message has. */
export const DEEPEST_FRAME = 24;

/** Why bytes are no message. */
export interface WireError {
  readonly code: 'too-long' | 'truncated' | 'forbidden-kind' | 'too-deep' | 'trailing-bytes' | 'wrong-shape';
  /** Where in the frame; 0 for a wrong shape. */
  readonly offset: number;
  readonly message: string;
}

/** Null if the msgpack is sound. One step a byte at most, and no recursion. */
export function checkFrame(frame: Uint8Array): WireError | null {
  /** Values still to come in each open list. */
  const open: number[] = [1];
  let at = 0;
  while (open.length > 0) {
    if (open.at(-1) === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1]! -= 1;
    const head = headAt(frame, at);
    if (typeof head === 'string') return { code: head, offset: at, message: describe(head, frame[at]) };
    at = head.end;
    if (head.items > frame.length - at)
      return { code: 'truncated', offset: at, message: `${head.items} items` };
    if (head.items > 0) open.push(head.items);
    if (open.length > DEEPEST_FRAME) return { code: 'too-deep', offset: at, message: `${open.length} lists` };
  }
  if (at < frame.length) return { code: 'trailing-bytes', offset: at, message: `${frame.length - at} bytes` };
  return null;
}

interface Head {
  /** Where the next value begins; for a list, its first item. */
  readonly end: number;
  readonly items: number;
}

/** How many bytes of length a kind carries, and whether they count items instead of bytes; else its fixed size. */
const KINDS: ReadonlyMap<
  number,
  { readonly lengthBytes: number; readonly list: boolean } | { readonly size: number }
> = new Map([
  [0xc0, { size: 0 }],
  [0xc2, { size: 0 }],
  [0xc3, { size: 0 }],
  [0xc4, { lengthBytes: 1, list: false }],
  [0xc5, { lengthBytes: 2, list: false }],
  [0xc6, { lengthBytes: 4, list: false }],
  [0xcb, { size: 8 }],
  [0xcc, { size: 1 }],
  [0xcd, { size: 2 }],
  [0xce, { size: 4 }],
  [0xd0, { size: 1 }],
  [0xd1, { size: 2 }],
  [0xd2, { size: 4 }],
  [0xdc, { lengthBytes: 2, list: true }],
  [0xdd, { lengthBytes: 4, list: true }],
]);

function headAt(frame: Uint8Array, at: number): Head | 'truncated' | 'forbidden-kind' {
  const kind = frame[at];
  if (kind === undefined) return 'truncated';
  if (kind <= 0x7f || kind >= 0xe0) return { end: at + 1, items: 0 };
  if (kind >= 0x90 && kind <= 0x9f) return { end: at + 1, items: kind - 0x90 };
  const row = KINDS.get(kind);
  if (row === undefined) return 'forbidden-kind';
  if ('size' in row) return within(frame, at + 1, row.size);
  const start = at + 1 + row.lengthBytes;
  if (start > frame.length) return 'truncated';
  let length = 0;
  for (let i = at + 1; i < start; i++) length = length * 256 + frame[i]!;
  return row.list ? { end: start, items: length } : within(frame, start, length);
}

function within(frame: Uint8Array, start: number, length: number): Head | 'truncated' {
  const end = start + length;
  return end <= frame.length ? { end, items: 0 } : 'truncated';
}

function describe(code: 'truncated' | 'forbidden-kind', kind: number | undefined): string {
  return code === 'truncated' ? 'a value is cut short' : `kind 0x${kind?.toString(16)}`;
}
