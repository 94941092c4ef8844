/** Pages that are fetched in the middle of translated code. */

import { describe, expect, test } from 'vitest';
import { LinearCompartment } from '../../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../../src/actors/linear-memory.ts';
import { terrainOf } from '../../../src/actors/terrain.ts';
import type { FetchMissing } from '../../../src/isa/jit/calls.ts';
import type { LinearPort } from '../../../src/isa/jit/linear-port.ts';
import { Tier } from '../../../src/isa/jit/tier.ts';
import { UnitCache } from '../../../src/isa/jit/unit-cache.ts';
import { Wasm } from '../../../src/isa/jit/web-assembly.ts';
import { worldOfSource } from '../../support/jit/world.ts';

/** Adds up the first bytes of 64 pages, which hold their numbers: in the middle of a call out, one by one. */
const SOURCE = `
        .entry main
        .heap 0x600000000, 0x40000
main:
${Array.from({ length: 64 }, (_, page) => `mov:z 0x${(0x6_0000_0000 + 0x1000 * page).toString(16)}:ub, r2:q\nadd r3, r2, r3`).join('\n')}
        exit:c
`;
const SUM = (63 * 64) / 2;

function scene(fetchMissing: FetchMissing | null) {
  const { config, map, control, snapshot } = worldOfSource(SOURCE);
  const linear = new LinearMemory(64);
  const memory = new LinearCompartment(config, terrainOf(map), control, 0, linear);
  const code = snapshot.page(Math.floor(control.fi / config.pageSize));
  memory.provide([code]);
  const tier = new Tier(linear.memory, new UnitCache(memory.layout), fetchMissing);
  return { memory, tier, cpu: { pc: control.fi, executed: 0 } };
}

/** What the homes would answer. */
function provideMissing(port: LinearPort): number {
  const memory = port as LinearCompartment;
  const pages = [...memory.missing];
  memory.provide(
    pages.map((page) => {
      const bytes = new Uint8Array(4096);
      bytes[0] = page - 0x60_0000;
      return { page, bytes };
    }),
  );
  return pages.length;
}

const R3 = 0x2_0000_0000 + 24;

test('without anybody to fetch them, translated code is left, and goes on once they have come', () => {
  const { memory, tier, cpu } = scene(null);
  let pauses = 0;
  let stop = tier.run(cpu, memory, 1e9, 1e9);
  for (; stop.kind === 'paused'; stop = tier.run(cpu, memory, 1e9, 1e9)) pauses += provideMissing(memory);

  expect(stop).toMatchObject({ kind: 'exit', commit: true });
  expect(pauses).toBe(64);
  expect(memory.load(R3, 8)).toBe(BigInt(SUM));
});

test('a fetch that blocks is made in the middle of translated code', () => {
  let fetched = 0;
  const fetch = (port: LinearPort) => {
    fetched += provideMissing(port);
  };
  const { memory, tier, cpu } = scene({ suspends: false, fetch });

  expect(tier.run(cpu, memory, 1e9, 1e9)).toMatchObject({ kind: 'exit', commit: true });
  expect(fetched).toBe(64);
  expect(memory.load(R3, 8)).toBe(BigInt(SUM));
  expect(tier.stats.interpreted).toBe(0);
});

describe.skipIf(Wasm.Suspending === undefined)('JSPI, which this Node may not have', () => {
  test('a fetch by a promise suspends translated code, and others run meanwhile', async () => {
    let fetched = 0;
    let others = 0;
    const fetch = async (port: LinearPort) => {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      fetched += provideMissing(port);
    };
    const { memory, tier, cpu } = scene({ suspends: true, fetch });
    let running = true;
    const other = () => {
      others += 1;
      if (running) setImmediate(other);
    };
    other();
    const stop = await tier.runSuspended(cpu, memory, 1e9, 1e9);
    running = false;

    expect(stop).toMatchObject({ kind: 'exit', commit: true });
    expect(fetched).toBe(64);
    expect(others).toBeGreaterThan(32);
    expect(memory.load(R3, 8)).toBe(BigInt(SUM));
    expect(tier.stats.interpreted).toBe(0);
  });
});

test('what is thrown while pages are fetched goes through translated code to whoever runs it', () => {
  class Dropped extends Error {}
  const fetch = () => {
    throw new Dropped();
  };
  const { memory, tier, cpu } = scene({ suspends: false, fetch });

  expect(() => tier.run(cpu, memory, 1e9, 1e9)).toThrow(Dropped);
});
