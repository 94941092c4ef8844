/** What one attempt sees and leaves: rules 1, 6, 16, 17 and 18, one byte at a time. */

import { loadWord } from '../../src/isa/access.ts';
import { decode, MAX_INSTRUCTION_BYTES } from '../../src/isa/codec.ts';
import { readControlBlocks } from '../../src/isa/control.ts';
import type { FaultCause } from '../../src/isa/fault.ts';
import { ADDRESS_LIMIT, type Channel, type Layout, layoutOf } from '../../src/isa/layout.ts';
import { type Decoded, FaultTrap, type Port } from '../../src/isa/port.ts';
import { isIn, overlap, united, within } from './extent.ts';
import { ExtentIndex } from './extent-index.ts';
import { byteOf, type Memory, wordOf } from './memory.ts';
import { childOf, type Runner, type World } from './runner.ts';

export interface Load {
  readonly address: number;
  readonly size: number;
  readonly bits: bigint;
  /** Instructions executed before the one that loads. */
  readonly executed: number;
  /** Bit i is set if byte i came from the snapshot. */
  readonly fromSnapshot: number;
}

type Kind = 'heap' | 'stack' | 'readable' | 'outside';

/** Bytes that are looked at for an instruction: most are short. */
const LOOKS = [20, MAX_INSTRUCTION_BYTES];
/** Bytes a block. */
const BLOCK = 64;

export class ModelPort implements Port {
  readonly layout: Layout;
  /** Own latest writes to the shared region: heap and stacks. */
  readonly own = new Map<number, number>();
  readonly children: Runner[] = [];
  readonly output: { readonly channel: Channel; readonly bytes: readonly number[] }[] = [];
  readonly loads: Load[] = [];
  /** Bytes read outside the declared ranges, where that matters. */
  readonly undeclared = new Set<number>();
  /** Merge words loaded before the attempt stored them. */
  readonly seenMerges = new Set<number>();
  executed = 0;

  readonly #world: World;
  readonly #runner: Runner;
  readonly #memory: Memory;
  readonly #sv: number;
  readonly #private = new Map<number, number>();
  /** Blocks of the shared region in which there is an own write. */
  readonly #ownBlocks = new Set<number>();
  /** By the children's places. */
  readonly #childStacks = new ExtentIndex<number>();

  constructor(world: World, runner: Runner, memory: Memory, sv: number) {
    this.layout = layoutOf(world.regionBoundary);
    this.#world = world;
    this.#runner = runner;
    this.#memory = memory;
    this.#sv = sv;
    this.#putContext();
  }

