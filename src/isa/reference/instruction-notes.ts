/** What the reference page says of each instruction beyond the table. */

import type { FaultCause } from '../fault.ts';
import type { InstructionCode } from '../instructions.ts';

export interface InstructionNote {
  readonly title: string;
  /** Paragraphs behind Table 1's sentence. */
  readonly details: readonly string[];
  /** Faults of its own, besides those of its operands. */
  readonly faults: readonly FaultCause[];
  /** One line of source. */
  readonly example: string;
  /** What the example does. */
  readonly means: string;
}

const WRAPS = 'Integers wrap modulo 2^n.';
const IEEE =
  'With `fs` and `fd` the result is that of IEEE 754, rounded once to nearest even, every NaN canonical.';

export const INSTRUCTION_NOTES: Readonly<Record<InstructionCode, InstructionNote>> = {
  1: {
    title: 'move and convert',
    details: [
      'The only instruction whose operands may differ in type. Between integers, widening sign-extends a signed source and zero-extends an unsigned one; `:z` always zero-extends; narrowing truncates.',
      'From an integer to a float it rounds once, to nearest even; from a float to an integer it truncates toward zero. Between equal types it copies bits, a NaN with its payload. `:z` with a float type is a source error.',
    ],
    faults: ['float-to-integer'],
    example: 'mov:z (r1):b, r2:q',
    means: 'loads a byte and clears the rest of r2',
  },
  2: {
    title: 'addition',
    details: [`${WRAPS} ${IEEE}`],
    faults: [],
    example: 'add r1, $1, r1',
    means: 'counts r1 up',
  },
  3: {
    title: 'subtraction',
    details: [`${WRAPS} ${IEEE}`],
    faults: [],
    example: 'sub r1:d, r2, r3',
    means: 'subtracts the low 32 bits of r2 from those of r1; the upper half of r3 stays as it is',
  },
  4: {
    title: 'multiplication',
    details: [`Integers keep the low half of the product. ${IEEE}`],
    faults: [],
    example: 'mul r1:fd, $0.5, r1',
    means: 'halves the double in r1',
  },
  5: {
    title: 'division',
    details: [
      'Integers: signed or unsigned by type, truncated toward zero; a divisor of 0 and the smallest number divided by −1 are faults.',
      `${IEEE} A division by zero then gives an infinity or NaN and is no fault.`,
    ],
    faults: ['divide-by-zero', 'divide-overflow'],
    example: 'div r1:uq, $10, r2',
    means: 'divides r1, taken as unsigned, by ten',
  },
  6: {
    title: 'bitwise and',
    details: [],
    faults: [],
    example: 'and r1, $0xff, r1',
    means: 'keeps the low byte',
  },
  7: { title: 'bitwise or', details: [], faults: [], example: 'or r1, $1, r1', means: 'sets the lowest bit' },
  8: {
    title: 'bitwise exclusive or',
    details: [],
    faults: [],
    example: 'xor r1, $-1, r1',
    means: 'inverts every bit',
  },
  9: {
    title: 'compare and branch',
    details: [
      '`l` less, `le` less or equal, `g` greater, `ge` greater or equal, `e` equal, `ne` not equal; signed or unsigned by type. With a NaN on either side only `ne` branches; −0.0 equals 0.0.',
      'The target is evaluated only when the branch is taken.',
    ],
    faults: ['bad-branch-target'],
    example: 'br:l r1, $10, loop',
    means: 'goes to loop while r1 is below ten',
  },
  10: {
    title: 'branch on zero',
    details: [
      '`z` branches if the value is zero, `nz` if it is not. Of the floats −0.0 is zero and NaN is not.',
      'The target is evaluated only when the branch is taken.',
    ],
    faults: ['bad-branch-target'],
    example: 'br:z (r1):b, done',
    means: 'goes to done at the end of a string',
  },
  11: {
    title: 'jump',
    details: ['To an address in memory: `br:j (r1)` goes to the address that r1 holds.'],
    faults: ['bad-branch-target'],
    example: 'br:j loop',
    means: 'goes to loop',
  },
  12: {
    title: 'branch and link',
    details: [
      'M1 is evaluated first, then M2; the address of the next instruction is stored there, and only then the target is judged. Return with `br:j (M2)`.',
    ],
    faults: ['bad-branch-target'],
    example: 'bl procedure, r63',
    means: 'calls procedure, which returns by `br:j (r63)`',
  },
  13: {
    title: 'create a runner',
    details: [
      'Each operand names a word that holds the address of a control block; see [Control blocks of newr](#control-blocks-of-newr). The child starts when its parent has committed, and never existed if the parent does not. `ctx.child` then holds its id. After `newr` the parent may write the child’s stack range, to hand something over.',
    ],
    faults: ['bad-runner-control', 'too-many-children', 'too-many-ranges'],
    example: 'newr r1, r2, r3, r4',
    means: 'creates a runner from the blocks that r1 to r4 point to',
  },
  14: {
    title: 'end the runner',
    details: [
      '`exit` alone is `exit:c`. `c` commits; `a` aborts, and nothing of the attempt remains. `cd` and `ad` (extended) are the same, and a persistent watcher ends with this activation.',
    ],
    faults: [],
    example: 'exit:c',
    means: 'ends the runner and commits what it wrote',
  },
  16: {
    title: 'remainder',
    details: ['[D1] − ([D1] / [D2]) × [D2]. It faults exactly where `div` does.'],
    faults: ['divide-by-zero', 'divide-overflow'],
    example: 'rem r1, $10, r2',
    means: 'takes the last decimal digit of r1',
  },
  17: {
    title: 'shift left',
    details: ['The count is taken modulo the width of the type; bits shifted out are lost.'],
    faults: [],
    example: 'shl r1, $3, r1',
    means: 'multiplies r1 by eight',
  },
  18: {
    title: 'shift right',
    details: [
      'The count is taken modulo the width of the type. Signed types keep their sign, unsigned ones fill with zeros.',
    ],
    faults: [],
    example: 'shr r1:uq, $32, r1',
    means: 'moves the upper half of r1 down',
  },
};
