import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttemptPort } from '../../src/actors/attempt-port.ts';
import { Compartment } from '../../src/actors/compartment.ts';
import { LinearCompartment } from '../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../src/actors/linear-memory.ts';
import { terrainOf } from '../../src/actors/terrain.ts';
import { CONTROL } from '../../src/isa/jit/linear-layout.ts';
import type { Access, Segment } from '../../src/isa/jit/linear-port.ts';
import { layoutOf } from '../../src/isa/layout.ts';
import { FaultTrap, PauseTrap } from '../../src/isa/port.ts';
import type { AccessSize } from '../../src/isa/value-type.ts';
import { end, type Range } from '../../src/memory/ranges.ts';
import { CONFIG, controlBlock, EMPTY_MAP } from '../support/actors.ts';
import { anyScene, type Deed, RB, type Scene, snapshotPage } from '../support/linear-scene.ts';
import { runs } from '../support/runs.ts';

/** Attempts that a memory serves before the next one: pinned frames stay pinned. */
const SERVED = 20;
/** More chunks than there is room for. */
const SWEPT = 2 ** 20;

describe.each([
  ['with next to no room: chunks are evicted all the time', 16],
  ['with places for a few frames', 1100],
])('a linear compartment %s', (_, pages) => {
  test('does what the plain one does, by itself and through the segments that it grants', () => {
    let memory = new LinearMemory(pages);
    let served = 0;
    fc.assert(
      fc.property(anyScene, fc.infiniteStream(fc.nat(7)), (scene, choices) => {
        const pair = new Pair(scene, memory, choices);
        try {
          for (const deed of scene.deeds) pair.do(deed);
          pair.compareEnds();
        } finally {
          pair.linear.release();
        }
        served += 1;
        if (pages === 16 || served % SERVED === 0) expect(usedBytes(memory)).toBe(0);
        if (served % SERVED === 0) memory = new LinearMemory(pages);
      }),
      runs(500),
    );
  });
});

test('a frame that is pinned while it lies in a window takes what it holds along, and segments are revoked', () => {
  const memory = new LinearMemory(1100);
  const linear = new LinearCompartment(CONFIG, terrainOf(EMPTY_MAP), controlBlock(), 3, memory);
  const frames = Array.from({ length: memory.places }, (_, i) => (i + 1) * 0x1_0000);
  for (const frame of frames) linear.store(frame + 1000, 8, BigInt(frame));
  const last = frames.at(-1)!;
  const segment = linear.segment(last + 1000, 'store')!;
  memory.arena.write(last + 2000 + segment.delta, 1, 9n);
  memory.arena.written.mark(last + 2000 + segment.delta, 1);
  const revoked = memory.generation;
  expect(segment.base + segment.delta).toBeGreaterThanOrEqual(memory.memory.buffer.byteLength / 8);
  const at = linear.frameAt(last / 0x1_0000)!;

  expect(memory.generation).toBeGreaterThan(revoked);
  expect(memory.arena.read(at + 1000, 8)).toBe(BigInt(last));
  expect(memory.arena.read(at + 2000, 1)).toBe(9n);
  expect(frames.map((frame) => linear.load(frame + 1000, 8))).toEqual(frames.map(BigInt));
  linear.release();
  expect(usedBytes(memory)).toBe(0);
  expect(
    new LinearCompartment(CONFIG, terrainOf(EMPTY_MAP), controlBlock(), 3, memory).frameAt(last / 0x1_0000),
  ).toBe(at);
});

/** Bytes that are not 0, control words aside. */
function usedBytes({ memory }: LinearMemory): number {
  const words = new Int32Array(memory.buffer);
  const generation = CONTROL.generation / 4;
  let used = 0;
  for (let i = 0; i < words.length; i++) if (words[i] !== 0 && i !== generation) used += 1;
  return used;
}

const { words, registers } = layoutOf(RB);
/** Ports and register words: no segment holds them. */
const SPECIAL: readonly Range[] = [
  { base: words.stdout, length: 8 },
  { base: words.stderr, length: 8 },
  { base: registers, length: 512 },
];

interface Granted {
  readonly segment: Segment;
  readonly access: Access;
  readonly generation: number;
}

/** One attempt in both memories. */
class Pair {
  readonly linear: LinearCompartment;
  readonly #plain: Compartment;
  readonly #scene: Scene;
  readonly #memory: LinearMemory;
  readonly #bytes: Uint8Array;
  readonly #choices: Iterator<number>;
  readonly #granted: Granted[] = [];
  readonly #guards: Range[] = [];

