/** `dvm check`: whether a file is a program, without running it. */

import type { Profile } from '../../src/isa/program.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { loadProgram } from '../load.ts';
import { regionBoundary as boundaryOf } from '../values.ts';

export interface CheckFlags {
  readonly profile?: Profile;
  readonly regionBoundary?: string;
}

export async function check(file: string, { profile, regionBoundary }: CheckFlags): Promise<number> {
  const { sections, heap, entry } = loadProgram(file, {
    ...(profile !== undefined && { profile }),
    ...(regionBoundary !== undefined && { regionBoundary: boundaryOf(regionBoundary) }),
  });
  const bytes = sections.reduce((sum, section) => sum + section.bytes.length, 0);
  print(
    `${file}: ok, ${bytes} bytes, entry 0x${entry.toString(16)}, ${counted(heap.length, 'heap range')}\n`,
  );
  return EXIT.ok;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
