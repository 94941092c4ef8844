/** A small linear memory in which any address has a place: 64 KiB of addresses side by side, wherever there is room. */

import {
  CONTROL,
  FLAGS_AT,
  FLAGS_BYTES,
  FRAME_BYTES,
  FRAMES_AT,
  REGISTERS_AT,
  TOUCHED_AT,
  TOUCHED_SHIFT,
} from '../../../src/isa/jit/linear-layout.ts';
import { Wasm } from '../../../src/isa/jit/web-assembly.ts';
import { type Layout, REGISTER_COUNT } from '../../../src/isa/layout.ts';

const BYTES = 2 ** 27;
const FRAME_COUNT = (BYTES / 64 - FRAMES_AT) / FRAME_BYTES;

export class LinearPlaces {
  readonly memory = new Wasm.Memory({ initial: BYTES / 2 ** 16, maximum: BYTES / 2 ** 16 });
  readonly #bytes = new Uint8Array(this.memory.buffer);
  readonly #view = new DataView(this.memory.buffer);
  /** Frames keep their places for as long as the memory lives. */
  readonly #frames = new Map<number, number>();
  /** Pieces of everything else, by address / 64 KiB. */
  readonly #windows = new Map<number, number>();
  #epoch = 0;
  #layout: Layout | null = null;

  /** Zeros, for the next attempt. */
  reset(layout: Layout): void {
    this.#layout = layout;
    this.#bytes.fill(0, REGISTERS_AT, FLAGS_AT + FLAGS_BYTES);
    for (const place of this.#frames.values()) {
      this.#bytes.fill(0, place, place + FRAME_BYTES);
      const touched = TOUCHED_AT + (place >>> TOUCHED_SHIFT);
      this.#bytes.fill(0, touched, touched + (FRAME_BYTES >>> TOUCHED_SHIFT));
    }
    for (const place of this.#windows.values()) {
      this.#bytes.fill(0, place, place + FRAME_BYTES);
      this.#bytes.fill(0, place >>> 3, (place + FRAME_BYTES) >>> 3);
    }
    this.#windows.clear();
    this.countUp(CONTROL.generation);
  }

  nextEpoch(): number {
    this.#epoch += 1;
    return this.#epoch;
  }

  countUp(word: number): void {
    this.#view.setUint32(word, this.#view.getUint32(word, true) + 1, true);
  }

  byte(address: number): number {
    return this.#bytes[this.linear(address)]!;
  }

  setByte(address: number, value: number): void {
    this.#bytes[this.linear(address)] = value;
  }

  /** A byte is stored by way of the port. */
  markWritten(address: number): void {
    if (this.#isRegister(address)) return;
    const linear = this.linear(address);
    if (linear >= BYTES / 8) this.#bytes[linear >>> 3]! |= 1 << (linear & 7);
    if (address < this.#layout!.regionBoundary) this.touch(address);
  }

  /** Only bytes of the shared region count as written. */
  isWritten(address: number): boolean {
    const linear = this.linear(address);
    return ((this.#bytes[linear >>> 3]! >>> (linear & 7)) & 1) === 1;
  }

  isTouched(address: number): boolean {
    return this.#bytes[TOUCHED_AT + (this.linear(address) >>> TOUCHED_SHIFT)] === 1;
  }

  touch(address: number): void {
    const place = this.#frames.get(Math.floor(address / FRAME_BYTES));
    if (place !== undefined)
      this.#bytes[TOUCHED_AT + ((place + (address % FRAME_BYTES)) >>> TOUCHED_SHIFT)] = 1;
  }

  frameAt(frame: number): number | null {
    const known = this.#frames.get(frame);
    if (known !== undefined) return known;
    if (this.#frames.size === FRAME_COUNT) return null;
    const place = FRAMES_AT + FRAME_BYTES * this.#frames.size;
    this.#frames.set(frame, place);
    return place;
  }

  linear(address: number): number {
    const { registers, regionBoundary } = this.#layout!;
    if (this.#isRegister(address)) return REGISTERS_AT + (address - registers);
    const piece = Math.floor(address / FRAME_BYTES);
    const frame = address < regionBoundary ? this.frameAt(piece) : null;
    const known = frame ?? this.#windows.get(piece);
    if (known !== undefined) return known + (address % FRAME_BYTES);
    const place = BYTES / 8 + FRAME_BYTES * this.#windows.size;
    this.#windows.set(piece, place);
    return place + (address % FRAME_BYTES);
  }

  #isRegister(address: number): boolean {
    const { registers } = this.#layout!;
    return address >= registers && address < registers + 8 * REGISTER_COUNT;
  }
}
