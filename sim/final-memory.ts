/** What a run has made of memory, and where two runs differ in it. */

import { SYSTEM_RANGE } from '../src/isa/layout.ts';
import type { Program } from '../src/isa/program.ts';
import { overlap } from '../src/memory/ranges.ts';
import type { SimResult } from './result.ts';

/** A byte that two memories do not have alike. */
export interface Difference {
  readonly address: number;
  readonly bytes: readonly [number, number];
}

/** The bytes that the program has made other than they were loaded, by address, ascending. System words count the outside's events. */
export function changedBytes({ log, byteAt, program }: SimResult): Map<number, number> {
  const written = new Set<number>();
  for (const { patches, record } of log)
    for (const { runs } of [...patches, ...record])
      for (const { address, bytes } of runs)
        for (let i = 0; i < bytes.length; i += 1) written.add(address + i);
  const changed = new Map<number, number>();
  for (const address of [...written].sort((a, b) => a - b)) {
    if (overlap([SYSTEM_RANGE], [{ base: address, length: 1 }]) !== null) continue;
    const byte = byteAt(address);
    if (byte !== loadedByte(program, address)) changed.set(address, byte);
  }
  return changed;
}

/** The bytes in which two final memories of one program differ, by address. */
export function differences(
  program: Program,
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
): Difference[] {
  const addresses = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y);
  return addresses.flatMap((address): Difference[] => {
    const loaded = loadedByte(program, address);
    const bytes = [a.get(address) ?? loaded, b.get(address) ?? loaded] as const;
    return bytes[0] === bytes[1] ? [] : [{ address, bytes }];
  });
}

/** The byte that a program's file has there. */
export function loadedByte({ sections }: Program, address: number): number {
  for (const section of sections) {
    const byte = section.bytes[address - section.address];
    if (byte !== undefined) return byte;
  }
  return 0;
}
