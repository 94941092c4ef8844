/** Files that a command would write while it, or somebody later, still reads them. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../src/errors.ts';

export interface NamedFile {
  /** As in `the program`. */
  readonly name: string;
  readonly path: string;
}

/** Throws `UsageError` if a file that is to be written is one of the others. A machine compares those that it maps. */
export function mustNotOverwrite(written: NamedFile, others: readonly NamedFile[]): void {
  const file = identityOf(written.path);
  const other = others.find(({ path }) => identityOf(path) === file);
  if (other === undefined) return;
  throw new UsageError(
    `${written.name} ${written.path} is also ${other.name}: one would overwrite the other`,
    'give it another name',
  );
}

/** The same for all names of a file, and for all spellings of one that is still to be made. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    // Not there yet, or never to be: whoever opens it says why.
    return resolve(path);
  }
}
