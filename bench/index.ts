/** `npm run bench [-- NAME…]`: prints a table a benchmark; all of them without a name. `dvm bench` takes options, too. */

import { BENCHMARKS } from './benchmarks.ts';
import { table } from './table.ts';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `No benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
for (const { name, title, run } of BENCHMARKS) {
  if (names.length > 0 && !names.includes(name)) continue;
  const { rows, notes } = await run({ rounds: 5, size: 1, machine: {} });
  console.log(`\n### ${name}: ${title}\n\n${table(rows).join('\n')}`);
  for (const note of notes) console.log(`\nNote: ${note}.`);
}
