/** Builds `dist` once before the specs, which run the command and the threads of compartments from there. Whether the types are right is for `npm run check` to say. */

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default function build(): void {
  const began = Date.now();
  const built = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root, encoding: 'utf8' });
  const { mtimeMs } = statSync(`${root}/dist/bin/dvm.js`);
  if (mtimeMs < began - 1000) throw new Error(`dist is not built:\n${built.stdout}${built.stderr}`);
}
