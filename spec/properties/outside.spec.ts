/** Rule 27 and files: what comes from outside and goes there, under drawn orders, chunks and rings. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inspection } from '../../sim/checkers/inspection.ts';
import { memoryOf } from '../../sim/meaning.ts';
import type { Weather } from '../../sim/ordered-network.ts';
import { chosen } from '../../sim/random.ts';
import { outputOf, type SimResult } from '../../sim/result.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import { anyChoices } from '../support/choices.ts';
import { runs } from '../support/runs.ts';
import { blocksOf, FIRST_IO, family, type Newborn, newrOf, runSource } from '../support/scenario.ts';

const STREAM = 0x5_0000_0000;
const RING = STREAM + 64;

const anyWeather: fc.Arbitrary<Pick<Weather, 'duplicates' | 'slowLinks' | 'deaths'>> = fc.record({
  duplicates: fc.boolean(),
  slowLinks: fc.boolean(),
  deaths: fc.constantFrom(0, 0, 2),
});

const anyConfig: fc.Arbitrary<Partial<MachineConfig>> = fc.record({
  pageSize: fc.constantFrom(4096, 16, 64),
  rcomps: fc.integer({ min: 1, max: 3 }),
  homes: fc.integer({ min: 1, max: 3 }),
  slice: fc.constantFrom(10_000, 1, 7),
  deterministic: fc.boolean(),
  observeLoads: fc.constant(true),
});

describe('an input stream', () => {
  it('brings every byte once and in order to a persistent watcher of its first word, and never overruns its ring', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 1, max: 24 }),
        fc.boolean(),
        anyConfig,
        anyWeather,
        anyChoices,
        (input, capacity, persistent, config, weather, choices) => {
          const stream = { base: STREAM, length: 64 + capacity, io: FIRST_IO };
          const inspection = new Inspection({ onViolation: 'collect' });
          const result = runSource(consumer(capacity, persistent), {
            ...weather,
            config,
            choose: chosen(choices),
            observers: [inspection],
            ios: [{ type: 'stream', stream }],
            inputs: new Map([[FIRST_IO, input]]),
          });

          expect(outputOf(result, 'stdout')).toEqual(input);
          expect(brokenRing(result, input, capacity)).toBeNull();
          expect([...inspection.violations.values()]).toEqual([]);
          expect(result.summary.watchers.every(({ ended }) => ended)).toBe(true);
        },
      ),
      runs(150),
    );
  });
});

describe('files', () => {
  it('are read where runners ask, and hold every committed byte when the end is reported', () => {
    const SOURCE = 0x6_0000_0000;
    const TARGET = 0x7_0000_0003;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.nat(40),
        anyConfig,
        anyWeather,
        anyChoices,
        (input, skew, config, weather, choices) => {
          const length = input.length;
          const files = [
            { type: 'in-file', file: { base: SOURCE + skew, length, io: FIRST_IO } },
            { type: 'out-file', file: { base: TARGET, length, io: FIRST_IO + 1 } },
          ] as const;
          const copiers = Object.fromEntries(
            [...input.keys()].map((i): [string, Newborn] => [
              `copier${i}`,
              { code: `code${i}`, heap: [`${TARGET + i}, 1`] },
            ]),
          );
          const code = [...input.keys()].map(
            (i) => `code${i}: mov ${SOURCE + skew + i}:b, ${TARGET + i}:b\nexit:c`,
          );
          const inspection = new Inspection({ onViolation: 'collect' });
          const result = runSource(family(copiers, code.join('\n')), {
            ...weather,
            config,
            choose: chosen(choices),
            observers: [inspection],
            ios: files,
            inputs: new Map([[FIRST_IO, input]]),
          });

          expect(result.written[FIRST_IO + 1]).toEqual(input);
          expect([...inspection.violations.values()]).toEqual([]);
        },
      ),
      runs(60),
    );
  });
});

/**
 * Prints what has arrived; then a watcher of the stream's first word goes on, which stays or creates itself again. What
 * the entry's snapshot holds would fire no watcher, so the entry begins.
 */
function consumer(capacity: number, persistent: boolean): string {
  const blocks = blocksOf('again', {
    code: 'consume',
    heap: [`${STREAM + 16}, 8`],
    watched: [`${STREAM}, 8`, `${RING}, ${capacity}`],
    persistent,
  });
  return `
.entry main
.heap ${STREAM}, ${64 + capacity}
main: ${newrOf('again')}
br:j print
consume:
${persistent ? '' : newrOf('again')}
print: mov ${STREAM}:q, r1
mov ${STREAM + 16}:q, r2
next: br:ge r2, r1, done
rem r2, $${capacity}, r3
add r3, $${RING}, r4
mov (r4):b, ctx.stdout
add r2, $1, r2
br:j next
done: mov r2, ${STREAM + 16}
exit:c
${blocks}`;
}

/** What is wrong with the stream's words in some version, in words. */
function brokenRing(result: SimResult, input: Uint8Array, capacity: number): string | null {
  const memory = memoryOf(result);
  let before = 0;
  for (let version = 0; version <= memory.version; version += 1) {
    const [arrived, , cursor] = [0, 8, 16].map((offset) => memory.at(STREAM + offset, version));
    if (arrived! < before) return `version ${version}: ${arrived} bytes after ${before}`;
    if (arrived! - cursor! > capacity)
      return `version ${version}: ${arrived} − ${cursor} in ${capacity} bytes`;
    for (let i = cursor!; i < arrived!; i += 1)
      if (memory.at(RING + (i % capacity), version) !== input[i])
        return `version ${version}: byte ${i} is wrong`;
    before = arrived!;
  }
  const ended = memory.at(STREAM + 8, memory.version);
  return before === input.length && ended === 1 ? null : `at the end ${before} bytes, word 1 is ${ended}`;
}
