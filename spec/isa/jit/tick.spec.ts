/** Whoever runs translated code is heard now and then, whatever it executes: so an attempt can be cancelled. */

import { expect, test } from 'vitest';
import { LinearCompartment } from '../../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../../src/actors/linear-memory.ts';
import { terrainOf } from '../../../src/actors/terrain.ts';
import { Tier } from '../../../src/isa/jit/tier.ts';
import { UnitCache } from '../../../src/isa/jit/unit-cache.ts';
import { worldOfSource } from '../../support/jit/world.ts';

/** Runs for as long as fuel lasts; how many instructions have run translated. */
function endless(body: string, tick: () => void, fuel: number) {
  const { config, map, control, snapshot } = worldOfSource(`
        .entry main
        .heap main, 256
main:   ${body}
        br:j main
`);
  const linear = new LinearMemory(64);
  const memory = new LinearCompartment(config, terrainOf(map), control, 0, linear);
  memory.provide([snapshot.page(Math.floor(control.fi / config.pageSize))]);
  const tier = new Tier(linear.memory, new UnitCache(memory.layout), null, tick);
  const cpu = { pc: control.fi, executed: 0 };
  for (let stop = tier.run(cpu, memory, fuel, fuel); stop.kind === 'budget'; )
    stop = tier.run(cpu, memory, fuel, fuel);
  return tier.stats.translated;
}

test.each([
  { code: 'that stays in translated code', body: 'add r1, $1, r1', fuel: 2 ** 24, apart: 2 ** 21 },
  { code: 'that calls out all the time', body: 'mov $65:ub, ctx.stdout', fuel: 2 ** 18, apart: 2 ** 12 },
])('code $code', ({ body, fuel, apart }) => {
  let ticks = 0;
  const tick = () => {
    ticks += 1;
  };

  expect(endless(body, tick, fuel)).toBeGreaterThan(fuel / 2);
  expect(ticks).toBeGreaterThanOrEqual(fuel / apart);
});

test('what it throws ends the run', () => {
  class Dropped extends Error {}
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    if (ticks === 100) throw new Dropped();
  };

  expect(() => endless('mov $65:ub, ctx.stdout', tick, 2 ** 20)).toThrow(Dropped);
});
