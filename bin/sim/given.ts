/** The user's program as a workload. */

import { createHash } from 'node:crypto';
import { GIVEN_FUEL, type Given } from '../../sim/workloads/given.ts';
import type { Program } from '../../src/isa/program.ts';
import { expectations } from './expectations.ts';
import { fuelOf, type SimFlags } from './request.ts';

export function givenWorkload(file: string, program: Program, flags: SimFlags): Given {
  return {
    kind: 'given',
    name: file,
    expect: expectations(program, flags.expect),
    fuel: fuelOf(flags) ?? GIVEN_FUEL,
    digest: digestOf(program),
  };
}

/** Of what runs, and not of names and lines. */
function digestOf({ regionBoundary, entry, stack, heap, sections }: Program): string {
  const hash = createHash('sha256').update(JSON.stringify({ regionBoundary, entry, stack, heap }));
  for (const { address, bytes } of sections) hash.update(`${address}:`).update(bytes);
  return hash.digest('hex').slice(0, 16);
}
