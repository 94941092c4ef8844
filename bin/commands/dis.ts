/** `dvm dis`: a program back to source. */

import { disassemble } from '../../src/isa/disassembler.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { loadProgram } from '../load.ts';

export async function dis(file: string): Promise<number> {
  print(disassemble(loadProgram(file)));
  return EXIT.ok;
}
