/** The sections on how programs are written. */

import { DIRECTIVES } from '../assembly/directives.ts';
import { DEFAULT_STACK } from '../layout.ts';
import { VALUE_TYPE_NAMES, VALUE_TYPES } from '../value-type.ts';
import { code, hex, table } from './markdown.ts';

export function syntax(): string[] {
  return [
    '## Source',
    "One instruction a line; `#` starts a comment. A label is a name with a colon, alone or before an instruction and a space. Names are `[A-Za-z_.][A-Za-z0-9_.]*`, case-sensitive. Numbers are decimal, `0x…`, `0b…` or a character `'A'`; there is no octal. Expressions use `+ - * / % << >> & | ^ ~ ( )` over integers and names with C’s precedence, without bound, and may stand for an address, a displacement or an immediate; labels may be used before they are defined.",
    code('mnemonic[:option] operand, operand, …'),
    table(
      ['directive', 'effect'],
      Object.entries(DIRECTIVES).map(([name, { usage }]) => [
        `\`${usage}\``,
        DIRECTIVE_NOTES[name as keyof typeof DIRECTIVES],
      ]),
    ),
    'A macro lies between `.macro NAME PARAMETER, …` and `.endm`; in its lines `\\PARAMETER` is replaced and `\\@` counts calls; `\\()` ends a parameter’s name where a letter, a digit, `_` or `.` follows.',
  ];
}

const DIRECTIVE_NOTES: Readonly<Record<keyof typeof DIRECTIVES, string>> = {
  '.org': 'what follows goes to this address; without it code starts at RB',
  '.align': 'fills with zeros up to a multiple of N, a power of two',
  '.equ': 'gives a name to a value',
  '.byte': '8-bit numbers',
  '.half': '16-bit numbers',
  '.long': '32-bit numbers',
  '.quad': '64-bit numbers',
  '.float': 'singles',
  '.double': 'doubles',
  '.ascii': 'the bytes of a text, with C’s escapes',
  '.asciz': 'the same, each closed by a zero byte',
  '.space': 'N bytes of FILL, else of 0',
  '.entry': 'where the first runner starts; required',
  '.stack': `its stack; without it 64 KiB at ${hex(DEFAULT_STACK.base)}`,
  '.heap':
    'one of its heap ranges; may be repeated. Assembled bytes in it are not readable undeclared by other runners, its children included (rule 17)',
  '.rb': 'the region boundary; comes first',
  '.include': 'the lines of another file',
};

export function operands(): string[] {
  return [
    '## Operands',
    table(
      ['form', 'mode', 'means'],
      [
        ['`$7` `$-1` `$label+8` `$1.5`', 'immediate', 'the value'],
        ['`0x100001000` `label` `r5`', 'direct', 'memory at that address'],
        ['`(0x100001000)` `(r5)`', 'indirect', 'memory at the address that the 64-bit word there holds'],
        [
          '`8(0x100001000)` `-8(r5)`',
          'displacement',
          'memory at (that word + 8); the displacement is a signed 32-bit number',
        ],
      ],
    ),
    'Below, **D** is any of the four and **M** any but an immediate; [D1] is the value of the first D. The target of a branch is an M of which only the address is used: `next` goes to next, `(x)` goes to the address that the word at x holds.',
    'Operands are evaluated left to right, each pointer with its operand; all sources are read before the destination is written, and of several faults the first in that order counts. A pointer plus its displacement wraps modulo 2^64; an address of 2^46 or above lies outside all ranges. So any operand in memory may fault with `read-outside-ranges` or `write-outside-ranges`, `region-crossing` or `register-indirect`, and a store also with `write-to-read-only`, `bad-merge-store` or `private-memory-limit`.',
  ];
}

export function types(): string[] {
  return [
    '## Types',
    table(
      ['type', 'bits', 'family', 'number'],
      VALUE_TYPE_NAMES.map((name) => {
        const { bits, family, code: number } = VALUE_TYPES[name];
        return [`\`${name}\``, String(bits), family, String(number)];
      }),
    ),
    'An operand carries its type behind a colon: `r1:d`. One without takes the instruction’s: the one type written on its other operands, else `q`. Two different types in one instruction are an error, except on `mov`, which converts. Branch targets carry no type; `bl`’s second operand and those of `newr` are 64-bit words. An integer immediate lies in −2^(n−1) … 2^n − 1.',
    'Floats are IEEE 754. A NaN that an instruction computes is always the positive quiet one with payload 0, so that every host gets the same bits.',
  ];
}
