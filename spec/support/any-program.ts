/** Drawn programs: any bytes in any sections, with every table filled. */

import fc from 'fast-check';
import { encode } from '../../src/isa/codec.ts';
import { DEFAULT_REGION_BOUNDARY } from '../../src/isa/layout.ts';
import type { Program, ProgramRange, Section } from '../../src/isa/program.ts';
import { anyInstruction } from './instructions.ts';

/** Bytes that are code, with junk here and there. */
const anyBytes: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(anyInstruction.map(encode), fc.uint8Array({ minLength: 1, maxLength: 24 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

const anySections = (regionBoundary: number): fc.Arbitrary<Section[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(0, 0, 1, 0x1000, 2 ** 33), anyBytes), { minLength: 1, maxLength: 4 })
    .map((parts) => {
      let next = regionBoundary;
      return parts.map(([gap, bytes]) => {
        const address = next + gap;
        next = address + bytes.length;
        return { address, bytes };
      });
    });

const HEAP_START = 0x1000_0000_0000;
const anyHeapRange: fc.Arbitrary<ProgramRange> = fc.record({
  base: fc.integer({ min: HEAP_START, max: HEAP_START + 2 ** 32 }),
  length: fc.nat(2 ** 31),
});

/** Any name but those of registers and context words. */
const anyName = fc
  .stringMatching(/^[A-Za-z_.][A-Za-z0-9_.]{0,12}$/)
  .filter((name) => !/^(r\d+|ctx\..*)$/.test(name));

export const anyProgram: fc.Arbitrary<Program> = fc
  .constantFrom(DEFAULT_REGION_BOUNDARY, 0x4000_0000, 2 ** 20)
  .chain((regionBoundary) =>
    anySections(regionBoundary).chain((sections) => {
      const place = fc
        .constantFrom(...sections)
        .chain(({ address, bytes }) => fc.nat(bytes.length - 1).map((offset) => address + offset));
      return fc.record<Program>({
        profile: fc.constantFrom('base', 'extended'),
        regionBoundary: fc.constant(regionBoundary),
        entry: place,
        stack: fc.record({
          base: fc.constantFrom(0x3e00_0000_0000, 0x2000_0000_0001),
          length: fc.constantFrom(0, 0x1_0000),
        }),
        heap: fc.array(anyHeapRange, { maxLength: 3 }),
        sections: fc.constant(sections),
        symbols: fc
          .uniqueArray(fc.record({ name: anyName, address: place }), {
            selector: (s) => s.name,
            maxLength: 5,
          })
          .map((symbols) => symbols.toSorted((a, b) => (a.name < b.name ? -1 : 1))),
        files: fc.constant(['main.disa', 'lib/größe.disa']),
        lines: fc
          .array(
            fc.record({ address: place, file: fc.nat(1), line: fc.integer({ min: 1, max: 2 ** 32 - 1 }) }),
            {
              maxLength: 6,
            },
          )
          .map((lines) => lines.toSorted((a, b) => a.address - b.address)),
      });
    }),
  );
