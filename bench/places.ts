/** Where the package's own files are, for sources and for what is built from them. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function packageFile(...path: readonly string[]): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, ...path);
}
