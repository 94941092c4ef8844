/**
 * The memory that one attempt sees (rules 1, 6, 16–18): its private region, its snapshot with its own writes over it,
 * its stack and those of its children. Where `isa` and `memory` meet.
 */

import { loadWord } from '../isa/access.ts';
import { cachedDecode } from '../isa/code-cache.ts';
import { decode, MAX_INSTRUCTION_BYTES } from '../isa/codec.ts';
import { readControlBlocks } from '../isa/control.ts';
import { ADDRESS_LIMIT, type Channel, type Layout, layoutOf } from '../isa/layout.ts';
import { type Decoded, FaultTrap, PauseTrap, type Port } from '../isa/port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import { ByteSet } from '../memory/byte-set.ts';
import { pagesOf } from '../memory/directory.ts';
import { childId, seedOf } from '../memory/ids.ts';
import { PrivateRegion } from '../memory/private-region.ts';
import { end, type Range, unite } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import { WriteSet } from '../memory/write-set.ts';
import type { MachineConfig } from './config.ts';
import type { ControlBlock } from './control-block.ts';
import { MergeReads } from './merge-reads.ts';
import { newborn } from './newborn.ts';
import type { Output, SnapshotPage } from './protocol.ts';
import { StackImages } from './stack-images.ts';
import type { Terrain } from './terrain.ts';
import type { ObservedLoad } from './trace-event.ts';
import { ZoneMap } from './zones.ts';

/** Bytes of snapshot pages that a compartment holds; past it they are dropped and fetched anew at the same version. */
const SNAPSHOT_BYTES = 2 ** 28;

export class Compartment implements Port {
  readonly layout: Layout;
  readonly control: ControlBlock;
  readonly sv: Version;
  /** Every load, in order, if the machine observes them. */
  readonly loads: ObservedLoad[] = [];
  /** Children so far; their stack images are completed at the end. */
  readonly children: ControlBlock[] = [];
  readonly output: Output[] = [];
  readonly writes: WriteSet;
  readonly zones: ZoneMap;
  readonly images: StackImages;
  readonly mergeReads = new MergeReads();
  /** What a serializable attempt has read beyond its declared ranges, code that it executed included; else null. */
  readonly #undeclared: ByteSet | null;

  readonly #config: MachineConfig;
  readonly #terrain: Terrain;
  readonly #private: PrivateRegion;
  readonly #pages = new Map<number, Uint8Array | null>();
  readonly #decoded = new Map<number, Decoded>();
  readonly #decodedPages = new Set<number>();
  /** Pages that the last pause waits for. */
  #missing: number[] = [];

  constructor(config: MachineConfig, terrain: Terrain, control: ControlBlock, sv: Version) {
    this.layout = layoutOf(config.regionBoundary);
    this.control = control;
    this.sv = sv;
    this.writes = new WriteSet(config.pageSize);
    this.zones = new ZoneMap(control, terrain, config.lazyReads);
    this.images = new StackImages(control.image);
    this.#undeclared = control.serializable || config.serializable ? new ByteSet() : null;
    this.#config = config;
    this.#terrain = terrain;
    this.#private = new PrivateRegion(config.limits.privateBytes);
    this.#writeContext();
  }

  /** The pages that the last pause waits for. */
  get missing(): readonly number[] {
    return this.#missing;
  }

  /** Whether a page of the snapshot is here. */
  holds(page: number): boolean {
    return this.#pages.has(page);
  }

