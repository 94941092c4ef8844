import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { build, off } from '../../sim/programs/build.ts';
import type { AttemptPort } from '../../src/actors/attempt-port.ts';
import { Compartment } from '../../src/actors/compartment.ts';
import type { MachineConfig, MemoryMap } from '../../src/actors/config.ts';
import type { ControlBlock } from '../../src/actors/control-block.ts';
import { LinearCompartment } from '../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../src/actors/linear-memory.ts';
import type { SnapshotPage } from '../../src/actors/protocol.ts';
import { terrainOf } from '../../src/actors/terrain.ts';
import { encode } from '../../src/isa/codec.ts';
import { layoutOf } from '../../src/isa/layout.ts';
import { FaultTrap, PauseTrap } from '../../src/isa/port.ts';
import type { AccessSize } from '../../src/isa/value-type.ts';
import { childId, seedOf } from '../../src/memory/ids.ts';
import { CONFIG, controlBlock, EMPTY_MAP } from '../support/actors.ts';
import { runs } from '../support/runs.ts';

const PAGE = CONFIG.pageSize;
const HEAP = 0x6_0000_0000;
const STACK = 0x7_0000_0000;
const CODE = 0x5_0000_0000;
const { words, heapList } = layoutOf(CONFIG.regionBoundary);

/** Every form that the memory of an attempt has; the linear ones with room for all, and with room for next to nothing. */
const FORMS: readonly [string, (...made: ConstructorParameters<typeof Compartment>) => AttemptPort][] = [
  ['in maps', (...made) => new Compartment(...made)],
  ['in linear memory', successively(new LinearMemory(4096))],
  ['in little linear memory', successively(new LinearMemory(16))],
];

/** Each takes the place of the one before. */
function successively(memory: LinearMemory) {
  let latest: LinearCompartment | null = null;
  return (...made: ConstructorParameters<typeof Compartment>) => {
    latest?.release();
    latest = new LinearCompartment(...made, memory);
    return latest;
  };
}

