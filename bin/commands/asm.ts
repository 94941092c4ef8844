/** `dvm asm`: source to a `.dvm` file. */

import { writeFileSync } from 'node:fs';
import { reasonOf } from '../../src/actors/node/devices/files.ts';
import { UsageError } from '../../src/errors.ts';
import { translateProgram } from '../../src/isa/jit/ahead-of-time.ts';
import { renderListing } from '../../src/isa/listing.ts';
import type { Profile, Translation } from '../../src/isa/program.ts';
import { writeProgram } from '../../src/isa/program-file.ts';
import { print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { assembled, assembleText, readSource } from '../load.ts';
import { mustNotOverwrite } from '../overwrites.ts';
import { regionBoundary as boundaryOf } from '../values.ts';

export interface AsmFlags {
  readonly output?: string;
  readonly profile?: Profile;
  readonly regionBoundary?: string;
  readonly listing?: boolean;
  readonly translate?: boolean;
}

export async function asm(
  file: string,
  { output, profile, regionBoundary, listing, translate }: AsmFlags,
): Promise<number> {
  const result = assembled(
    assembleText(file, readSource(file), {
      ...(profile !== undefined && { profile }),
      ...(regionBoundary !== undefined && {
        regionBoundary: boundaryOf(regionBoundary),
      }),
    }),
  );
  const path = output ?? `${file.replace(/\.[^./]+$/, '')}.dvm`;
  mustNotOverwrite({ name: 'the result', path }, [{ name: 'the source', path: file }]);
  const translations = translate === true ? translateProgram(result.program) : [];
  const bytes = writeProgram({ ...result.program, translations });
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
  if (listing === true) print(renderListing(result.program, result.listing));
  else say(`${path}: ${bytes.length} bytes${translate === true ? `, ${translated(translations)}` : ''}`);
  return EXIT.ok;
}

function translated(translations: readonly Translation[]): string {
  const bytes = translations.reduce((sum, { module }) => sum + module.length, 0);
  return `${bytes} of them for ${translations.length} translated ${translations.length === 1 ? 'piece' : 'pieces'}`;
}
