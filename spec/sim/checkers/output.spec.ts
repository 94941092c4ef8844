import { describe, expect, it } from 'vitest';
import { abortLeavesNothing } from '../../../sim/checkers/abort-leaves-nothing.ts';
import { COMMIT_MUTATIONS } from '../../../sim/mutations/commits.ts';
import { foundBy } from '../../support/planted.ts';
import { family } from '../../support/scenario.ts';

const WORD = 0x6_0000_0000;

/** Two runners that print what they add to one word: one of them loses and prints again. */
const TWO = family(
  { one: { code: 'add', heap: [`${WORD}, 8`] }, two: { code: 'add', heap: [`${WORD}, 8`] } },
  `add: add ${WORD}:q, $1, ${WORD}\nmov ${WORD}:b, ctx.stdout\nexit:c`,
);

describe('I14, of output', () => {
  it('finds nothing wrong with what is printed as it is decided', () => {
    expect(foundBy(abortLeavesNothing, TWO, null)).toBeNull();
  });

  it('finds what is printed before it is decided, when it is printed', () => {
    const { wrap } = COMMIT_MUTATIONS['output-released-early'];
    expect(foundBy(abortLeavesNothing, TWO, wrap)).toBe(
      'stdout gets [1] at offset 1, where what is decided prints []',
    );
  });

  it('finds what is printed twice, when it is printed again', () => {
    const { wrap } = COMMIT_MUTATIONS['output-released-twice'];
    expect(foundBy(abortLeavesNothing, TWO, wrap)).toBe(
      'stdout gets [1] at offset 1, where what is decided prints []',
    );
  });
});
