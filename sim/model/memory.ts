/** The shared region of the reference model: every version of every byte. */

import { type Extent, holds, united } from './extent.ts';

/** What one commit made of memory: the bytes it left, by address. */
export type Written = ReadonlyMap<number, number>;

/** Neighbouring bytes have their versions in common. A power of two, small enough to be copied for a byte. */
const CHUNK = 64;

interface Chunk {
  /** Ascending; the contents stand at the same index. */
  readonly versions: number[];
  readonly contents: Uint8Array[];
}

const ZEROS = new Uint8Array(CHUNK);

/** `M_0`, `M_1`, …: `M_v` is `M_{v−1}` overwritten by what version v wrote. */
export class Memory {
  readonly #chunks = new Map<number, Chunk>();
  readonly #written: Written[] = [new Map()];

  constructor(image: readonly { readonly address: number; readonly bytes: Uint8Array }[]) {
    for (const { address, bytes } of image)
      bytes.forEach((byte, i) => {
        this.#put(address + i, byte, 0);
      });
  }

  /** The newest version. */
  get version(): number {
    return this.#written.length - 1;
  }

  /** The byte in `M_version`; 0 where nothing was ever written. */
  at(address: number, version: number): number {
    const chunk = this.#chunks.get(Math.floor(address / CHUNK));
    return chunk === undefined ? 0 : contentAt(chunk, version)[address % CHUNK]!;
  }

  /** Neighbouring bytes in `M_version`. */
  bytes(base: number, length: number, version: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (const { at, offset, content, count } of this.#pieces(base, length, version))
      for (let i = 0; i < count; i += 1) bytes[at + i] = content[offset + i]!;
    return bytes;
  }

  /** `W_version`. */
  written(version: number): Written {
    return this.#written[version] ?? new Map();
  }

  /** Appends a version. */
  commit(written: Written): void {
    const version = this.#written.push(written) - 1;
    for (const [address, byte] of written) this.#put(address, byte, version);
  }

  /** Every address near which something was ever written or loaded, once. */
  *addresses(): IterableIterator<number> {
    for (const number of this.#chunks.keys()) for (let i = 0; i < CHUNK; i += 1) yield number * CHUNK + i;
  }

  /** The first address from `base` on whose byte in `M_version` is not that of `bytes`; null if there is none. */
  difference(base: number, bytes: Uint8Array, version: number): number | null {
    for (const { at, offset, content, count } of this.#pieces(base, bytes.length, version))
      for (let i = 0; i < count; i += 1) if (bytes[at + i] !== content[offset + i]) return base + at + i;
    return null;
  }

  /** Versions in (after, through] that wrote near the extent, ascending: the others have left it as it was. */
  changes(extents: readonly Extent[], after: number, through: number): number[] {
    const last = Math.min(through, this.version);
    const near = extents.reduce((sum, { length }) => sum + length / CHUNK + 1, 0);
    // Nobody asks chunk by chunk what a short stretch of the log tells at once.
    if (near > last - after)
      return Array.from({ length: Math.max(0, last - after) }, (_, i) => after + 1 + i);
    const found = new Set<number>();
    for (const { base, length } of extents)
      for (let number = Math.floor(base / CHUNK); number * CHUNK < base + length; number += 1) {
        const versions = this.#chunks.get(number)?.versions ?? [];
        for (let i = indexAt(versions, last); i >= 0 && versions[i]! > after; i -= 1) found.add(versions[i]!);
      }
    return [...found].sort((a, b) => a - b);
  }

  /** The first write in (after, through] to a byte of the extents that counts. */
  firstWrite(
    extents: readonly Extent[],
    after: number,
    through: number,
    counts: (version: number, address: number) => boolean,
  ): { readonly version: number; readonly address: number } | null {
    const sorted = united(extents);
    for (const version of this.changes(sorted, after, through))
      for (const address of this.written(version).keys())
        if (holds(sorted, address) && counts(version, address)) return { version, address };
    return null;
  }

  /** What lies in each chunk: `count` bytes from `offset` of its content, which are those from `at` of the whole. */
  *#pieces(base: number, length: number, version: number) {
    for (let at = 0; at < length; ) {
      const offset = (base + at) % CHUNK;
      const count = Math.min(length - at, CHUNK - offset);
      const chunk = this.#chunks.get(Math.floor((base + at) / CHUNK));
      yield { at, offset, count, content: chunk === undefined ? ZEROS : contentAt(chunk, version) };
      at += count;
    }
  }

  #put(address: number, byte: number, version: number): void {
    const number = Math.floor(address / CHUNK);
    let chunk = this.#chunks.get(number);
    if (chunk === undefined) {
      chunk = { versions: [], contents: [] };
      this.#chunks.set(number, chunk);
    }
    if (chunk.versions.at(-1) !== version) {
      chunk.contents.push(chunk.contents.at(-1)?.slice() ?? new Uint8Array(CHUNK));
      chunk.versions.push(version);
    }
    chunk.contents.at(-1)![address % CHUNK] = byte;
  }
}

function contentAt({ versions, contents }: Chunk, version: number): Uint8Array {
  return contents[indexAt(versions, version)] ?? ZEROS;
}

/** The place of the newest version that is not above `version`; −1 if all are. */
function indexAt(versions: readonly number[], version: number): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (versions[middle]! <= version) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** `old op value` on signed 64-bit words, by merge type (rule 6). */
export function merged(type: number, old: bigint, operand: bigint): bigint {
  const value = BigInt.asIntN(64, operand);
  const before = BigInt.asIntN(64, old);
  switch (type) {
    case 1:
      return before + value;
    case 2:
      return before < value ? before : value;
    case 3:
      return before > value ? before : value;
    case 4:
      return before & value;
    case 5:
      return before | value;
    default:
      return before ^ value;
  }
}

/** The little-endian word of `size` bytes. */
export function wordOf(size: number, byteAt: (index: number) => number): bigint {
  let low = 0;
  let high = 0;
  for (let i = Math.min(size, 4) - 1; i >= 0; i -= 1) low = low * 256 + byteAt(i);
  for (let i = size - 1; i >= 4; i -= 1) high = high * 256 + byteAt(i);
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}

/** Byte `index` of a little-endian word. */
export function byteOf(word: bigint, index: number): number {
  return Number((word >> BigInt(8 * index)) & 0xffn);
}
