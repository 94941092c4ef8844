/**
 * The linear memory of a compartment: one `WasmMemory`, laid out as `linear-layout.ts` says, used by attempt
 * after attempt and never replaced (Node 20 dies at 13,000 of them). At rest all of it is 0, but for the control words.
 */

import { invariant } from '../invariant.ts';
import {
  CACHES_END,
  CONTROL,
  FLAGS_AT,
  FLAGS_BYTES,
  FRAME_BYTES,
  FRAMES_AT,
  REGISTERS_AT,
} from '../isa/jit/linear-layout.ts';
import { Wasm, type WasmMemory } from '../isa/jit/web-assembly.ts';
import { Arena } from '../memory/linear/arena.ts';
import { Room } from '../memory/linear/room.ts';

/** 4 GiB less the last 64 KiB, so that the length fits into 32 bits. They are committed as they are touched. */
const MOST_PAGES = 65_535;

/** No frame lies above: the written map of frames must not lie on frames. */
const FRAMES_END = 2 ** 23;

export class LinearMemory {
  readonly memory: WasmMemory;
  readonly arena: Arena;
  readonly room: Room;
  /** How many frames of private memory have a place of their own. */
  readonly places: number;
  readonly #generation: Int32Array;
  /** Where frames of private memory lie for good. */
  readonly #pinned = new Map<number, number>();
  readonly #freePlaces: number[] = [];
  #occupied = false;

  /** Of `pages` × 64 KiB at the most, 16 of them at the least; of half as much, and so on, where the host refuses. */
  constructor(pages: number = MOST_PAGES) {
    invariant(pages >= 16, 'a compartment has some memory');
    this.memory = create(pages);
    const { buffer } = this.memory;
    const size = buffer.byteLength;
    this.arena = new Arena(buffer);
    // The layout counts in shares of a memory that is 64 KiB larger where it is the largest.
    const share = 2 ** Math.ceil(Math.log2(size));
    this.room = new Room(Math.max(share / 8, 8 * CACHES_END), size);
    this.#generation = new Int32Array(buffer, CONTROL.generation, 1);
    const end = Math.min(share / 64, FRAMES_END);
    for (let at = FRAMES_AT; at + FRAME_BYTES <= end; at += FRAME_BYTES) this.#freePlaces.unshift(at);
    this.places = this.#freePlaces.length;
  }

  /** The control word of that name. */
  get generation(): number {
    return this.#generation[0]!;
  }

  /** Segments that were granted may no longer be used. */
  revoke(): void {
    this.#generation[0]! += 1;
  }

  /** Where a frame lies for good; undefined if it has no such place. */
  pinnedAt(frame: number): number | undefined {
    return this.#pinned.get(frame);
  }

  /** The frames that have a place for good. */
  pinned(): Iterable<number> {
    return this.#pinned.keys();
  }

  get pinnedFrames(): number {
    return this.#pinned.size;
  }

  /** Gives a frame the place `at`, or a free one, for good; null if there is none. */
  pin(frame: number, at = this.borrow()): number | null {
    if (at !== null) this.#pinned.set(frame, at);
    return at;
  }

  /** A place for a frame until it is given back; null if there is none. */
  borrow(): number | null {
    return this.#freePlaces.pop() ?? null;
  }

  /** How many places are free. */
  get freePlaces(): number {
    return this.#freePlaces.length;
  }

  giveBack(at: number): void {
    this.#freePlaces.push(at);
  }

  /** One attempt at a time works here. */
  occupy(): void {
    invariant(!this.#occupied, 'a linear memory serves one attempt at a time');
    this.#occupied = true;
  }

  /** After everybody has wiped what he used. */
  vacate(): void {
    this.arena.bytes.fill(0, REGISTERS_AT, FLAGS_AT + FLAGS_BYTES);
    this.#occupied = false;
    this.revoke();
  }
}

function create(pages: number): WasmMemory {
  for (let count = pages; ; count = Math.floor(count / 2)) {
    try {
      return new Wasm.Memory({ initial: count, maximum: count });
    } catch (error) {
      if (!(error instanceof RangeError) || count < 32) throw error;
    }
  }
}