  constructor(scene: Scene, memory: LinearMemory, choices: Iterable<number>) {
    const { config, map, control } = scene;
    const terrain = terrainOf(map);
    this.#scene = scene;
    this.#choices = choices[Symbol.iterator]();
    this.#plain = new Compartment(config, terrain, control, 3);
    this.linear = new LinearCompartment(config, terrain, control, 3, memory);
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.memory.buffer);
  }

  /** One that faults has no effect (I18). */
  do(deed: Deed): void {
    switch (deed.type) {
      case 'load': {
        const { address, size } = deed;
        const ended = this.#both({ base: address, length: size }, (memory) => memory.load(address, size));
        if (ended === null) this.#askFor(address, 'load');
        break;
      }
      case 'store': {
        const { address, size, bits } = deed;
        const epoch = this.linear.codeEpoch;
        const ended = this.#both(null, (memory) => memory.store(address, size, bits));
        if (ended !== null) break;
        if (this.#loseGuards(address, size)) expect(this.linear.codeEpoch).toBeGreaterThan(epoch);
        this.#askFor(address, 'store');
        break;
      }
      case 'increment': {
        const { address } = deed;
        this.#both(null, (memory) =>
          memory.store(address, 8, BigInt.asUintN(64, memory.load(address, 8) + 1n)),
        );
        this.#loseGuards(address, 8);
        break;
      }
      case 'direct':
        this.#direct(deed.pick, deed.offset, deed.size);
        break;
      case 'execute':
        this.#execute(deed.address);
        break;
      case 'guard': {
        const { address, length } = deed;
        if (!this.linear.mayExecuteAll(address, length)) break;
        this.linear.guardCode(address, length);
        this.#guards.push({ base: address, length });
        break;
      }
      case 'newr':
        this.#newr(deed.stack);
        break;
      case 'sweep':
        for (let at = deed.from; at < deed.from + SWEPT; at += 0x4000)
          this.#both(null, (memory) => memory.store(at, 2, BigInt(at & 0xff_ffff)));
        break;
      case 'pin':
        this.linear.frameAt(Math.floor(deed.address / 0x1_0000));
        break;
    }
    for (const { segment, access, generation } of this.#granted) {
      if (access === 'store' && generation === this.#generation())
        expect(this.#guards.some((guard) => overlaps(guard, segment))).toBe(false);
    }
  }

  compareEnds(): void {
    expect(printed(this.linear.patches())).toEqual(printed(this.#plain.patches()));
    expect(printed(this.linear.newborns())).toEqual(printed(this.#plain.newborns()));
    expect(this.linear.validatedReads()).toEqual(this.#plain.validatedReads());
    expect(this.linear.output).toEqual(this.#plain.output);
    expect(this.linear.loads).toEqual(this.#plain.loads);
  }

  /** Null if it ends without a fault, the same in both; pages that are missing come bit by bit, with others. */
  #both(within: Range | null, access: (memory: AttemptPort) => unknown): string | null {
    const [a, b] = [this.#plain, this.linear].map((memory) => {
      for (;;) {
        try {
          return { value: access(memory), cause: null };
        } catch (trap) {
          if (trap instanceof FaultTrap) return { value: trap.address, cause: trap.cause };
          if (!(trap instanceof PauseTrap)) throw trap;
          this.#provide(memory, within);
        }
      }
    });
    expect(b).toEqual(a);
    return a!.cause;
  }

  #provide(memory: AttemptPort, within: Range | null): void {
    const { pageSize } = this.#scene.config;
    expect(memory.missing.length).toBeGreaterThan(0);
    for (const page of memory.missing) {
      expect(memory.holds(page)).toBe(false);
      if (within !== null) expect(overlaps({ base: page * pageSize, length: pageSize }, within)).toBe(true);
    }
    const choice = this.#choose();
    const pages = choice & 1 ? [...memory.missing] : [memory.missing.at(-1)!];
    if (choice & 2) pages.push(pages[0]! + 1);
    memory.provide(pages.map((page) => ({ page, bytes: snapshotPage(page, pageSize) })));
  }

  /** Whether a segment is right is seen by all of its bytes, or some if they are many. */
  #askFor(address: number, access: Access): void {
    const segment = this.linear.segment(address, access);
    if (segment === null) return;
    expect(Math.abs(segment.delta % 8)).toBe(0);
    expect(address >= segment.base && address < end(segment)).toBe(true);
    for (const special of SPECIAL) expect(overlaps(segment, special)).toBe(false);
    this.#granted.push({ segment, access, generation: this.#generation() });
    const some = Array.from({ length: 12 }, (_, i) => somewhere(segment, i * 641));
    for (const at of [address, segment.base, end(segment) - 1, ...some])
      this.#compareByte(segment, access, at);
  }

  #direct(pick: number, offset: number, size: AccessSize): void {
    const live = this.#granted.filter(({ generation }) => generation === this.#generation());
    const granted = live[pick % Math.max(1, live.length)];
    if (granted === undefined || granted.segment.length < size) return;
    const { segment, access } = granted;
    const address = Math.min(somewhere(segment, offset), end(segment) - size);
    if (access === 'load') {
      for (let i = 0; i < size; i++) this.#compareByte(segment, access, address + i);
      return;
    }
    const bytes = Array.from({ length: size }, () => this.#choose() * 31 + 1);
    this.#plain.store(
      address,
      size,
      bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
    );
    bytes.forEach((byte, i) => {
      const at = address + i + segment.delta;
      this.#bytes[at] = byte;
      this.#bytes[at >>> 3]! |= 1 << (at & 7);
    });
    const loads = this.linear.loads.length;
    bytes.forEach((byte, i) => {
      expect(this.linear.load(address + i, 1)).toBe(BigInt(byte));
    });
    this.linear.loads.length = loads;
  }

  /** What lies in a segment is what the plain memory loads. Bytes that may only be written need not be there to be read. */
  #compareByte(segment: Segment, access: Access, address: number): void {
    if (access === 'store' && address >= RB && this.#plain.countWritten(address, 1) === 0) return;
    const loads = this.#plain.loads.length;
    const expected = this.#loadPlain(address);
    this.#plain.loads.length = loads;
    expect(this.#bytes[address + segment.delta]).toBe(expected);
  }

  #loadPlain(address: number): number {
    const { pageSize } = this.#scene.config;
    try {
      return Number(this.#plain.load(address, 1));
    } catch (trap) {
      if (!(trap instanceof PauseTrap)) throw trap;
      const pages = this.#plain.missing.map((page) => ({ page, bytes: snapshotPage(page, pageSize) }));
      this.#plain.provide(pages);
      return this.#loadPlain(address);
    }
  }

  #execute(address: number): void {
    const mayExecute = this.#plain.mayExecute(address);
    expect(this.linear.mayExecute(address)).toBe(mayExecute);
    const fault = this.#both(null, (memory) => memory.instructionAt(address));
    const code = this.linear.codeAt(address);
    expect(code === null).toBe(fault !== null);
    if (code === null) return;
    expect(code).toEqual(this.#plain.instructionAt(address));
    const { pageSize } = this.#scene.config;
    const bytes = Uint8Array.from({ length: code.length }, (_, i) => {
      const page = snapshotPage(Math.floor((address + i) / pageSize), pageSize);
      return page?.[(address + i) % pageSize] ?? 0;
    });
    expect(this.#holdsCode(address, bytes)).toBe(true);
    const other = bytes.slice();
    other[this.#choose() % other.length]! ^= 1;
    expect(this.#holdsCode(address, other)).toBe(false);
  }

  #holdsCode(address: number, bytes: Uint8Array): boolean {
    for (;;) {
      try {
        return this.linear.holdsCode(address, bytes);
      } catch (trap) {
        if (!(trap instanceof PauseTrap)) throw trap;
        this.#provide(this.linear, { base: address, length: bytes.length });
      }
    }
  }

  #newr(stack: readonly [number, number]): void {
    const epoch = this.linear.codeEpoch;
    const blocks = [stack, [0], [0], [0x200_0000]];
    const bases = blocks.map((_, i) => 0xe_0000 + 0x20 * i);
    for (const [i, block] of blocks.entries())
      for (const [word, value] of block.entries())
        if (this.#both(null, (memory) => memory.store(bases[i]! + 8 * word, 8, BigInt(value))) !== null)
          return;
    const [m1, m2, m3, m4] = bases.map(BigInt) as [bigint, bigint, bigint, bigint];
    if (this.#both(null, (memory) => memory.newr(m1, m2, m3, m4)) !== null) return;
    if (this.#loseGuards(...stack)) expect(this.linear.codeEpoch).toBeGreaterThan(epoch);
  }

  /** Guarded bytes that are written or hidden are guarded no more. */
  #loseGuards(base: number, length: number): boolean {
    const lost = this.#guards.filter((guard) => overlaps(guard, { base, length }));
    for (const guard of lost) this.#guards.splice(this.#guards.indexOf(guard), 1);
    return lost.length > 0;
  }

  #generation(): number {
    return this.#memory.generation;
  }

  #choose(): number {
    return this.#choices.next().value as number;
  }
}

/** An address in the first or the last bytes of a segment. */
function somewhere({ base, length }: Segment, offset: number): number {
  const from = offset % 2 === 0 ? base : Math.max(base, base + length - 5_000);
  return from + (offset % Math.min(length, 5_000));
}

function overlaps(a: Range, b: Range): boolean {
  return a.base < end(b) && b.base < end(a);
}

/** Bytes as text: typed arrays over different buffers compare by content. */
function printed(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) =>
      item instanceof Uint8Array ? [...item].join(' ') : typeof item === 'bigint' ? `${item}` : item,
    ),
  );
}
