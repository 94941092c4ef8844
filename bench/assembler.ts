/** How long `assemble`, `format` and a listing take for 50,000 lines; prints the first run and the best of ten. */

import { assemble } from '../src/isa/assembler.ts';
import { format } from '../src/isa/formatter.ts';
import { renderListing } from '../src/isa/listing.ts';

const LINES = 50_000;

const lines = ['.entry l0'];
for (let i = 0; lines.length < LINES - 5; i++) {
  lines.push(
    `l${i}:  mov:z (0x100001000):q, 8(r5):q   # the next operand`,
    `    add r1:q, $${i}, r${i % 64}`,
    `    br:l r1:uq, $10240, l${i + 1}`,
    '    newr 0x1f0000100, 0x1f0000108, 0x1f0000110, 0x1f0000118',
    `    .quad l${i}, ${i}, -1, 0x7fffffffffffffff`,
  );
}
lines.push(`l${Math.ceil((LINES - 6) / 5)}: exit:c`);
const source = lines.join('\n');

measure('assemble', () => assembled());
measure('format', () => format(source));
const { program, listing } = assembled();
measure('listing', () => renderListing(program, listing));

function assembled() {
  const result = assemble(source, { file: 'bench.disa' });
  if (!result.ok) throw new Error(result.diagnostics[0]!.message);
  return result;
}

function measure(name: string, run: () => unknown): void {
  const times: number[] = [];
  for (let round = 0; round < 10; round++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  const best = Math.min(...times);
  const rate = Math.round(lines.length / best) * 1000;
  console.log(
    `${name}: ${lines.length} lines, first ${times[0]!.toFixed(0)} ms, best ${best.toFixed(0)} ms, ${rate} lines/s`,
  );
}
