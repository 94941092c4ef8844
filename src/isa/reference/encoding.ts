/** The section on instructions as bytes. */

import { encode, MAX_INSTRUCTION_BYTES } from '../codec.ts';
import { code, table } from './markdown.ts';

export function encoding(): string[] {
  const bytes = encode({
    code: 0x01,
    mnemonic: 'mov',
    option: 'z',
    type: 'w',
    to: 'q',
    operands: [
      { mode: 'immediate', bits: 0x1234n },
      { mode: 'displacement', pointer: 0x1_0000_1000, displacement: 8 },
    ],
  });
  const shown = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return [
    '## Encoding',
    `An instruction is three bytes and its operands, at most ${MAX_INSTRUCTION_BYTES} bytes in all, and has exactly one encoding. Code 0 is no instruction, so zeroed memory does not execute.`,
    table(
      ['byte', 'content'],
      [
        ['0', 'code of the instruction'],
        ['1', 'number of its option'],
        [
          '2',
          'type numbers: the sources’ in the low four bits, the destination’s in the high four; equal except on `mov`, both `q` where there is no type',
        ],
        ['3 …', 'for each operand a mode byte and what the mode needs'],
      ],
    ),
    table(
      ['mode', 'number', 'followed by'],
      [
        ['immediate', '0', 'the value in as many bytes as its type has'],
        ['direct', '1', 'the address in 6 bytes'],
        ['indirect', '2', 'the pointer word’s address in 6 bytes'],
        ['displacement', '3', 'the displacement in 4 bytes, then the pointer word’s address in 6'],
      ],
    ),
    'All are little endian. `mov:z $0x1234:w, 8(0x100001000):q` is',
    code(shown),
  ];
}
