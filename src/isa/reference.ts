/** The page `docs/isa.md`, made from the tables so that it cannot disagree with them. */

import { encoding } from './reference/encoding.ts';
import { instructions, profiles } from './reference/instructions.ts';
import { machine } from './reference/machine.ts';
import { page } from './reference/markdown.ts';
import { controlBlocks, faults } from './reference/runners.ts';
import { operands, syntax, types } from './reference/source.ts';

/** The whole page as Markdown. */
export function isaReference(): string {
  return page(
    '# DISA: the instruction set',
    'Made from the instruction table in `src/isa`; change that, then run `npm run docs:isa`.',
    ...machine(),
    ...syntax(),
    ...operands(),
    ...types(),
    ...instructions(),
    ...controlBlocks(),
    ...faults(),
    ...encoding(),
    ...profiles(),
  );
}