describe.each(FORMS)('a compartment %s', (_, form) => {
  /** Heap of two pages, a stack of one, a page of assembled bytes. */
  function compartment(
    said: Partial<ControlBlock> = {},
    config: Partial<MachineConfig> = {},
    map: Partial<MemoryMap> = {},
  ): AttemptPort {
    return form(
      { ...CONFIG, ...config },
      terrainOf({ ...EMPTY_MAP, assembled: [{ base: CODE, length: PAGE }], ...map }),
      controlBlock({
        heap: [{ base: HEAP, length: 2 * PAGE, merge: 0 }],
        stack: { base: STACK, length: PAGE },
        ...said,
      }),
      3,
    );
  }

  const zeros = (...addresses: number[]): SnapshotPage[] =>
    addresses.map((address) => ({ page: address / PAGE, bytes: null }));

  /** What an access was answered with: bits, the cause of a fault, or the pages that are missing. */
  function outcome(memory: AttemptPort, access: () => unknown) {
    try {
      return access();
    } catch (trap) {
      if (trap instanceof FaultTrap) return trap.cause;
      if (trap instanceof PauseTrap) return { missing: [...memory.missing] };
      throw trap;
    }
  }

  describe('rule 1: an attempt reads its own latest write, else the state at its sv', () => {
    const anyAccess = fc.record({
      stores: fc.boolean(),
      /** Around the heap's page edge and its ends. */
      address: fc.integer({ min: -10, max: 2 * PAGE + 2 }),
      size: fc.constantFrom<AccessSize>(1, 2, 4, 8),
      bits: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    });

    test('I1: byte by byte, whatever was stored before and however accesses overlap; outside nothing happens (I18)', () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 2 * PAGE, maxLength: 2 * PAGE }),
          fc.array(anyAccess, { maxLength: 20 }),
          (snapshot, accesses) => {
            const memory = compartment();
            const pages = [snapshot.slice(0, PAGE), snapshot.slice(PAGE)];
            memory.provide(pages.map((bytes, i) => ({ page: HEAP / PAGE + i, bytes })));
            const model = [...snapshot];
            for (const { stores, address, size, bits } of accesses) {
              const at = HEAP + address;
              const inside = address >= 0 && address + size <= 2 * PAGE;
              const result = outcome(memory, () =>
                stores ? memory.store(at, size, bits) : memory.load(at, size),
              );
              if (!inside) {
                expect(result).toBe(stores ? 'write-outside-ranges' : 'read-outside-ranges');
              } else if (stores) {
                for (let i = 0; i < size; i++) model[address + i] = Number((bits >> BigInt(8 * i)) & 0xffn);
              } else {
                const bytes = model.slice(address, address + size);
                expect(result).toBe(bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
              }
            }

            expect([...pages[0]!, ...pages[1]!]).toEqual([...snapshot]);
          },
        ),
        runs(300),
      );
    });

    test('a load pauses for the pages that are missing, and reads the same once they have come', () => {
      const memory = compartment();
      const across = HEAP + PAGE - 4;
      memory.store(across, 1, 5n);

      expect(outcome(memory, () => memory.load(across, 8))).toEqual({
        missing: [HEAP / PAGE, HEAP / PAGE + 1],
      });
      memory.provide(zeros(HEAP));
      expect(outcome(memory, () => memory.load(across, 8))).toEqual({ missing: [HEAP / PAGE + 1] });
      memory.provide(zeros(HEAP + PAGE));
      expect(memory.load(across, 8)).toBe(5n);
    });

    test('what the attempt has written itself needs no page', () => {
      const memory = compartment();
      memory.store(HEAP, 8, 5n);

      expect(memory.load(HEAP + 2, 4)).toBe(0n);
    });

    test('pages past the room for them are dropped and asked for anew, at the same version (I1)', () => {
      const huge = 2 ** 27;
      const memory = compartment({ heap: [{ base: 0, length: 2 ** 40, merge: 0 }] }, { pageSize: huge });
      for (const page of [1000, 1001, 1002]) memory.provide([{ page, bytes: null }]);

      expect([1000, 1001, 1002].map((page) => memory.holds(page))).toEqual([false, false, true]);
      expect(outcome(memory, () => memory.load(1000 * huge, 8))).toEqual({ missing: [1000] });
    });
  });

  describe('the stack (rule 16)', () => {
    test('reads as its image, else 0; nothing is fetched for it, whatever lies beneath', () => {
      const memory = compartment({ image: [{ address: STACK + 8, bytes: Uint8Array.of(1, 2) }] });

      expect(memory.load(STACK + 8, 8)).toBe(0x0201n);
      memory.store(STACK + 9, 1, 7n);
      expect(memory.load(STACK + 8, 8)).toBe(0x0701n);
    });

    test('an access over heap and stack takes each byte from where it lies', () => {
      const memory = compartment({ stack: { base: HEAP + 2 * PAGE, length: 8 } });
      const edge = HEAP + 2 * PAGE - 4;
      memory.provide([{ page: HEAP / PAGE + 1, bytes: new Uint8Array(PAGE).fill(3) }]);

      expect(memory.load(edge, 8)).toBe(0x0000_0000_0303_0303n);
      memory.store(edge, 8, 0x0807_0605_0403_0201n);
      expect(memory.load(edge + 2, 4)).toBe(0x0605_0403n);
    });
  });

  describe('the private region', () => {
    test('I17: is 0 but for its context words', () => {
      const memory = compartment({ id: 0x77n }, { seed: 9n });
      const context: [number, bigint][] = [
        [words.stack, BigInt(STACK)],
        [words.stack_size, BigInt(PAGE)],
        [words.heap_count, 1n],
        [words.heap_list, BigInt(heapList)],
        [words.id, 0x77n],
        [words.seed, seedOf(9n, 0x77n)],
        [words.child, 0n],
        [heapList, BigInt(HEAP)],
        [heapList + 8, BigInt(2 * PAGE)],
        [heapList + 16, 0n],
        [words.seed + 8, 0n],
        [8, 0n],
      ];

      for (const [address, value] of context) expect(memory.load(address, 8)).toBe(value);
    });

    test('the list of heap ranges is united and sorted, also across merge types', () => {
      const memory = compartment({
        heap: [
          { base: HEAP, length: 8, merge: 1 },
          { base: HEAP + 8, length: 8, merge: 2 },
          { base: HEAP + 32, length: 8, merge: 0 },
        ],
      });

      expect(memory.load(words.heap_count, 8)).toBe(2n);
      expect([0, 8, 16, 24].map((offset) => memory.load(heapList + offset, 8))).toEqual(
        [HEAP, 16, HEAP + 32, 8].map(BigInt),
      );
    });

    test('has a limit', () => {
      const memory = compartment({}, { limits: { ...CONFIG.limits, privateBytes: 16 * 512 } });
      const outcomes = Array.from({ length: 17 }, (_, i) =>
        outcome(memory, () => memory.store(0x1000_0000 + 512 * i, 8, 1n)),
      );

      expect(outcomes.filter((result) => result !== undefined)).toContain('private-memory-limit');
    });
  });

  describe('output ports', () => {
    test('a store of n bytes appends those n bytes, little endian, in order; reading gives 0', () => {
      const memory = compartment();
      memory.store(words.stdout, 2, 0x4241n);
      memory.store(words.stderr, 1, 0x43n);
      memory.store(words.stdout, 8, 1n);

      expect(memory.output).toEqual([
        { channel: 'stdout', bytes: Uint8Array.of(0x41, 0x42) },
        { channel: 'stderr', bytes: Uint8Array.of(0x43) },
        { channel: 'stdout', bytes: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) },
      ]);
      expect(memory.load(words.stdout, 8)).toBe(0n);
    });

    test.each([-7, -1, 0, 7])(
      'an access that overlaps a port counts as the port’s: %i bytes from it',
      (offset) => {
        const memory = compartment();
        memory.store(words.stdout + offset, 8, 5n);

        expect(memory.output).toHaveLength(1);
        expect(memory.load(words.stdout + offset, 8)).toBe(0n);
      },
    );

    test.each([-8, 8])('one beside it does not: %i bytes from it', (offset) => {
      const memory = compartment();
      memory.store(words.stdout + offset, 8, 5n);

      expect(memory.output).toEqual([]);
      expect(memory.load(words.stdout + offset, 8)).toBe(5n);
    });
  });

  describe('rule 18: instructions', () => {
    const EXIT = encode(build('exit:c'));
    const code = (...at: number[]): SnapshotPage => {
      const bytes = new Uint8Array(PAGE).fill(0xff);
      for (const offset of at) bytes.set(EXIT.slice(0, PAGE - offset), offset);
      return { page: CODE / PAGE, bytes };
    };

    test('come from bytes that the attempt may read and has not written', () => {
      const memory = compartment();
      memory.store(HEAP, 1, 0n);

      expect([CODE, HEAP + 1].map((address) => memory.mayExecute(address))).toEqual([true, true]);
      expect([HEAP, STACK, 8, CODE + PAGE, 2 ** 46].map((address) => memory.mayExecute(address))).toEqual([
        false,
        false,
        false,
        false,
        false,
      ]);
    });

    test('code that a runner rewrites through its heap is executed by later runners, not by itself', () => {
      const memory = compartment({ heap: [{ base: CODE, length: PAGE, merge: 0 }] });
      memory.provide([code(0, 8)]);
      expect(memory.instructionAt(CODE).instruction.mnemonic).toBe('exit');
      memory.store(CODE + EXIT.length - 1, 1, 0n);

      expect(outcome(memory, () => memory.instructionAt(CODE))).toBe('illegal-instruction');
      expect(memory.instructionAt(CODE + 8).length).toBe(EXIT.length);
    });

    test('rewritten in the middle, it is gone, on however many small pages it lies', () => {
      const pageSize = 16;
      const long = encode(build('add', off(8, 0x1000), off(8, 0x1000), off(8, 0x1000)));
      expect(long.length).toBeGreaterThan(2 * pageSize);
      for (let written = 0; written < long.length; written++) {
        const memory = compartment({ heap: [{ base: CODE, length: 48, merge: 0 }] }, { pageSize });
        const bytes = new Uint8Array(48);
        bytes.set(long);
        memory.provide(
          [0, 1, 2].map((i) => ({ page: CODE / pageSize + i, bytes: bytes.slice(16 * i, 16 * i + 16) })),
        );
        expect(memory.instructionAt(CODE).length).toBe(long.length);
        memory.store(CODE + written, 1, 0n);

        expect(outcome(memory, () => memory.instructionAt(CODE))).toBe('illegal-instruction');
      }
    });

    test('a child’s stack over code hides it from the parent', () => {
      const memory = compartment();
      memory.provide([code(0)]);
      memory.instructionAt(CODE);
      newrOn(memory, { stack: [CODE, 16] });

      expect(memory.mayExecute(CODE)).toBe(false);
      expect(outcome(memory, () => memory.instructionAt(CODE))).toBe('illegal-instruction');
    });

    test('past the last byte that may be executed there is none', () => {
      const memory = compartment({}, {}, { assembled: [{ base: CODE, length: PAGE - 1 }] });
      memory.provide([code(PAGE - EXIT.length)]);

      expect(outcome(memory, () => memory.instructionAt(CODE + PAGE - EXIT.length))).toBe(
        'illegal-instruction',
      );
    });
  });

  /** Writes control blocks into private memory and makes a child of them. */
  function newrOn(
    memory: AttemptPort,
    { stack = [0, 0], heap = [], fi = CODE }: { stack?: number[]; heap?: number[]; fi?: number } = {},
  ) {
    const blocks = [stack, [heap.length / 2, ...heap], [0], [fi]];
    const bases = blocks.map((block, i) => {
      const base = 0x1_0000 + 0x100 * i;
      block.forEach((value, word) => {
        memory.store(base + 8 * word, 8, BigInt(value));
      });
      return BigInt(base);
    });
    const [m1, m2, m3, m4] = bases as [bigint, bigint, bigint, bigint];
    memory.newr(m1, m2, m3, m4);
  }

  test('the context words are there, however little private memory a runner may touch', () => {
    const heap = Array.from({ length: 100 }, (_, i) => ({
      base: HEAP + 16 * i,
      length: 8,
      merge: 0 as const,
    }));
    const memory = compartment({ id: 0x77n, heap }, { limits: { ...CONFIG.limits, privateBytes: 0 } });

    expect(memory.load(words.id, 8)).toBe(0x77n);
    expect(memory.load(words.heap_count, 8)).toBe(100n);
    expect(memory.load(heapList + 16 * 99, 8)).toBe(BigInt(HEAP + 16 * 99));
  });

  test('the register words are there as well: a store to one is never refused (decision 0028)', () => {
    const { registers } = layoutOf(CONFIG.regionBoundary);
    const memory = compartment({}, { limits: { ...CONFIG.limits, privateBytes: 0 } });
    memory.store(registers + 8 * 63, 8, 5n);

    expect(memory.load(registers + 8 * 63, 4)).toBe(5n);
    expect(memory.load(registers, 8)).toBe(0n);
  });

  describe('newr', () => {
    test('names the child by its place among its siblings, and tells its parent', () => {
      const memory = compartment({ id: 0x77n });
      newrOn(memory);
      newrOn(memory);

      expect(memory.children.map(({ id, index }) => [id, index])).toEqual([
        [childId(0x77n, 0), 0],
        [childId(0x77n, 1), 1],
      ]);
      expect(memory.load(words.child, 8)).toBe(childId(0x77n, 1));
    });

    test('that faults has no effect (I18)', () => {
      const memory = compartment();
      const cause = outcome(memory, () => newrOn(memory, { stack: [HEAP, 2 ** 50] }));

      expect(cause).toBe('bad-runner-control');
      expect(memory.children).toEqual([]);
      expect(memory.load(words.child, 8)).toBe(0n);
      expect(outcome(memory, () => memory.load(HEAP + 2 * PAGE, 8))).toBe('read-outside-ranges');
    });

    test('makes the child’s stack memory of the parent, whose last bytes there are the child’s image (rule 16)', () => {
      const memory = compartment();
      const child = HEAP + 8 * PAGE;
      expect(outcome(memory, () => memory.store(child, 8, 1n))).toBe('write-outside-ranges');
      newrOn(memory, { stack: [child, 32] });
      memory.store(child, 8, 1n);
      memory.store(child, 1, 2n);

      expect(memory.newborns()[0]!.image).toEqual([
        { address: child, bytes: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) },
      ]);
    });

    test('has a limit of children', () => {
      const memory = compartment({}, { limits: { ...CONFIG.limits, children: 1 } });
      newrOn(memory);

      expect(outcome(memory, () => newrOn(memory))).toBe('too-many-children');
      expect(memory.children).toHaveLength(1);
    });
  });

  describe('reads that a commit validates', () => {
    test('are none by default; write skew is allowed (rule 5)', () => {
      const memory = compartment();
      memory.provide(zeros(HEAP));
      memory.load(HEAP, 8);

      expect(memory.validatedReads()).toEqual([]);
    });

    test('are a serializable runner’s ranges: the ranges are the predicates, read or not', () => {
      const watched = [{ base: HEAP + 4 * PAGE, length: 8 }];
      const ranges = [{ base: HEAP, length: 2 * PAGE }, ...watched];

      expect(compartment({ serializable: true, watched }).validatedReads()).toEqual(ranges);
      expect(compartment({ watched }, { serializable: true }).validatedReads()).toEqual(ranges);
    });

    test('and what it read elsewhere, undeclared, byte by byte', () => {
      const memory = compartment({ serializable: true, heap: [] }, { lazyReads: true });
      memory.provide(zeros(CODE, CODE + PAGE));
      memory.load(CODE + PAGE - 2, 4);

      expect(memory.validatedReads()).toEqual([{ base: CODE + PAGE - 2, length: 4 }]);
    });

    test('are merge words loaded before they were stored, for any runner (rule 6)', () => {
      const memory = compartment({ heap: [{ base: HEAP, length: 16, merge: 1 }] });
      memory.provide(zeros(HEAP));
      memory.store(HEAP, 8, memory.load(HEAP, 8) + 1n);
      memory.store(HEAP + 8, 8, 1n);

      expect(memory.validatedReads()).toEqual([{ base: HEAP, length: 8 }]);
    });
  });
});
