import { describe, expect, test } from 'vitest';
import { type ControlPointers, readControlBlocks } from '../../src/isa/control.ts';
import { FaultTrap } from '../../src/isa/port.ts';

const POINTERS: ControlPointers = { stack: 0x1000n, heap: 0x2000n, watched: 0x3000n, code: 0x4000n };
const LIMITS = { ranges: 4 };

interface Blocks {
  readonly stack?: readonly bigint[];
  readonly heap?: readonly bigint[];
  readonly watched?: readonly bigint[];
  readonly code?: readonly bigint[];
}

/** Reads blocks laid out at `POINTERS`; also says which addresses were read. */
function read(blocks: Blocks, pointers = POINTERS) {
  const memory = new Map<bigint, bigint>();
  for (const name of ['stack', 'heap', 'watched', 'code'] as const)
    (blocks[name] ?? []).forEach((value, i) => {
      memory.set(BigInt.asUintN(64, pointers[name] + 8n * BigInt(i)), BigInt.asUintN(64, value));
    });
  const loads: bigint[] = [];
  const load = (address: bigint) => {
    loads.push(address);
    return memory.get(address) ?? 0n;
  };
  try {
    return { control: readControlBlocks(load, pointers, LIMITS), loads };
  } catch (trap) {
    if (!(trap instanceof FaultTrap)) throw trap;
    return { fault: trap, loads };
  }
}

test('a plain runner: stack, heap ranges as given, no watched ranges, fi', () => {
  const { control, loads } = read({
    stack: [0x5000n, 0x100n],
    heap: [2n, 0x6000n, 8n, 0x6000n, 0n],
    watched: [0n],
    code: [0x7000n],
  });

  expect(control).toEqual({
    stack: { base: 0x5000n, length: 0x100n },
    heap: [
      { base: 0x6000n, length: 8n, merge: 0 },
      { base: 0x6000n, length: 0n, merge: 0 },
    ],
    watched: [],
    persistent: false,
    serializable: false,
    fi: 0x7000n,
    status: null,
  });
  expect(loads).toEqual([0x1000, 0x1008, 0x2000, 0x2008, 0x2010, 0x2018, 0x2020, 0x3000, 0x4000].map(BigInt));
});

test('the top byte of a length names a merge type', () => {
  for (let merge = 0n; merge <= 6n; merge += 1n)
    expect(read({ heap: [1n, 0x6000n, (merge << 56n) | 16n] }).control?.heap).toEqual([
      { base: 0x6000n, length: 16n, merge: Number(merge) },
    ]);
});

test('flags in the count: bit 63 a persistent watcher, bit 62 a status address follows fi, bit 61 serializable', () => {
  const watched = (flags: bigint) => ({
    watched: [(flags << 61n) | 1n, 0x6000n, 8n],
    code: [0x7000n, 0x8000n],
  });
  const ranges = [{ base: 0x6000n, length: 8n }];

  expect(read(watched(4n)).control).toMatchObject({ watched: ranges, persistent: true, status: null });
  expect(read(watched(2n)).control).toMatchObject({ watched: ranges, persistent: false, status: 0x8000n });
  expect(read(watched(1n)).control).toMatchObject({ watched: ranges, serializable: true, status: null });
  expect(read(watched(7n)).control).toMatchObject({
    persistent: true,
    status: 0x8000n,
    serializable: true,
  });
});

describe('unknown flags or merge types are bad-runner-control', () => {
  test.each([56n, 57n, 58n, 59n, 60n])('bit %i of the watched count', (bit) => {
    expect(read({ watched: [1n << bit] }).fault).toMatchObject({
      cause: 'bad-runner-control',
      address: POINTERS.watched,
    });
  });

  test.each([7n, 255n])('merge type %i, named by its range', (merge) => {
    expect(read({ heap: [1n, 0x6000n, (merge << 56n) | 8n] }).fault).toMatchObject({
      cause: 'bad-runner-control',
      address: 0x6000n,
    });
  });
});

describe('too-many-ranges: heap and watched together, counted as given, before the lists are read', () => {
  test.each([5n, 2n ** 32n, 2n ** 64n - 1n])('%i heap ranges', (count) => {
    const { fault, loads } = read({ heap: [count] });
    expect(fault).toMatchObject({ cause: 'too-many-ranges', address: POINTERS.heap });
    expect(loads.at(-1)).toBe(POINTERS.heap);
  });

  test.each([3n, 2n ** 56n - 1n])('%i watched ranges beside two heap ranges', (count) => {
    const { fault, loads } = read({ heap: [2n], watched: [count] });
    expect(fault).toMatchObject({ cause: 'too-many-ranges', address: POINTERS.watched });
    expect(loads.at(-1)).toBe(POINTERS.watched);
  });

  test('the limit itself is allowed', () => {
    expect(read({ heap: [2n], watched: [2n] }).control?.watched).toHaveLength(2);
    expect(read({ heap: [4n], watched: [0n] }).control?.heap).toHaveLength(4);
  });
});

test('a block that runs past 2^64 goes on at 0', () => {
  const { control, loads } = read({ stack: [1n, 2n] }, { ...POINTERS, stack: 2n ** 64n - 8n });
  expect(control?.stack).toEqual({ base: 1n, length: 2n });
  expect(loads.slice(0, 2)).toEqual([2n ** 64n - 8n, 0n]);
});
