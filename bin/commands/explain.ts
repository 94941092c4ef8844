/** `dvm explain`: what an error of the assembler means. */

import { UsageError } from '../../src/errors.ts';
import { nearest } from '../../src/isa/assembly/suggest.ts';
import { DIAGNOSTICS, explain as explanation } from '../../src/isa/diagnostics.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';

export async function explain(code: string): Promise<number> {
  const text = explanation(code.toUpperCase());
  if (text === null) {
    const meant = nearest(code.toUpperCase(), Object.keys(DIAGNOSTICS));
    throw new UsageError(
      `there is no error ${code}`,
      meant === null
        ? 'codes look like DE0104; an error message begins with its code'
        : `did you mean ${meant}?`,
    );
  }
  print(text);
  return EXIT.ok;
}
