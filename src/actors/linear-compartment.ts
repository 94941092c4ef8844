/**
 * The memory that one attempt sees, in linear memory, so that translated code accesses most of it by itself: what
 * `Compartment` is, and what `LinearPort` asks. A range lies there as a window; a page of the snapshot is copied into
 * its window when a segment is to hold it, and until then read where it is.
 */

import { invariant } from '../invariant.ts';
import { REGISTERS_AT } from '../isa/jit/linear-layout.ts';
import type { Access, LinearPort, Segment } from '../isa/jit/linear-port.ts';
import type { WasmMemory } from '../isa/jit/web-assembly.ts';
import { ADDRESS_LIMIT, type Layout } from '../isa/layout.ts';
import { FaultTrap } from '../isa/port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import type { Arena } from '../memory/linear/arena.ts';
import { BLOCK_BYTES, type Window } from '../memory/linear/window.ts';
import { Windows } from '../memory/linear/windows.ts';
import type { PagePatch, PatchRun } from '../memory/patch.ts';
import { RangeSet } from '../memory/range-set.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import type { WrittenRun } from '../memory/written.ts';
import { AttemptPort } from './attempt-port.ts';
import type { MachineConfig } from './config.ts';
import { presetContext } from './context-words.ts';
import type { ControlBlock } from './control-block.ts';
import type { LinearMemory } from './linear-memory.ts';
import { LinearPresence } from './linear-presence.ts';
import { LinearPrivate } from './linear-private.ts';
import { sameCode } from './same-code.ts';
import type { Terrain } from './terrain.ts';
import type { Piece } from './zones.ts';

/** Blocks that one segment for stores may hold, at the most. */
const MOST_REACH = 2 ** 20;

export class LinearCompartment extends AttemptPort implements LinearPort {
  readonly memory: WasmMemory;
  readonly #linear: LinearMemory;
  readonly #arena: Arena;
  readonly #windows: Windows<Piece>;
  readonly #presence: LinearPresence;
  readonly #private: LinearPrivate;
  /** What a private window is part of. */
  readonly #region: Piece;

