import { expect, it } from 'vitest';
import { happened, runSource } from '../support/scenario.ts';

it('of a lazy read a serializable runner validates the bytes that were outside its ranges, and no others (rule 5)', () => {
  const result = runSource(
    `
.entry main
.heap half, 2
main: mov half, r0
exit:c
.align 8
edge: .half 0
half: .half 0
.half 0
`,
    { config: { lazyReads: true, serializable: true } },
  );
  const [{ end } = { end: null }] = happened(result, 'attempt');
  const half = result.program.symbols.find(({ name }) => name === 'half')!.address;
  expect(end).toMatchObject({
    type: 'commit',
    reads: [
      { base: half, length: 2 },
      { base: half + 4, length: 4 },
    ],
  });
});
