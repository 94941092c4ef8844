/** The segments that sites of translated code share, as the host fills and forgets them. */

import { CACHE, CONTROL } from './linear-layout.ts';
import type { Segment } from './linear-port.ts';
import type { WasmMemory } from './web-assembly.ts';

/**
 * The segments of all units in a linear memory. Danger: with segments of its own, a tier would leave them to another tier
 * over the same memory, whose code lies in another module but whose segments lie in the same place.
 */
export class Segments {
  static readonly #of = new WeakMap<WasmMemory, Segments>();

  readonly control: DataView;
  readonly #filled: number[] = [];
  #generation: number;

  private constructor(memory: WasmMemory) {
    this.control = new DataView(memory.buffer);
    this.#generation = this.#current();
  }

  static of(memory: WasmMemory): Segments {
    const known = Segments.#of.get(memory) ?? new Segments(memory);
    Segments.#of.set(memory, known);
    return known;
  }

  /** Forgets all of them if the port says that they may no longer hold. */
  heed(): void {
    const current = this.#current();
    if (current === this.#generation) return;
    this.#generation = current;
    this.forget();
  }

  isEmpty(at: number): boolean {
    return this.control.getInt32(at + CACHE.limit, true) === 0;
  }

  /** What lies from `from` to `to` becomes empty segments, whatever it was. */
  clear(from: number, to: number): void {
    for (let at = from; at < to; at += CACHE.bytes) this.control.setBigInt64(at + CACHE.limit, 0n, true);
  }

  forget(): void {
    for (const at of this.#filled) this.control.setBigInt64(at + CACHE.limit, 0n, true);
    this.#filled.length = 0;
  }

  put(at: number, segment: Segment | null, tail: number): void {
    const { control } = this;
    const limit = segment === null ? 0 : Math.max(0, segment.length - tail);
    if (limit > 0) this.#filled.push(at);
    control.setBigInt64(at + CACHE.base, BigInt(segment?.base ?? 0), true);
    control.setBigInt64(at + CACHE.limit, BigInt(limit), true);
    control.setUint32(at + CACHE.origin, segment === null ? 0 : segment.base + segment.delta, true);
  }

  #current(): number {
    return this.control.getUint32(CONTROL.generation, true);
  }
}

/** The part of a segment around an address that holds none of these words; empty if one reaches over the address. */
export function without(
  { base, length, delta }: Segment,
  address: number,
  words: readonly { readonly address: number; readonly bytes: number }[],
): Segment {
  let first = base;
  let end = base + length;
  for (const word of words) {
    if (word.address > address) end = Math.min(end, word.address);
    else first = Math.max(first, word.address + word.bytes);
  }
  return { base: first, length: Math.max(0, end - first), delta };
}