  /** Uses `linear` until it is released. */
  constructor(
    config: MachineConfig,
    terrain: Terrain,
    control: ControlBlock,
    sv: Version,
    linear: LinearMemory,
  ) {
    super(config, terrain, control, sv);
    linear.occupy();
    this.memory = linear.memory;
    this.#linear = linear;
    this.#arena = linear.arena;
    const { layout } = this;
    this.#region = { zone: 'stack', base: 0, length: layout.regionBoundary, merge: 0, writable: true };
    this.#windows = new Windows<Piece>(linear.arena, linear.room, config.pageSize, this);
    this.#presence = new LinearPresence(linear.arena, this.pages);
    const { limits, seed } = config;
    this.#private = new LinearPrivate(
      linear,
      this.#windows,
      limits.privateBytes,
      specialWords(layout),
      layout.regionBoundary,
    );
    presetContext(layout, control, seed, (address, word) => {
      if (address === layout.registers) this.#private.presetElsewhere();
      else this.#private.preset(address, word);
    });
  }

  /** Nothing of the attempt is left in linear memory; the compartment is of no use any more. */
  release(): void {
    this.#windows.release();
    this.#private.release();
    this.#linear.vacate();
  }

  override holds(page: number): boolean {
    if (this.pages.has(page)) return true;
    const window = this.#windows.find(page * this.config.pageSize);
    return window !== null && window.present !== null && this.#presence.has(window, page);
  }

  segment(address: number, access: Access): Segment | null {
    if (access === 'load' && this.config.observeLoads) return null;
    if (address < this.layout.regionBoundary) return this.#private.segment(address, access);
    const window = this.#windows.at(address);
    if (window === null || window.piece.merge !== 0) return null;
    if (access === 'load' && window.piece.zone === 'readable' && this.undeclared !== null) return null;
    const range =
      access === 'load' ? this.#presence.around(window, address) : this.#storable(window, address);
    if (range === null) return null;
    window.granted = true;
    return { ...range, delta: window.delta };
  }

  holdsCode(base: number, bytes: Uint8Array): boolean {
    if (base + bytes.length > ADDRESS_LIMIT || base < this.layout.regionBoundary) return false;
    return this.mayExecuteAll(base, bytes.length) && sameCode(this.pages, base, bytes);
  }

  guardCode(base: number, length: number): void {
    this.guard(base, length);
  }

  get tracksCode(): boolean {
    return this.undeclared !== null;
  }

  noteExecuted(base: number, length: number): void {
    this.undeclared?.add(base, length);
  }

  frameAt(frame: number): number | null {
    return this.#private.frameAt(frame);
  }

  touchPrivate(address: number): void {
    if (!this.#private.touch(address)) this.refusePrivate(address);
  }

  override countWritten(address: number, size: number): number {
    return this.#windows.countWritten(address, size);
  }

  override runsIn(range: Range): WrittenRun[] {
    return this.#windows.runsIn(range);
  }

  override patches(): PagePatch[] {
    const { pageSize } = this.config;
    const patches: { page: number; runs: PatchRun[] }[] = [];
    for (const { base, length, merge } of this.control.heap) {
      for (const { address, bytes } of this.#windows.runsIn({ base, length })) {
        const page = Math.floor(address / pageSize);
        if (patches.at(-1)?.page !== page) patches.push({ page, runs: [] });
        patches.at(-1)!.runs.push({ address, bytes, merge });
      }
    }
    return patches;
  }

  pieceAt(address: number): Piece | null {
    return address < this.layout.regionBoundary ? this.#region : this.zones.pieceAt(address);
  }

  mapped(window: Window<Piece>): void {
    if (window.piece.zone !== 'stack') this.#presence.begin(window);
    else if (window.base >= this.layout.regionBoundary) this.#presetImage(window);
  }

  unmapped(window: Window<Piece>): void {
    if (window.granted) this.#linear.revoke();
  }

  protected override loadPrivate(address: number, size: AccessSize): bigint {
    const { registers, registersEnd } = this.layout;
    if (address >= registers && address < registersEnd)
      return this.#arena.read(REGISTERS_AT + address - registers, size);
    return this.#private.load(address, size);
  }

  protected override storePrivate(address: number, size: AccessSize, bits: bigint): boolean {
    const { registers, registersEnd } = this.layout;
    if (address < registers || address >= registersEnd) return this.#private.store(address, size, bits);
    this.#arena.write(REGISTERS_AT + address - registers, size, bits);
    return true;
  }

  protected override loadShared(address: number, size: AccessSize): bigint {
    const window = this.#windows.at(address);
    if (window?.holds(address, size)) return this.#loadFrom(window, address, size);
    for (let i = 0; i < size; i++)
      if (this.zones.zoneOf(address + i, 1) === 'outside') this.mayReadOutside(address);
    if (size === 1) return this.#loadOutside(address);
    this.#pauseForAll(address, size);
    let bits = 0n;
    for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | this.loadShared(address + i, 1);
    return bits;
  }

  protected override storeShared(address: number, size: AccessSize, bits: bigint): void {
    const window = this.#windows.find(address);
    if (window === null || !window.piece.writable || !window.holds(address, size)) {
      const refusal = this.zones.refusalOfStore(address, size);
      if (refusal !== null) throw new FaultTrap(refusal, BigInt(address));
    }
    const target = window ?? this.#windows.at(address);
    invariant(target !== null, 'what may be stored to can be mapped');
    if (target.holds(address, size)) this.#storeTo(target, address, size, bits);
    else for (let i = 0; i < size; i++) this.#storeByte(address + i, (bits >> BigInt(8 * i)) & 0xffn);
  }

  /** What lies beneath is seen no more; heap stays heap, and a stack only grows. */
  protected override hidden(stack: Range): void {
    for (const window of this.#windows.within(stack))
      if (window.present !== null && window.piece.zone !== 'heap') this.#windows.unmap(window);
  }

  /** Store segments that hold the bytes are revoked. */
  protected override guard(base: number, length: number): void {
    if (this.guarded.covers(base, length)) return;
    super.guard(base, length);
    for (const window of this.#windows.within({ base, length }))
      if (window.granted && window.isDirty) this.#linear.revoke();
  }

  #loadFrom(window: Window<Piece>, address: number, size: AccessSize): bigint {
    const { zone, merge } = window.piece;
    if (zone === 'readable') this.undeclared?.add(address, size);
    if (merge !== 0) this.mergeReads.note(address, size, this.zones, this);
    return this.#presence.read(window, address, size);
  }

  /** A byte that lies in no window. */
  #loadOutside(address: number): bigint {
    this.undeclared?.add(address, 1);
    const { pageSize } = this.config;
    const page = Math.floor(address / pageSize);
    const bytes = this.pages.get(page);
    if (bytes === undefined) this.pages.pause([page]);
    return BigInt(bytes?.[address % pageSize] ?? 0);
  }

  /** An access that lies in several windows waits for all of its pages at once. */
  #pauseForAll(address: number, size: number): void {
    const { pageSize } = this.config;
    const missing: number[] = [];
    for (let i = 0; i < size; i++) {
      const page = Math.floor((address + i) / pageSize);
      if (missing.at(-1) === page || this.pages.has(page)) continue;
      const window = this.#windows.at(address + i);
      if (window !== null) {
        if (this.#presence.has(window, page)) continue;
        if (this.#arena.written.mask(address + i + window.delta, 1) === 1) continue;
      }
      missing.push(page);
    }
    if (missing.length > 0) this.pages.pause(missing);
  }

  #storeTo(window: Window<Piece>, address: number, size: AccessSize, bits: bigint): void {
    const at = address + window.delta;
    this.#arena.write(at, size, bits);
    this.#arena.written.mark(at, size);
    window.dirty(at, at + size);
  }

  #storeByte(address: number, bits: bigint): void {
    const window = this.#windows.at(address);
    invariant(window !== null, 'what may be stored to can be mapped');
    this.#storeTo(window, address, 1, bits);
  }

  #storable(window: Window<Piece>, address: number): Range | null {
    if (window.piece.zone !== 'heap' && window.piece.zone !== 'stack') return null;
    const { at, delta } = window;
    const size = window.storeReach * BLOCK_BYTES;
    window.storeReach = Math.min(2 * window.storeReach, MOST_REACH);
    const block = Math.floor((address + delta) / size) * size;
    const from = Math.max(at, block);
    const to = Math.min(at + window.length, block + size);
    let range: Range | null = { base: from - delta, length: to - from };
    if (!window.piece.writable) range = this.zones.writableAround(address, range);
    if (range !== null && !this.guarded.isEmpty) range = this.guarded.gapAround(address, range);
    if (range !== null) window.dirty(range.base + delta, end(range) + delta);
    return range;
  }

  #presetImage(window: Window<Piece>): void {
    for (const run of this.control.image) {
      const from = Math.max(run.address, window.base);
      const to = Math.min(run.address + run.bytes.length, window.end);
      if (from >= to) continue;
      const at = from + window.delta;
      this.#arena.bytes.set(run.bytes.subarray(from - run.address, to - run.address), at);
      if (window.presetTo === 0) window.presetFrom = at;
      window.presetTo = to + window.delta;
    }
  }
}

/** The words of private memory that are never accessed directly: ports and registers. The same for all attempts. */
function specialWords(layout: Layout): RangeSet {
  const known = SPECIAL.get(layout);
  if (known !== undefined) return known;
  const { words, registers, registersEnd } = layout;
  const special = new RangeSet();
  special.add(words.stdout, 8);
  special.add(words.stderr, 8);
  special.add(registers, registersEnd - registers);
  SPECIAL.set(layout, special);
  return special;
}

const SPECIAL = new WeakMap<Layout, RangeSet>();
