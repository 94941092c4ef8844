/** A drawn program as assembly-like text: what a failure prints. */

import type { Instruction } from '../../src/isa/instructions.ts';
import { layoutOf } from '../../src/isa/layout.ts';
import type { Operand } from '../../src/isa/operands.ts';
import type { Compiled } from './compile.ts';

export function textOfProgram({ program, listing }: Compiled): string {
  const { registers, registersEnd } = layoutOf(program.regionBoundary);
  const address = (a: number) =>
    a >= registers && a < registersEnd ? `r${(a - registers) / 8}` : `0x${a.toString(16)}`;
  const operand = (o: Operand) => {
    switch (o.mode) {
      case 'immediate':
        return `$${o.bits}`;
      case 'direct':
        return address(o.address);
      case 'indirect':
        return `(${address(o.pointer)})`;
      case 'displacement':
        return `${o.displacement}(${address(o.pointer)})`;
    }
  };
  const line = ({ mnemonic, option, type, to, operands }: Instruction) => {
    const head = [mnemonic, ...(option === '' ? [] : [option]), type, ...(to === type ? [] : [to])];
    return `${head.join(':')} ${operands.map(operand).join(', ')}`;
  };
  const ranges = [program.stack, ...program.heap].map(({ base, length }) => `${address(base)}+${length}`);
  return [
    `entry ${address(program.entry)}, stack and heap ${ranges.join(' ')}`,
    ...listing.map((listed) => {
      if ('label' in listed) return `${listed.label}:`;
      if ('instruction' in listed) return `  ${address(listed.address)}  ${line(listed.instruction)}`;
      return `  ${address(listed.address)}  .quad ${listed.words.map((word) => `0x${word.toString(16)}`).join(', ')}`;
    }),
  ].join('\n');
}
