/** The memory that one attempt sees, kept in maps: the plain form, which says what every other one must do. */

import { FaultTrap } from '../isa/port.ts';
import type { AccessSize } from '../isa/value-type.ts';
import type { PagePatch } from '../memory/patch.ts';
import { PrivateRegion } from '../memory/private-region.ts';
import type { Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import { WriteSet } from '../memory/write-set.ts';
import type { WrittenRun } from '../memory/written.ts';
import { AttemptPort } from './attempt-port.ts';
import type { MachineConfig } from './config.ts';
import { presetContext } from './context-words.ts';
import type { ControlBlock } from './control-block.ts';
import type { Terrain } from './terrain.ts';

export class Compartment extends AttemptPort {
  readonly writes: WriteSet;
  readonly #private: PrivateRegion;

  constructor(config: MachineConfig, terrain: Terrain, control: ControlBlock, sv: Version) {
    super(config, terrain, control, sv);
    this.writes = new WriteSet(config.pageSize);
    this.#private = new PrivateRegion(config.limits.privateBytes);
    presetContext(this.layout, control, config.seed, (address, word) => {
      WORD[0] = word;
      this.#private.preset(address, 8, BYTES);
    });
  }

  override countWritten(address: number, size: number): number {
    return this.writes.countWritten(address, size);
  }

  override runsIn(range: Range): WrittenRun[] {
    return this.writes.runsIn(range);
  }

  override patches(): PagePatch[] {
    return this.writes.patches(this.control.heap);
  }

  protected override loadPrivate(address: number, size: AccessSize): bigint {
    this.#private.read(address, size, BYTES);
    return bitsOf(size);
  }

  protected override storePrivate(address: number, size: AccessSize, bits: bigint): boolean {
    WORD[0] = bits;
    return this.#private.write(address, size, BYTES);
  }

  protected override loadShared(address: number, size: AccessSize): bigint {
    this.#read(address, size);
    return bitsOf(size);
  }

  protected override storeShared(address: number, size: AccessSize, bits: bigint): void {
    const refusal = this.zones.refusalOfStore(address, size);
    if (refusal !== null) throw new FaultTrap(refusal, BigInt(address));
    WORD[0] = bits;
    this.writes.write(address, size, BYTES);
  }

  /** What lies where is asked anew at every access. */
  protected override hidden(): void {}

  #read(address: number, size: number): void {
    const zone = this.zones.zoneOf(address, size);
    if (zone === 'mixed') {
      this.#readMixed(address, size);
      return;
    }
    if (zone === 'outside') this.mayReadOutside(address);
    if (zone === 'outside' || zone === 'readable') this.undeclared?.add(address, size);
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
  #readMixed(address: number, size: number): void {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      if (this.zones.zoneOf(address + i, 1) === 'outside') this.mayReadOutside(address);
    }
    for (let i = 0; i < size; i++) {
      this.#read(address + i, 1);
      bytes[i] = BYTES[0]!;
    }
    BYTES.set(bytes);
  }

  #readSnapshot(address: number, size: number): void {
    const { pageSize } = this.pages;
    const offset = address % pageSize;
    const page = (address - offset) / pageSize;
    const crosses = offset + size > pageSize;
    if (!this.pages.has(page) || (crosses && !this.pages.has(page + 1)))
      this.pages.pause(crosses ? [page, page + 1] : [page]);
    const first = this.pages.get(page);
    const second = crosses ? this.pages.get(page + 1) : null;
    for (let i = 0; i < size; i++) {
      const at = offset + i;
      BYTES[i] = (at < pageSize ? first?.[at] : second?.[at - pageSize]) ?? 0;
    }
  }
}

/** Every access passes through these: one behaviour runs at a time, and nothing here outlives a call. */
const WORD = new BigUint64Array(1);
const BYTES = new Uint8Array(WORD.buffer);

function bitsOf(size: AccessSize): bigint {
  if (size < 8) BYTES.fill(0, size);
  return WORD[0]!;
}
