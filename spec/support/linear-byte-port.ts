/** The linear-memory twin of `BytePort`: the same ranges, gaps and bytes, over which translated code can run. */

import { CONTROL, FRAME_BYTES } from '../../src/isa/jit/linear-layout.ts';
import type { Access, LinearPort, Segment } from '../../src/isa/jit/linear-port.ts';
import type { WasmMemory } from '../../src/isa/jit/web-assembly.ts';
import { DEFAULT_REGION_BOUNDARY } from '../../src/isa/layout.ts';
import { type Decoded, PauseTrap } from '../../src/isa/port.ts';
import type { ProgramRange } from '../../src/isa/program.ts';
import type { AccessSize } from '../../src/isa/value-type.ts';
import { BytePort, within } from './byte-port.ts';
import type { LinearPlaces } from './jit/linear-places.ts';

export interface LinearByteOptions {
  /** How many bytes around an access a segment holds at most; 0 grants none. */
  readonly reach: number;
  readonly tracksCode: boolean;
}

const ALL: LinearByteOptions = { reach: FRAME_BYTES, tracksCode: false };

export class LinearBytePort extends BytePort implements LinearPort {
  readonly memory: WasmMemory;
  /** The first byte of each range that translated code has reported as executed. */
  readonly noted = new Set<number>();
  readonly tracksCode: boolean;
  codeEpoch: number;
  readonly #places: LinearPlaces;
  readonly #guarded: ProgramRange[] = [];
  readonly #reach: number;

  /** At most one port at a time uses `places`. */
  constructor(places: LinearPlaces, { reach, tracksCode } = ALL, regionBoundary = DEFAULT_REGION_BOUNDARY) {
    super(regionBoundary);
    this.memory = places.memory;
    this.tracksCode = tracksCode;
    this.#places = places;
    this.#reach = reach;
    places.reset(this.layout);
    this.codeEpoch = places.nextEpoch();
  }

  segment(address: number, access: Access): Segment | null {
    const { regionBoundary, registers, registersEnd } = this.layout;
    const shared = address >= regionBoundary;
    const granted = (at: number): boolean => {
      if (shared !== at >= regionBoundary || this.missing.has(at)) return false;
      if (!shared) {
        if (at >= registers && at < registersEnd) return false;
        return !this.#isPort(at) && (access === 'load' || this.#places.isTouched(at));
      }
      if (access === 'load') return within(this.readable, at);
      return within(this.writable, at) && !within(this.#guarded, at);
    };
    // The bytes of one piece lie side by side.
    const first = Math.max(address - this.#reach, address - (address % FRAME_BYTES));
    const last = Math.min(address + this.#reach, first + FRAME_BYTES - (first % FRAME_BYTES));
    let base = address;
    let end = address;
    while (end < last && granted(end)) end += 1;
    while (base > first && granted(base - 1)) base -= 1;
    if (end === address) return null;
    return { base, length: end - base, delta: this.#places.linear(address) - address };
  }

  codeAt(pc: number): Decoded | null {
    try {
      return this.decodedAt(pc);
    } catch (trap) {
      if (trap instanceof PauseTrap) return null;
      throw trap;
    }
  }

  holdsCode(base: number, bytes: Uint8Array): boolean {
    for (let i = 0; i < bytes.length; i += 1) {
      if (!this.mayExecute(base + i)) return false;
      if (this.missing.has(base + i)) throw new PauseTrap();
    }
    return bytes.every((byte, i) => this.#places.byte(base + i) === byte);
  }

  guardCode(base: number, length: number): void {
    this.#guarded.push({ base, length });
    this.#places.countUp(CONTROL.generation);
  }

  noteExecuted(base: number): void {
    this.noted.add(base);
  }

  frameAt(frame: number): number | null {
    return this.#places.frameAt(frame);
  }

  touchPrivate(address: number): void {
    this.#places.touch(address);
  }

  protected override byte(address: number): number {
    return this.#places.byte(address);
  }

  protected override setByte(address: number, value: number): void {
    this.#places.setByte(address, value);
  }

  protected override markStored(address: number, size: AccessSize): void {
    for (let i = 0; i < size; i += 1) this.#places.markWritten(address + i);
    if (this.#guarded.some(({ base, length }) => address < base + length && address + size > base))
      this.codeEpoch = this.#places.nextEpoch();
  }

  protected override isStored(address: number): boolean {
    return this.#places.isWritten(address);
  }

  #isPort(at: number): boolean {
    const { stdout, stderr } = this.layout.words;
    return (at >= stdout && at < stdout + 8) || (at >= stderr && at < stderr + 8);
  }
}
