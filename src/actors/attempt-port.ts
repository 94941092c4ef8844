/**
 * What every memory of an attempt does alike, wherever it keeps the bytes (rules 1, 6, 16–18): output ports and the
 * context words, instructions, `newr`, and what a commit asks for. Where `isa` and `memory` meet.
 */

import { loadWord } from '../isa/access.ts';
import { readControlBlocks } from '../isa/control.ts';
import { ADDRESS_LIMIT, type Channel, type Layout, layoutOf } from '../isa/layout.ts';
import { type Decoded, FaultTrap, type Port } from '../isa/port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import { ByteSet } from '../memory/byte-set.ts';
import { childId } from '../memory/ids.ts';
import type { PagePatch } from '../memory/patch.ts';
import { RangeSet } from '../memory/range-set.ts';
import { type Range, unite } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import type { Written, WrittenRun } from '../memory/written.ts';
import { AttemptCode } from './attempt-code.ts';
import type { MachineConfig } from './config.ts';
import type { ControlBlock } from './control-block.ts';
import { MergeReads } from './merge-reads.ts';
import { newborn } from './newborn.ts';
import type { Output, SnapshotPage } from './protocol.ts';
import { SnapshotPages } from './snapshot-pages.ts';
import { StackImages } from './stack-images.ts';
import type { Terrain } from './terrain.ts';
import type { ObservedLoad } from './trace-event.ts';
import { ZoneMap } from './zones.ts';

export abstract class AttemptPort implements Port, Written {
  readonly layout: Layout;
  readonly control: ControlBlock;
  readonly sv: Version;
  /** Every load, in order, if the machine observes them. */
  readonly loads: ObservedLoad[] = [];
  /** Children so far; their stack images are completed at the end. */
  readonly children: ControlBlock[] = [];
  readonly output: Output[] = [];
  readonly zones: ZoneMap;
  readonly images: StackImages;
  readonly mergeReads = new MergeReads();

  protected readonly config: MachineConfig;
  protected readonly pages: SnapshotPages;
  /** What a serializable attempt has read beyond its declared ranges, code that it executed included; else null. */
  protected readonly undeclared: ByteSet | null;
  /** Bytes that somebody has decoded and remembers. */
  protected readonly guarded = new RangeSet();
  readonly #terrain: Terrain;
  readonly #code: AttemptCode;
  #codeEpoch = 0;

  constructor(config: MachineConfig, terrain: Terrain, control: ControlBlock, sv: Version) {
    this.layout = layoutOf(config.regionBoundary);
    this.control = control;
    this.sv = sv;
    this.zones = new ZoneMap(control, terrain, config.lazyReads);
    this.images = new StackImages(control.image);
    this.undeclared = control.serializable || config.serializable ? new ByteSet() : null;
    this.config = config;
    this.pages = new SnapshotPages(config.pageSize);
    this.#terrain = terrain;
    this.#code = new AttemptCode(this.pages, this);
  }

  protected abstract loadPrivate(address: number, size: AccessSize): bigint;
  /** False, with nothing written, past the limit. */
  protected abstract storePrivate(address: number, size: AccessSize, bits: bigint): boolean;
  protected abstract loadShared(address: number, size: AccessSize): bigint;
  /** All rules but those about code apply to it. */
  protected abstract storeShared(address: number, size: AccessSize, bits: bigint): void;
  /** Bytes that were no stack are a stack from now on. */
  protected abstract hidden(stack: Range): void;
  abstract countWritten(address: number, size: number): number;
  abstract runsIn(range: Range): WrittenRun[];
  /** The written bytes within the heap ranges, by page: what a commit stages. */
  abstract patches(): PagePatch[];

  /** The pages that the last pause waits for. */
  get missing(): readonly number[] {
    return this.pages.missing;
  }

  /** Whether a page of the snapshot is here. */
  holds(page: number): boolean {
    return this.pages.has(page);
  }

  /** Adds pages of the snapshot. Their arrays are shared and never changed. */
  provide(pages: readonly SnapshotPage[]): void {
    this.pages.provide(pages);
  }

