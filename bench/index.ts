/** `npm run bench [-- NAME…]`: prints a table a benchmark; all of them without a name. */

import { assembler } from './assembler.ts';
import { interpreter } from './interpreter.ts';
import { printTable } from './measure.ts';
import { runners } from './runners.ts';
import { scale } from './scale.ts';
import { tree } from './tree.ts';
import { watchers } from './watchers.ts';

const BENCHMARKS = [assembler, interpreter, runners, tree, watchers, scale];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `No benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
for (const benchmark of BENCHMARKS) {
  if (names.length === 0 || names.includes(benchmark.name))
    printTable(benchmark.title, await benchmark.run());
}
