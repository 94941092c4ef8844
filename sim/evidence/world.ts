/** The machine's settings and control blocks in the model's terms. */

import type { ControlBlock } from '../../src/actors/control-block.ts';
import { SYSTEM_RANGE } from '../../src/isa/layout.ts';
import { childId, seedOf } from '../../src/memory/ids.ts';
import { type Extent, within } from '../model/extent.ts';
import { Memory } from '../model/memory.ts';
import type { Runner, World } from '../model/runner.ts';
import type { Setting } from '../result.ts';

export function worldOf({ program, map, config }: Setting): World {
  const streamWords = map.streams.flatMap(({ base, length }) => [
    { base, length: 16 },
    { base: base + 24, length: length - 24 },
  ]);
  const machineWritten: Extent[] = [SYSTEM_RANGE, ...map.files, ...map.streams];
  return {
    regionBoundary: config.regionBoundary,
    lazyReads: config.lazyReads,
    serializable: config.serializable,
    fuel: config.fuel,
    limits: config.limits,
    readable: [SYSTEM_RANGE, ...map.files, ...assembledOutside(program)],
    readOnly: [SYSTEM_RANGE, ...map.files, ...streamWords],
    machineWritten,
    childId,
    seedOf: (id) => seedOf(config.seed, id),
  };
}

/** `M_0`: what was assembled, and the bytes of input files. */
export function imageOf({ program, map, inputs }: Setting): Memory {
  const files = map.files.map(({ base, length, io }) => ({
    address: base,
    bytes: (inputs.get(io) ?? new Uint8Array()).subarray(0, length),
  }));
  return new Memory([...program.sections, ...files]);
}

export function runnerOf(control: ControlBlock, serializable: boolean): Runner {
  const image = new Map<number, number>();
  for (const { address, bytes } of control.image)
    bytes.forEach((byte, i) => {
      if (byte !== 0) image.set(address + i, byte);
    });
  return { ...control, serializable: control.serializable || serializable, image };
}

/** Assembled bytes outside the entry's heap, by cutting sections into bytes. */
function assembledOutside(program: Setting['program']): Extent[] {
  return program.sections.flatMap(({ address, bytes }) => {
    const runs: { base: number; length: number }[] = [];
    for (let at = address; at < address + bytes.length; at += 1) {
      if (within(program.heap, at)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.base + last.length === at) last.length += 1;
      else runs.push({ base: at, length: 1 });
    }
    return runs;
  });
}
