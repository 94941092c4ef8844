/**
 * Where the bytes of a runner's private region lie in linear memory. A frame has a place of its own, pinned for good or
 * borrowed for the attempt; where places run short, it lies in a window like other memory.
 */

import { invariant } from '../invariant.ts';
import { FRAME_BYTES } from '../isa/jit/linear-layout.ts';
import type { Window } from '../memory/linear/window.ts';
import type { Windows } from '../memory/linear/windows.ts';
import type { Range } from '../memory/ranges.ts';
import type { LinearMemory } from './linear-memory.ts';

export class PrivatePlaces {
  readonly #memory: LinearMemory;
  readonly #windows: Windows<Range>;
  readonly #regionBoundary: number;
  readonly #borrowed = new Map<number, number>();
  #lastFrame = -1;
  #lastPlace: number | undefined;

  /** `regionBoundary`: where the private region ends, and with it what its frames hold. */
  constructor(memory: LinearMemory, windows: Windows<Range>, regionBoundary: number) {
    this.#memory = memory;
    this.#windows = windows;
    this.#regionBoundary = regionBoundary;
  }

  /** Linear address of a frame's place; undefined if it lies in a window. */
  of(frame: number): number | undefined {
    if (frame !== this.#lastFrame) {
      this.#lastFrame = frame;
      this.#lastPlace = this.#lookUp(frame);
    }
    return this.#lastPlace;
  }

  /** The same for a frame that is to be used: it gets a place if that can be. */
  claim(frame: number): number | undefined {
    return this.of(frame) ?? this.#borrow(frame);
  }

  /** Linear address of the byte at `address`, wherever it lies. */
  at(address: number): number {
    const offset = address % FRAME_BYTES;
    const place = this.of((address - offset) / FRAME_BYTES);
    return place === undefined ? address + this.windowAt(address).delta : place + offset;
  }

  windowAt(address: number): Window<Range> {
    const window = this.#windows.at(address);
    invariant(window !== null, 'all of the private region can be mapped');
    return window;
  }

  /** Gives a frame a place for good; null if there is none. Whatever lay in a window is still there. */
  pin(frame: number): { readonly place: number; readonly wasElsewhere: boolean } | null {
    const known = this.of(frame);
    const place = this.#memory.pin(frame, this.#borrowed.get(frame));
    if (place === null) return null;
    this.#borrowed.delete(frame);
    this.#lastFrame = -1;
    return { place, wasElsewhere: known === undefined };
  }

  /** The addresses around one that lie in linear memory as they lie in the region. */
  stretchAround(address: number): Range {
    const frame = Math.floor(address / FRAME_BYTES);
    const place = this.of(frame);
    if (place === undefined) return this.#unplacedAround(address);
    let first = frame;
    while (this.#lookUp(first - 1) === place - (frame - first + 1) * FRAME_BYTES) first -= 1;
    // Frames beyond the region may be pinned next to it, for a machine whose region is larger.
    const last = this.#regionBoundary / FRAME_BYTES;
    let after = frame + 1;
    while (after < last && this.#lookUp(after) === place + (after - frame) * FRAME_BYTES) after += 1;
    return { base: first * FRAME_BYTES, length: (after - first) * FRAME_BYTES };
  }

  release(): void {
    for (const place of this.#borrowed.values()) this.#memory.giveBack(place);
  }

  /** Half of the places are left to be pinned; so a frame that has begun in a window is never borrowed a place later. */
  #borrow(frame: number): number | undefined {
    if (this.#memory.freePlaces * 2 <= this.#memory.places) return undefined;
    const place = this.#memory.borrow()!;
    this.#borrowed.set(frame, place);
    this.#lastFrame = -1;
    return place;
  }

  /** What a window holds around `address`, up to the next frames that lie elsewhere. */
  #unplacedAround(address: number): Range {
    const window = this.windowAt(address);
    let { base, end: stop } = window;
    for (const frames of [this.#borrowed.keys(), this.#memory.pinned()]) {
      for (const frame of frames) {
        const start = frame * FRAME_BYTES;
        if (start > address) stop = Math.min(stop, start);
        else base = Math.max(base, start + FRAME_BYTES);
      }
    }
    return { base, length: stop - base };
  }

  #lookUp(frame: number): number | undefined {
    return this.#memory.pinnedAt(frame) ?? this.#borrowed.get(frame);
  }
}
