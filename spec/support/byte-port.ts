/** A port over a plain map of bytes, with any ranges: the smallest world that a program can run in. */

import { decode, encode, MAX_INSTRUCTION_BYTES } from '../../src/isa/codec.ts';
import type { FaultCause } from '../../src/isa/fault.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import { type Channel, DEFAULT_REGION_BOUNDARY, type Layout, layoutOf } from '../../src/isa/layout.ts';
import { type Decoded, FaultTrap, PauseTrap, type Port } from '../../src/isa/port.ts';
import type { ProgramRange } from '../../src/isa/program.ts';
import type { AccessSize } from '../../src/isa/value-type.ts';

/** One call of the port, as the interpreter made it. */
export type PortCall =
  | { readonly call: 'load'; readonly address: number; readonly size: AccessSize }
  | { readonly call: 'store'; readonly address: number; readonly size: AccessSize }
  | { readonly call: 'newr'; readonly pointers: readonly bigint[] };

export class BytePort implements Port {
  readonly layout: Layout;
  /** The private region may always be read and written; these ranges beyond it too. */
  readonly readable: ProgramRange[] = [];
  readonly writable: ProgramRange[] = [];
  readonly executable: ProgramRange[] = [];
  /** Bytes whose access pauses. */
  readonly missing = new Set<number>();
  /** Bytes stored to each output port, in order. */
  readonly output: Record<Channel, number[]> = { stdout: [], stderr: [] };
  /** Every load, store and newr that had an effect, in order. */
  readonly calls: PortCall[] = [];
  /** What memory holds; a byte that is not there is 0. */
  readonly #bytes = new Map<number, number>();
  readonly #stored = new Set<number>();

  constructor(regionBoundary = DEFAULT_REGION_BOUNDARY) {
    this.layout = layoutOf(regionBoundary);
  }

  /** Puts code at `address` as executable, readable bytes; returns the address of each instruction and of the end. */
  assemble(address: number, ...instructions: readonly Instruction[]): number[] {
    const addresses = [address];
    let next = address;
    for (const instruction of instructions) {
      const bytes = encode(instruction);
      bytes.forEach((byte, i) => {
        this.setByte(next + i, byte);
      });
      next += bytes.length;
      addresses.push(next);
    }
    this.executable.push({ base: address, length: next - address });
    this.readable.push({ base: address, length: next - address });
    return addresses;
  }

  /** The unsigned bits at `address`, whatever the ranges say. */
  peek(address: number, size: AccessSize): bigint {
    let bits = 0n;
    for (let i = size - 1; i >= 0; i -= 1) bits = (bits << 8n) | BigInt(this.byte(address + i));
    return bits;
  }

  /** Sets bytes at `address`, whatever the ranges say. */
  poke(address: number, size: AccessSize, bits: bigint): void {
    for (let i = 0; i < size; i += 1) this.setByte(address + i, Number((bits >> BigInt(8 * i)) & 0xffn));
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
    this.markStored(address, size);
  }

  instructionAt(pc: number): Decoded {
    const decoded = this.decodedAt(pc);
    if (decoded === null) throw new FaultTrap('illegal-instruction', null);
    return decoded;
  }

  mayExecute(address: number): boolean {
    return within(this.executable, address) && !this.isStored(address);
  }

  newr(...pointers: readonly [bigint, bigint, bigint, bigint]): void {
    this.calls.push({ call: 'newr', pointers });
  }

  protected byte(address: number): number {
    return this.#bytes.get(address) ?? 0;
  }

  protected setByte(address: number, value: number): void {
    this.#bytes.set(address, value);
  }

  /** Bytes are stored by the program. */
  protected markStored(address: number, size: AccessSize): void {
    for (let i = 0; i < size; i += 1) this.#stored.add(address + i);
  }

  protected isStored(address: number): boolean {
    return this.#stored.has(address);
  }

  /** Null if there is no instruction; pauses. */
  protected decodedAt(pc: number): Decoded | null {
    const bytes: number[] = [];
    for (let at = pc; bytes.length < MAX_INSTRUCTION_BYTES && this.mayExecute(at); at += 1) {
      if (this.missing.has(at)) throw new PauseTrap();
      bytes.push(this.byte(at));
    }
    return decode(Uint8Array.from(bytes), 0);
  }

  #check(address: number, size: AccessSize, ranges: readonly ProgramRange[], cause: FaultCause): void {
    for (let at = address; at < address + size; at += 1)
      if (at >= this.layout.regionBoundary && !within(ranges, at))
        throw new FaultTrap(cause, BigInt(address));
    for (let at = address; at < address + size; at += 1) if (this.missing.has(at)) throw new PauseTrap();
  }
}

export function within(ranges: readonly ProgramRange[], address: number): boolean {
  return ranges.some(({ base, length }) => address >= base && address < base + length);
}