  load(address: number, size: number): bigint {
    const bits =
      address >= this.layout.regionBoundary
        ? this.#loadShared(address, size)
        : this.#portAt(address, size) === null
          ? wordOf(size, (i) => this.#private.get(address + i) ?? 0)
          : 0n;
    let fromSnapshot = 0;
    for (let i = 0; i < size; i += 1) if (this.#seesSnapshot(address + i)) fromSnapshot |= 1 << i;
    this.loads.push({ address, size, bits, executed: this.executed, fromSnapshot });
    return bits;
  }

  store(address: number, size: number, bits: bigint): void {
    const bytes = Array.from({ length: size }, (_, i) => byteOf(bits, i));
    if (address < this.layout.regionBoundary) {
      const channel = this.#portAt(address, size);
      if (channel === null) this.#putPrivate(address, bytes);
      else this.output.push({ channel, bytes });
      return;
    }
    for (let i = 0; i < size; i += 1) {
      const refusal = this.#refusal(address + i, size === 8 && address % 8 === 0);
      if (refusal !== null) throw new FaultTrap(refusal, BigInt(address));
    }
    bytes.forEach((byte, i) => {
      this.own.set(address + i, byte);
      this.#ownBlocks.add(Math.floor((address + i) / BLOCK));
    });
  }

  instructionAt(pc: number): Decoded {
    let length = 0;
    let decoded: Decoded | null = null;
    for (const most of LOOKS) {
      if (decoded !== null) break;
      while (length < most && this.mayExecute(pc + length)) length += 1;
      decoded = decode(this.#memory.bytes(pc, length, this.#sv), 0);
    }
    if (decoded === null) throw new FaultTrap('illegal-instruction', BigInt(pc));
    this.#note(pc, decoded.length);
    return decoded;
  }

  mayExecute(address: number): boolean {
    if (address < this.layout.regionBoundary || address >= ADDRESS_LIMIT || this.own.has(address))
      return false;
    const kind = this.#kindOf(address);
    return kind === 'heap' || kind === 'readable' || (kind === 'outside' && this.#world.lazyReads);
  }

  newr(stack: bigint, heap: bigint, watched: bigint, code: bigint): void {
    const pointers = { stack, heap, watched, code };
    const raw = readControlBlocks((address) => loadWord(this, address), pointers, this.#world.limits);
    const child = childOf(this.#world, this.#runner.id, this.children.length, raw);
    if (this.children.length >= this.#world.limits.children) throw new FaultTrap('too-many-children', null);
    this.#childStacks.add(this.children.length, [child.stack]);
    this.children.push(child);
    this.#put(this.layout.words.child, child.id);
  }

  /** A child's stack image, by address (rule 16): own writes, else the own image, else 0. */
  imageFor(child: Runner): Map<number, number> {
    const { stack, image: inherited } = this.#runner;
    const inherits = inherited.size > 0 && overlap(stack, child.stack);
    const image = new Map<number, number>();
    const end = child.stack.base + child.stack.length;
    for (let at = child.stack.base; at < end; at += 1) {
      if (!inherits && !this.#ownBlocks.has(Math.floor(at / BLOCK))) {
        // Of a large stack little is written.
        at += BLOCK - 1 - (at % BLOCK);
        continue;
      }
      const byte = this.own.get(at) ?? (isIn(stack, at) ? inherited.get(at) : 0) ?? 0;
      if (byte !== 0) image.set(at, byte);
    }
    return image;
  }

  #loadShared(address: number, size: number): bigint {
    if (!this.#world.lazyReads)
      for (let at = address; at < address + size; at += 1)
        if (this.#kindOf(at) === 'outside') throw new FaultTrap('read-outside-ranges', BigInt(address));
    this.#note(address, size);
    for (let at = address; at < address + size; at += 1) {
      const word = at - (at % 8);
      if (this.#mergeAt(at) !== 0 && !this.own.has(word)) this.seenMerges.add(word);
    }
    return wordOf(size, (i) => this.#view(address + i));
  }

  #view(address: number): number {
    const own = this.own.get(address);
    if (own !== undefined) return own;
    if (this.#seesSnapshot(address)) return this.#memory.at(address, this.#sv);
    return (isIn(this.#runner.stack, address) ? this.#runner.image.get(address) : 0) ?? 0;
  }

  #seesSnapshot(address: number): boolean {
    return (
      address >= this.layout.regionBoundary && !this.own.has(address) && this.#kindOf(address) !== 'stack'
    );
  }

  #note(address: number, size: number): void {
    if (!this.#runner.serializable && !this.#world.serializable) return;
    for (let at = address; at < address + size; at += 1) if (this.#isUndeclared(at)) this.undeclared.add(at);
  }

  /** Read though neither heap nor watched: assembled bytes, files, system words, and with lazy reads anything. */
  #isUndeclared(address: number): boolean {
    const kind = this.#kindOf(address);
    return kind === 'outside' || (kind === 'readable' && !within(this.#runner.watched, address));
  }

  /** The contract's order: heap before stack, stack before all that lies beneath it. */
  #kindOf(address: number): Kind {
    const { heap, stack, watched } = this.#runner;
    if (within(heap, address)) return 'heap';
    if (isIn(stack, address)) return 'stack';
    if (this.#childStacks.has(address)) return 'stack';
    return within(watched, address) || within(this.#world.readable, address) ? 'readable' : 'outside';
  }

  #refusal(address: number, wholeWord: boolean): FaultCause | null {
    const readOnly = within(this.#world.readOnly, address);
    switch (this.#kindOf(address)) {
      case 'heap':
        if (readOnly) return 'write-to-read-only';
        return this.#mergeAt(address) !== 0 && !wholeWord ? 'bad-merge-store' : null;
      case 'stack':
        return null;
      case 'readable':
        return 'write-to-read-only';
      case 'outside':
        return readOnly ? 'write-to-read-only' : 'write-outside-ranges';
    }
  }

  #mergeAt(address: number): number {
    for (const range of this.#runner.heap) if (isIn(range, address)) return range.merge;
    return 0;
  }

  #portAt(address: number, size: number): Channel | null {
    const meets = (port: number) => address < port + 8 && address + size > port;
    if (meets(this.layout.words.stdout)) return 'stdout';
    return meets(this.layout.words.stderr) ? 'stderr' : null;
  }

  #putContext(): void {
    const { words, heapList } = this.layout;
    const { stack, id, heap } = this.#runner;
    const ranges = united(heap);
    this.#put(words.stack, BigInt(stack.base));
    this.#put(words.stack_size, BigInt(stack.length));
    this.#put(words.heap_count, BigInt(ranges.length));
    this.#put(words.heap_list, BigInt(heapList));
    this.#put(words.id, id);
    this.#put(words.seed, this.#world.seedOf(id));
    ranges.forEach(({ base, length }, i) => {
      this.#put(heapList + 16 * i, BigInt(base));
      this.#put(heapList + 16 * i + 8, BigInt(length));
    });
  }

  #put(address: number, word: bigint): void {
    this.#putPrivate(
      address,
      Array.from({ length: 8 }, (_, i) => byteOf(word, i)),
    );
  }

  /** Without the limit: drawn programs touch a few words. */
  #putPrivate(address: number, bytes: readonly number[]): void {
    bytes.forEach((byte, i) => {
      this.#private.set(address + i, byte);
    });
  }
}
