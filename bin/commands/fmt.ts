/** `dvm fmt`: a source in its canonical layout. */

import { writeFileSync } from 'node:fs';
import { reasonOf } from '../../src/actors/node/devices/files.ts';
import { ProgramError, UsageError } from '../../src/errors.ts';
import { format } from '../../src/isa/formatter.ts';
import { say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { readSource } from '../load.ts';

export async function fmt(file: string, { check }: { readonly check?: boolean }): Promise<number> {
  const source = readSource(file);
  const result = format(source, file);
  if (!result.ok) throw new ProgramError(result.diagnostics);
  if (result.text === source) return EXIT.ok;
  if (check === true) {
    say(`${file}: not formatted; dvm fmt ${file} would change it`);
    return EXIT.failed;
  }
  try {
    writeFileSync(file, result.text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${reasonOf(error)}`);
  }
  return EXIT.ok;
}
