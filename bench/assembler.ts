import { assemble } from '../src/isa/assembler.ts';
import { format } from '../src/isa/formatter.ts';
import { renderListing } from '../src/isa/listing.ts';
import { type Benchmark, inTurns, rowOf, scaled, stopwatch } from './measure.ts';

const LINES = 50_000;

export const assembler: Benchmark = {
  name: 'assembler',
  title: `The assembler: source lines a second, for ${LINES.toLocaleString('en-US')} lines`,
  async run(settings) {
    const lines = scaled(LINES, settings);
    const source = sourceOf(lines);
    const { program, listing } = assembled(source);
    const perSecond = async (work: () => unknown) => (lines / (await stopwatch(work))) * 1000;
    const measured = await inTurns(
      [
        () => perSecond(() => assembled(source)),
        () => perSecond(() => format(source)),
        () => perSecond(() => renderListing(program, listing)),
      ],
      settings.rounds,
    );
    const names = ['assemble', 'format', 'listing'];
    return { rows: names.map((name, i) => rowOf(name, measured[i]!, null)), notes: [] };
  },
};

/** Instructions and data with labels, half of them used before they are defined. */
function sourceOf(count: number): string {
  const lines = ['.entry l0'];
  let label = 0;
  while (lines.length + 6 <= count) {
    lines.push(
      `l${label}:  mov:z (0x100001000):q, 8(r5):q   # the next operand`,
      `    add r1:q, $${label}, r${label % 64}`,
      `    br:l r1:uq, $10240, l${label + 1}`,
      '    newr 0x1f0000100, 0x1f0000108, 0x1f0000110, 0x1f0000118',
      `    .quad l${label}, ${label}, -1, 0x7fffffffffffffff`,
    );
    label += 1;
  }
  lines.push(`l${label}: exit:c`);
  while (lines.length < count) lines.push('    exit:c');
  return lines.join('\n');
}

function assembled(source: string) {
  const result = assemble(source, { file: 'bench.disa' });
  if (!result.ok) throw new Error(result.diagnostics[0]!.message);
  return result;
}
