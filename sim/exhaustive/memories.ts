/** Whether the order of messages can be seen in what a program leaves behind. */

import type { Program } from '../../src/isa/program.ts';
import type { SimResult } from '../result.ts';
import type { Step } from './event.ts';
import { type Exploration, type ExploreOptions, explore } from './explore.ts';

/** A final memory. */
export interface FinalMemory {
  /** Bytes that are not as they were loaded, by address. */
  readonly changed: ReadonlyMap<number, number>;
  /** How many orders lead to it, and the first of them. */
  readonly orders: number;
  readonly order: readonly Step[];
}

export interface Memories {
  readonly exploration: Exploration;
  /** In the order in which they were found. One: the program is confluent, if the exploration is complete. */
  readonly memories: readonly FinalMemory[];
}

/** A byte that two memories do not have alike. */
export interface Difference {
  readonly address: number;
  readonly bytes: readonly [number, number];
}

/** Explores a program and keeps one order for each distinct final memory. */
export function distinctMemories(program: Program, options: ExploreOptions): Memories {
  const found = new Map<string, { changed: Map<number, number>; orders: number; order: readonly Step[] }>();
  const seen: ExploreOptions['seen'] = (result, order) => {
    options.seen(result, order);
    const changed = changedBytes(result);
    const key = [...changed].join();
    const known = found.get(key);
    if (known === undefined) found.set(key, { changed, orders: 1, order });
    else known.orders += 1;
  };
  const exploration = explore(program, { ...options, seen });
  return { exploration, memories: [...found.values()] };
}

/** The bytes in which two final memories of one program differ, by address. */
export function differences(program: Program, a: FinalMemory, b: FinalMemory): Difference[] {
  const addresses = [...new Set([...a.changed.keys(), ...b.changed.keys()])].sort((x, y) => x - y);
  return addresses.flatMap((address): Difference[] => {
    const loaded = loadedByte(program, address);
    const bytes = [a.changed.get(address) ?? loaded, b.changed.get(address) ?? loaded] as const;
    return bytes[0] === bytes[1] ? [] : [{ address, bytes }];
  });
}

/** By address, ascending. */
function changedBytes({ log, byteAt, program }: SimResult): Map<number, number> {
  const written = new Set<number>();
  for (const { patches, record } of log)
    for (const { runs } of [...patches, ...record])
      for (const { address, bytes } of runs)
        for (let i = 0; i < bytes.length; i += 1) written.add(address + i);
  const changed = new Map<number, number>();
  for (const address of [...written].sort((a, b) => a - b)) {
    const byte = byteAt(address);
    if (byte !== loadedByte(program, address)) changed.set(address, byte);
  }
  return changed;
}

function loadedByte({ sections }: Program, address: number): number {
  for (const section of sections) {
    const byte = section.bytes[address - section.address];
    if (byte !== undefined) return byte;
  }
  return 0;
}
