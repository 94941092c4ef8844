/** The machine that the others are measured against: the interpreter over a `Compartment`. */

import { Compartment } from '../../../src/actors/compartment.ts';
import { terrainOf } from '../../../src/actors/terrain.ts';
import { interpret } from '../../../src/isa/interpreter.ts';
import type { Decoded } from '../../../src/isa/port.ts';
import type { Machine } from './attempt.ts';
import type { Coverage } from './coverage.ts';

/** With `coverage`, it notes which instructions are executed. */
export function referenceMachine(coverage: Coverage | null): Machine<Compartment> {
  return {
    memory: ({ config, map, control }) => {
      const terrain = terrainOf(map);
      return coverage === null
        ? new Compartment(config, terrain, control, 0)
        : new Observed(coverage, config, terrain, control, 0);
    },
    run: interpret,
    release: () => {},
    abandon: () => {},
    forget: () => {},
  };
}

class Observed extends Compartment {
  readonly #coverage: Coverage;

  constructor(coverage: Coverage, ...rest: ConstructorParameters<typeof Compartment>) {
    super(...rest);
    this.#coverage = coverage;
  }

  override instructionAt(pc: number): Decoded {
    const decoded = super.instructionAt(pc);
    this.#coverage.note(decoded.instruction);
    return decoded;
  }
}
