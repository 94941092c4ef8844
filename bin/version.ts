/** dvm's own version. */

import { readFileSync } from 'node:fs';

export function versionOfPackage(): string {
  const path = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