  load(address: number, size: AccessSize): bigint {
    const bits =
      address >= this.layout.regionBoundary
        ? this.loadShared(address, size)
        : this.#portAt(address, size) === null
          ? this.loadPrivate(address, size)
          : 0n;
    if (this.config.observeLoads) this.loads.push({ address, size, bits });
    return bits;
  }

  store(address: number, size: AccessSize, bits: bigint): void {
    if (address >= this.layout.regionBoundary) {
      this.storeShared(address, size, bits);
      if (!this.guarded.isEmpty && this.guarded.meets(address, size)) this.#loseCode(address, size);
      return;
    }
    const channel = this.#portAt(address, size);
    if (channel !== null) this.output.push({ channel, bytes: littleEndian(bits, size) });
    else if (!this.storePrivate(address, size, bits)) this.refusePrivate(address);
  }

  instructionAt(pc: number): Decoded {
    return this.#code.known(pc) ?? this.#decode(pc);
  }

  codeAt(pc: number): Decoded | null {
    return this.#code.peek(pc);
  }

  mayExecute(address: number): boolean {
    return (
      address >= this.layout.regionBoundary &&
      address < ADDRESS_LIMIT &&
      this.zones.executable(address) &&
      this.countWritten(address, 1) === 0
    );
  }

  mayExecuteAll(base: number, length: number): boolean {
    const zone = this.zones.zoneOf(base, length);
    if ((zone === 'heap' || zone === 'readable') && this.countWritten(base, length) === 0) return true;
    for (let i = 0; i < length; i++) if (!this.mayExecute(base + i)) return false;
    return true;
  }

  /** Counts up when guarded code has been written or hidden beneath a stack by this attempt. */
  get codeEpoch(): number {
    return this.#codeEpoch;
  }

  newr(stack: bigint, heap: bigint, watched: bigint, code: bigint): void {
    const { limits, regionBoundary } = this.config;
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
      const { base, length } = child.stack;
      this.zones.addStack(child.stack);
      this.hidden(child.stack);
      if (this.guarded.meets(base, length)) this.#loseCode(base, length);
    }
    this.storePrivate(this.layout.words.child, 8, id);
  }

  /** The children with their stack images, as the parent has left them (rule 16). */
  newborns(): ControlBlock[] {
    return this.children.map((child) => ({
      ...child,
      image: this.images.imageFor(child.stack, this.control.stack, this),
    }));
  }

  /** The reads that a commit validates (rules 5 and 6). */
  validatedReads(): Range[] {
    const { control } = this;
    const predicates =
      this.undeclared === null ? [] : [...control.heap, ...control.watched, ...this.undeclared.ranges()];
    return unite([...predicates, ...this.mergeReads.validated(this)]);
  }

  /** A read that no range allows: part of the snapshot from now on, or a fault. */
  protected mayReadOutside(address: number): void {
    if (!this.config.lazyReads) throw new FaultTrap('read-outside-ranges', BigInt(address));
  }

  protected refusePrivate(address: number): never {
    const { privateBytes } = this.config.limits;
    throw new FaultTrap('private-memory-limit', BigInt(address), `${privateBytes} bytes of private memory`);
  }

  #decode(pc: number): Decoded {
    const decoded = this.#code.decode(pc);
    this.undeclared?.add(pc, decoded.length);
    this.guard(pc, decoded.length);
    return decoded;
  }

  /** Somebody remembers these bytes as code. */
  protected guard(base: number, length: number): void {
    this.guarded.add(base, length);
  }

  #loseCode(base: number, length: number): void {
    this.guarded.remove(base, length);
    this.#code.forget();
    this.#codeEpoch += 1;
  }

  #portAt(address: number, size: number): Channel | null {
    const { stdout, stderr } = this.layout.words;
    if (address < stdout + 8 && address + size > stdout) return 'stdout';
    if (address < stderr + 8 && address + size > stderr) return 'stderr';
    return null;
  }
}

function littleEndian(bits: bigint, size: number): Uint8Array {
  WORD[0] = bits;
  return BYTES.slice(0, size);
}

const WORD = new BigUint64Array(1);
const BYTES = new Uint8Array(WORD.buffer);
