import { expect, it } from 'vitest';
import { happened, runSource, wordsAt } from '../support/scenario.ts';

it('a serializable runner validates what it has read undeclared, its code too, and no neighbouring byte (rule 5)', () => {
  const result = runSource(
    `
.entry main
.heap half, 2
main: mov half, r0
exit:c
end:
.align 8
edge: .half 0
half: .half 0
.half 0
`,
    { config: { lazyReads: true, serializable: true } },
  );
  const [{ end } = { end: null }] = happened(result, 'attempt');
  const label = (wanted: string) => result.program.symbols.find(({ name }) => name === wanted)!.address;
  expect(end).toMatchObject({
    type: 'commit',
    reads: [
      { base: label('main'), length: label('end') - label('main') },
      { base: label('half'), length: 8 },
    ],
  });
});

it('the guarantee holds among serializable runners, also where they read assembled bytes undeclared (rule 5)', () => {
  const oneLeaves = (mine: string, other: string) => `
${mine}.run: br:z ${other}, ${mine}.stay
mov $0, ${mine}
${mine}.stay: exit:c
.align 8
${mine}.blocks: .quad none, ${mine}.heap, none, ${mine}.code
${mine}.heap: .quad 1, ${mine}, 8
${mine}.code: .quad ${mine}.run
`;
  const source = `
.entry main
main:
newr x.blocks, x.blocks+8, x.blocks+16, x.blocks+24
newr y.blocks, y.blocks+8, y.blocks+16, y.blocks+24
exit:c
${oneLeaves('x', 'y')}
${oneLeaves('y', 'x')}
none: .quad 0, 0
.org 0x600000000
x: .quad 1
y: .quad 1
`;
  const remaining = (serializable: boolean) => {
    const result = runSource(source, { config: { deterministic: true, serializable } });
    return wordsAt(result, 0x600000000, 2).reduce((sum, word) => sum + word, 0n);
  };

  expect(remaining(false)).toBe(0n);
  expect(remaining(true)).toBe(1n);
});
