import { expect, test } from 'vitest';
import { assemble } from '../../src/isa/assembler.ts';
import { renderListing } from '../../src/isa/listing.ts';

test('the listing shows addresses and bytes beside the lines, with included and expanded lines in place', () => {
  const files: Readonly<Record<string, string>> = { 'data.disa': 'word: .quad -1' };
  const result = assemble(
    String.raw`.entry main
.macro twice x
    exit
    .byte \x
.endm
# start
main:
    mov:z $1:q, 8(r1):q  # one
    twice 7
.include "data.disa"
.org 0x500000000
.space 100
`,
    { file: 'main.disa', readFile: (path) => files[path] ?? null },
  );
  if (!result.ok) throw new Error('the source must assemble');

  expect(renderListing(result.program, result.listing)).toBe(String.raw`main.disa:
                                                        1  .entry main
                                                        2  .macro twice x
                                                        3      exit
                                                        4      .byte \x
                                                        5  .endm
                                                        6  # start
000400000000                                            7  main:
000400000000  01 01 33 00 01 00 00 00 00 00 00 00       8      mov:z $1:q, 8(r1):q  # one
00040000000c  03 08 00 00 00 08 00 00 00 02 00
                                                        9      twice 7
000400000017  0e 00 33                                 +3      exit
00040000001a  07                                       +4      .byte 7
                                                       10  .include "data.disa"
data.disa:
00040000001b  ff ff ff ff ff ff ff ff                  +1  word: .quad -1
main.disa:
                                                       11  .org 0x500000000
000500000000  00 00 00 00 00 00 00 00 00 00 00 00      12  .space 100
00050000000c  00 00 00 00 00 00 00 00 00 00 00 00
000500000018  00 00 00 00 00 00 00 00 00 00 00 00
000500000024  00 00 00 00 00 00 00 00 00 00 00 00
000500000030  00 00 00 00 00 00 00 00 00 00 00 00
00050000003c  00 00 00 00 00 00 00 00 00 00 00 00
000500000048  00 00 00 00 00 00 00 00 00 00 00 00
000500000054  00 00 00 00 00 00 00 00 00 00 00 00
              … 100 bytes
`);
});
