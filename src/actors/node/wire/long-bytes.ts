/**
 * Long bytes in a frame, such as pages. They go around msgpack-lite, which would copy each by itself, twice with what it
 * takes to let go of the frame: memory for each of them costs more than all else that decoding does.
 */

/** Where bytes lie in a frame: the head that says how many there are, and themselves. */
export interface LongBytes {
  readonly head: number;
  readonly start: number;
  readonly end: number;
}

/** Bytes from which on they count as long. */
export const LONG_BYTES = 2 ** 10;

/** Neighbours share memory of so many bytes at the most, as pages that one commit has written do. */
const SLAB_BYTES = 2 ** 19;

/** What else a frame of so many long bytes has, at the most. */
const SHORT_BYTES = 2 ** 12;

/** Stands for long bytes: an empty text, and a sound frame has no texts. */
const PLACEHOLDER = 0xa0;

/** The frame with a placeholder in the place of all long bytes. */
export function without(long: readonly LongBytes[], frame: Uint8Array): Uint8Array {
  if (long.length === 0) return frame;
  const from = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  const short = Buffer.allocUnsafe(
    long.reduce((length, { head, end }) => length - (end - head) + 1, frame.length),
  );
  let copied = 0;
  let at = 0;
  for (const { head, end } of long) {
    at += from.copy(short, at, copied, head);
    short[at] = PLACEHOLDER;
    at += 1;
    copied = end;
  }
  from.copy(short, at, copied);
  return short;
}

/**
 * All long bytes, in their order. They share the memory of a short frame: nobody changes one that has come.
 * Of a long one they are copies, so that whoever keeps one of them does not keep it all.
 */
export function longBytesOf(long: readonly LongBytes[], frame: Uint8Array): Uint8Array[] {
  const { buffer, byteOffset } = frame;
  if (buffer.byteLength <= SLAB_BYTES + SHORT_BYTES)
    return long.map(({ start, end }) => new Uint8Array(buffer, byteOffset + start, end - start));
  const copies: Uint8Array[] = [];
  for (let first = 0; first < long.length; first = copies.length) {
    const { start } = long[first]!;
    let after = first + 1;
    while (after < long.length && long[after]!.end - start <= SLAB_BYTES) after += 1;
    const slab = buffer.slice(byteOffset + start, byteOffset + long[after - 1]!.end);
    for (const one of long.slice(first, after))
      copies.push(new Uint8Array(slab, one.start - start, one.end - one.start));
  }
  return copies;
}

/** Whether a value that msgpack-lite has decoded stands for long bytes. */
export function isPlaceholder(value: unknown): boolean {
  return value === '';
}
