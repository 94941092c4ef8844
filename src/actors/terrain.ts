/** The memory map in the forms that every access asks for, computed once a machine. */

import { SYSTEM_RANGE } from '../isa/layout.ts';
import { type Range, unite } from '../memory/ranges.ts';
import type { MemoryMap } from './config.ts';

export interface Terrain {
  readonly map: MemoryMap;
  /** Readable by all, undeclared. United. */
  readonly readable: readonly Range[];
  /** Written by no runner, whatever it has declared. United. */
  readonly readOnly: readonly Range[];
}

export function terrainOf(map: MemoryMap): Terrain {
  const streamWords = map.streams.flatMap(({ base, length }) => [
    { base, length: 16 },
    { base: base + 24, length: length - 24 },
  ]);
  return {
    map,
    readable: unite([...map.assembled, ...map.files, SYSTEM_RANGE]),
    readOnly: unite([...map.files, SYSTEM_RANGE, ...streamWords]),
  };
}
