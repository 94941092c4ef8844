/** Every way to execute, each with the port that it runs on: one suite holds for all. */

import { type Cpu, interpret, type Stop } from '../../src/isa/interpreter.ts';
import { Tier } from '../../src/isa/jit/tier.ts';
import { UnitCache } from '../../src/isa/jit/unit-cache.ts';
import { DEFAULT_REGION_BOUNDARY, layoutOf } from '../../src/isa/layout.ts';
import { BytePort } from './byte-port.ts';
import { LinearPlaces } from './jit/linear-places.ts';
import { LinearBytePort } from './linear-byte-port.ts';

export interface TestTier {
  readonly name: string;
  /** A port, of no use any more once the next one is made. */
  port(): BytePort;
  run(cpu: Cpu, port: BytePort, budget: number, fuel: number): Stop;
  /** Instructions that have run translated. */
  translated(): number;
}

export const INTERPRETER: TestTier = {
  name: 'interpreter',
  port: () => new BytePort(),
  run: interpret,
  translated: () => 0,
};

/** Segments reach as far as they can, a few bytes, or there are none. */
export const TIERS: readonly TestTier[] = [
  INTERPRETER,
  translator('translator', 2 ** 16),
  translator('translator with short segments', 12),
  translator('translator without segments', 0),
];

function translator(name: string, reach: number): TestTier {
  let made: { readonly places: LinearPlaces; readonly tier: Tier } | null = null;
  const parts = () => {
    if (made === null) {
      const places = new LinearPlaces();
      made = { places, tier: new Tier(places.memory, new UnitCache(layoutOf(DEFAULT_REGION_BOUNDARY))) };
    }
    return made;
  };
  return {
    name,
    port: () => new LinearBytePort(parts().places, { reach, tracksCode: false }),
    run: (cpu, port, budget, fuel) => parts().tier.run(cpu, port as LinearBytePort, budget, fuel),
    translated: () => parts().tier.stats.translated,
  };
}
