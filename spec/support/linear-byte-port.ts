/** The linear-memory twin of `BytePort`: the same ranges, gaps and bytes, over which translated code can run. */

import { decode, encode, MAX_INSTRUCTION_BYTES } from '../../src/isa/codec.ts';
import type { FaultCause } from '../../src/isa/fault.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import { CONTROL, FRAME_BYTES } from '../../src/isa/jit/linear-layout.ts';
import type { Access, LinearPort, Segment } from '../../src/isa/jit/linear-port.ts';
import type { WasmMemory } from '../../src/isa/jit/web-assembly.ts';
import { type Channel, DEFAULT_REGION_BOUNDARY, type Layout, layoutOf } from '../../src/isa/layout.ts';
import { type Decoded, FaultTrap, PauseTrap } from '../../src/isa/port.ts';
import type { ProgramRange } from '../../src/isa/program.ts';
import type { AccessSize } from '../../src/isa/value-type.ts';
import type { PortCall } from './byte-port.ts';
import type { LinearPlaces } from './jit/linear-places.ts';

export interface LinearByteOptions {
  /** How many bytes around an access a segment holds at most; 0 grants none. */
  readonly reach: number;
  readonly tracksCode: boolean;
}

const ALL: LinearByteOptions = { reach: FRAME_BYTES, tracksCode: false };

export class LinearBytePort implements LinearPort {
  readonly layout: Layout;
  readonly memory: WasmMemory;
  readonly readable: ProgramRange[] = [];
  readonly writable: ProgramRange[] = [];
  readonly executable: ProgramRange[] = [];
  readonly missing = new Set<number>();
  readonly output: Record<Channel, number[]> = { stdout: [], stderr: [] };
  /** Every load, store and newr that came by way of the port. */
  readonly calls: PortCall[] = [];
  /** The first byte of each range that translated code has reported as executed. */
  readonly noted = new Set<number>();
  readonly tracksCode: boolean;
  codeEpoch: number;
  readonly #places: LinearPlaces;
  readonly #guarded: ProgramRange[] = [];
  readonly #reach: number;

  /** At most one port at a time uses `places`. */
  constructor(places: LinearPlaces, { reach, tracksCode } = ALL, regionBoundary = DEFAULT_REGION_BOUNDARY) {
    this.layout = layoutOf(regionBoundary);
    this.memory = places.memory;
    this.tracksCode = tracksCode;
    this.#places = places;
    this.#reach = reach;
    places.reset(this.layout);
    this.codeEpoch = places.nextEpoch();
  }

  assemble(address: number, ...instructions: readonly Instruction[]): number[] {
    const addresses = [address];
    let next = address;
    for (const instruction of instructions) {
      const bytes = encode(instruction);
      bytes.forEach((byte, i) => {
        this.#places.setByte(next + i, byte);
      });
      next += bytes.length;
      addresses.push(next);
    }
    this.executable.push({ base: address, length: next - address });
    this.readable.push({ base: address, length: next - address });
    return addresses;
  }

  peek(address: number, size: AccessSize): bigint {
    let bits = 0n;
    for (let i = size - 1; i >= 0; i -= 1) bits = (bits << 8n) | BigInt(this.#places.byte(address + i));
    return bits;
  }

  poke(address: number, size: AccessSize, bits: bigint): void {
    for (let i = 0; i < size; i += 1)
      this.#places.setByte(address + i, Number((bits >> BigInt(8 * i)) & 0xffn));
  }

  load(address: number, size: AccessSize): bigint {
    this.#check(address, size, this.readable, 'read-outside-ranges');
    this.calls.push({ call: 'load', address, size });
    return this.peek(address, size);
  }

  store(address: number, size: AccessSize, bits: bigint): void {
    this.#check(address, size, this.writable, 'write-outside-ranges');
    this.calls.push({ call: 'store', address, size });
    for (const channel of ['stdout', 'stderr'] as const)
      if (address === this.layout.words[channel]) {
        for (let i = 0; i < size; i += 1) this.output[channel].push(Number((bits >> BigInt(8 * i)) & 0xffn));
        return;
      }
    this.poke(address, size, bits);
    for (let i = 0; i < size; i += 1) this.#places.markWritten(address + i);
    if (this.#guarded.some(({ base, length }) => address < base + length && address + size > base))
      this.codeEpoch = this.#places.nextEpoch();
  }

  instructionAt(pc: number): Decoded {
    const decoded = this.#decode(pc, true);
    if (decoded === null) throw new FaultTrap('illegal-instruction', null);
    return decoded;
  }

  mayExecute(address: number): boolean {
    return within(this.executable, address) && !this.#places.isWritten(address);
  }

  newr(...pointers: readonly [bigint, bigint, bigint, bigint]): void {
    this.calls.push({ call: 'newr', pointers });
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
    return this.#decode(pc, false);
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

  #decode(pc: number, mayPause: boolean): Decoded | null {
    const bytes: number[] = [];
    for (let at = pc; bytes.length < MAX_INSTRUCTION_BYTES && this.mayExecute(at); at += 1) {
      if (this.missing.has(at)) {
        if (!mayPause) return null;
        throw new PauseTrap();
      }
      bytes.push(this.#places.byte(at));
    }
    return decode(Uint8Array.from(bytes), 0);
  }

  #isPort(at: number): boolean {
    const { stdout, stderr } = this.layout.words;
    return (at >= stdout && at < stdout + 8) || (at >= stderr && at < stderr + 8);
  }

  #check(address: number, size: AccessSize, ranges: readonly ProgramRange[], cause: FaultCause): void {
    for (let at = address; at < address + size; at += 1)
      if (at >= this.layout.regionBoundary && !within(ranges, at))
        throw new FaultTrap(cause, BigInt(address));
    for (let at = address; at < address + size; at += 1) if (this.missing.has(at)) throw new PauseTrap();
  }
}

function within(ranges: readonly ProgramRange[], address: number): boolean {
  return ranges.some(({ base, length }) => address >= base && address < base + length);
}