  /** Adds pages of the snapshot. Their arrays are shared and never changed. */
  provide(pages: readonly SnapshotPage[]): void {
    if ((this.#pages.size + pages.length) * this.#config.pageSize > SNAPSHOT_BYTES) this.#pages.clear();
    for (const { page, bytes } of pages) this.#pages.set(page, bytes);
  }

  load(address: number, size: AccessSize): bigint {
    if (address < this.layout.regionBoundary) {
      if (this.#portAt(address, size) !== null) WORD[0] = 0n;
      else this.#private.read(address, size, BYTES);
    } else {
      this.#loadShared(address, size);
    }
    const bits = bitsOf(size);
    if (this.#config.observeLoads) this.loads.push({ address, size, bits });
    return bits;
  }

  store(address: number, size: AccessSize, bits: bigint): void {
    WORD[0] = bits;
    if (address >= this.layout.regionBoundary) {
      this.#storeShared(address, size);
      return;
    }
    const channel = this.#portAt(address, size);
    if (channel !== null) this.output.push({ channel, bytes: BYTES.slice(0, size) });
    else if (!this.#private.write(address, size, BYTES))
      throw new FaultTrap(
        'private-memory-limit',
        BigInt(address),
        `${this.#config.limits.privateBytes} bytes of private memory`,
      );
  }

  instructionAt(pc: number): Decoded {
    return this.#decoded.get(pc) ?? this.#decode(pc);
  }

  mayExecute(address: number): boolean {
    return (
      address >= this.layout.regionBoundary &&
      address < ADDRESS_LIMIT &&
      this.zones.executable(address) &&
      this.writes.countWritten(address, 1) === 0
    );
  }

  newr(stack: bigint, heap: bigint, watched: bigint, code: bigint): void {
    const { limits, regionBoundary } = this.#config;
    const raw = readControlBlocks(
      (address) => loadWord(this, address),
      { stack, heap, watched, code },
      limits,
    );
    const index = this.children.length;
    const id = childId(this.control.id, index);
    const child = newborn(raw, { id, parent: this.control.id, index }, regionBoundary, this.#terrain.map);
    if (index === limits.children)
      throw new FaultTrap('too-many-children', null, `limit ${limits.children} children a runner`);
    this.children.push(child);
    if (child.stack.length > 0) {
      this.zones.addStack(child.stack);
      if (this.#mayHideCode(child.stack)) this.#forgetCode();
    }
    WORD[0] = id;
    this.#private.write(this.layout.words.child, 8, BYTES);
  }

  /** The children with their stack images, as the parent has left them (rule 16). */
  newborns(): ControlBlock[] {
    return this.children.map((child) => ({
      ...child,
      image: this.images.imageFor(child.stack, this.control.stack, this.writes),
    }));
  }

  /** The reads that a commit validates (rules 5 and 6). */
  validatedReads(): Range[] {
    const { control } = this;
    const predicates =
      this.#undeclared === null ? [] : [...control.heap, ...control.watched, ...this.#undeclared.ranges()];
    return unite([...predicates, ...this.mergeReads.validated(this.writes)]);
  }

  #loadShared(address: number, size: AccessSize): void {
    const zone = this.zones.zoneOf(address, size);
    if (zone === 'mixed') {
      this.#loadMixed(address, size);
      return;
    }
    if (zone === 'outside') this.#mayReadOutside(address);
    if (zone === 'outside' || zone === 'readable') this.#undeclared?.add(address, size);
    if (zone === 'heap') this.mergeReads.note(address, size, this.zones, this.writes);
    if (this.writes.countWritten(address, size) < size) {
      if (zone === 'stack') this.images.read(address, size, BYTES);
      else this.#readSnapshot(address, size);
      this.writes.overlay(address, size, BYTES);
    } else {
      this.writes.overlay(address, size, BYTES);
    }
  }

  /** An access whose bytes lie in several kinds of range: byte by byte, nothing taken for granted. */
  #loadMixed(address: number, size: AccessSize): void {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      if (this.zones.zoneOf(address + i, 1) === 'outside') this.#mayReadOutside(address);
    }
    for (let i = 0; i < size; i++) {
      this.#loadShared(address + i, 1);
      bytes[i] = BYTES[0]!;
    }
    BYTES.set(bytes);
  }

  /** A read that no range allows: part of the snapshot from now on, or a fault. */
  #mayReadOutside(address: number): void {
    if (!this.#config.lazyReads) throw new FaultTrap('read-outside-ranges', BigInt(address));
  }

  #readSnapshot(address: number, size: number): void {
    const { pageSize } = this.#config;
    const offset = address % pageSize;
    const page = (address - offset) / pageSize;
    const crosses = offset + size > pageSize;
    if (!this.#pages.has(page) || (crosses && !this.#pages.has(page + 1)))
      this.#pause(crosses ? [page, page + 1] : [page]);
    const first = this.#pages.get(page);
    const second = crosses ? this.#pages.get(page + 1) : null;
    for (let i = 0; i < size; i++) {
      const at = offset + i;
      BYTES[i] = (at < pageSize ? first?.[at] : second?.[at - pageSize]) ?? 0;
    }
  }

  #pause(pages: readonly number[]): never {
    this.#missing = pages.filter((page) => !this.#pages.has(page));
    throw new PauseTrap();
  }

  #storeShared(address: number, size: AccessSize): void {
    const refusal = this.zones.refusalOfStore(address, size);
    if (refusal !== null) throw new FaultTrap(refusal, BigInt(address));
    this.writes.write(address, size, BYTES);
    if (this.#decodedPages.size > 0 && this.#holdsDecoded(address, size)) this.#forgetCode();
  }

  #holdsDecoded(address: number, size: number): boolean {
    const { pageSize } = this.#config;
    return (
      this.#decodedPages.has(Math.floor(address / pageSize)) ||
      this.#decodedPages.has(Math.floor((address + size - 1) / pageSize))
    );
  }

  #mayHideCode(stack: Range): boolean {
    const { pageSize } = this.#config;
    for (const page of this.#decodedPages)
      if (page * pageSize < end(stack) && (page + 1) * pageSize > stack.base) return true;
    return false;
  }

  #forgetCode(): void {
    this.#decoded.clear();
    this.#decodedPages.clear();
  }

  #decode(pc: number): Decoded {
    const illegal = () => new FaultTrap('illegal-instruction', BigInt(pc));
    if (!this.mayExecute(pc)) throw illegal();
    const decoded = this.#decodeFromSnapshot(pc);
    if (decoded === null) throw illegal();
    if (!this.#mayExecuteAll(pc, decoded.length)) throw illegal();
    this.#undeclared?.add(pc, decoded.length);
    this.#decoded.set(pc, decoded);
    // An instruction may be longer than two pages.
    for (const page of pagesOf({ base: pc, length: decoded.length }, this.#config.pageSize))
      this.#decodedPages.add(page);
    return decoded;
  }

  #mayExecuteAll(pc: number, length: number): boolean {
    const zone = this.zones.zoneOf(pc, length);
    if ((zone === 'heap' || zone === 'readable') && this.writes.countWritten(pc, length) === 0) return true;
    for (let i = 0; i < length; i++) if (!this.mayExecute(pc + i)) return false;
    return true;
  }

  /** Asks for a further page only where the bytes so far are no instruction and the next ones may be executed. */
  #decodeFromSnapshot(pc: number): Decoded | null {
    const { pageSize } = this.#config;
    const offset = pc % pageSize;
    const page = (pc - offset) / pageSize;
    if (!this.#pages.has(page)) this.#pause([page]);
    const bytes = this.#pages.get(page);
    const within = bytes ? cachedDecode(bytes, offset) : null;
    if (within !== null || offset + MAX_INSTRUCTION_BYTES <= pageSize) return within;
    const joined = new Uint8Array(MAX_INSTRUCTION_BYTES);
    for (let length = 0; length < MAX_INSTRUCTION_BYTES; ) {
      const at = pc + length;
      if (length > 0 && !this.mayExecute(at)) return decode(joined.subarray(0, length), 0);
      const next = Math.floor(at / pageSize);
      if (!this.#pages.has(next)) this.#pause([next]);
      const from = at % pageSize;
      const count = Math.min(pageSize - from, MAX_INSTRUCTION_BYTES - length);
      const source = this.#pages.get(next);
      if (source) joined.set(source.subarray(from, from + count), length);
      length += count;
      const decoded = decode(joined.subarray(0, length), 0);
      if (decoded !== null) return decoded;
    }
    return null;
  }

  #portAt(address: number, size: number): Channel | null {
    const { stdout, stderr } = this.layout.words;
    if (address < stdout + 8 && address + size > stdout) return 'stdout';
    if (address < stderr + 8 && address + size > stderr) return 'stderr';
    return null;
  }

  #writeContext(): void {
    const { words, heapList } = this.layout;
    const { control } = this;
    const put = (address: number, value: number | bigint) => {
      WORD[0] = BigInt(value);
      this.#private.preset(address, 8, BYTES);
    };
    const heap = unite(control.heap);
    put(words.stack, control.stack.base);
    put(words.stack_size, control.stack.length);
    put(words.heap_count, heap.length);
    put(words.heap_list, heapList);
    put(words.id, control.id);
    put(words.seed, seedOf(this.#config.seed, control.id));
    put(words.child, 0);
    heap.forEach((range, i) => {
      put(heapList + 16 * i, range.base);
      put(heapList + 16 * i + 8, range.length);
    });
  }
}

/** Every access passes through these: one behaviour runs at a time, and nothing here outlives a call. */
const WORD = new BigUint64Array(1);
const BYTES = new Uint8Array(WORD.buffer);

function bitsOf(size: AccessSize): bigint {
  if (size < 8) BYTES.fill(0, size);
  return WORD[0]!;
}
