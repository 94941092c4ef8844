/** What the paper prints is what the examples run: every line of a listing, in order. */

import { expect, test } from 'vitest';
import { sourceOfExample } from '../support/example.ts';

test.each(['sum.s', 'sum-paper-boundary.s', 'parallel-sum.s', 'parallel-sum-paper-boundary.s'])(
  'section 2.2, sum_runner, in %s',
  (file) => {
    expect(linesOf(sourceOfExample(file))).toEqual(inOrder(SUM_RUNNER));
  },
);

test('section 3.1, the subleq emulator, in subleq-as-printed.s', () => {
  expect(linesOf(sourceOfExample('subleq-as-printed.s'))).toEqual(inOrder(SUBLEQ));
});

test('section 3.1, the subleq emulator, in subleq.s but for the jump through memory', () => {
  const repaired = SUBLEQ.replace('mov (addr3):q, pc', 'mov addr3:q, pc');

  expect(linesOf(sourceOfExample('subleq.s'))).toEqual(inOrder(repaired));
});

test.each(['parallel-sum.s', 'parallel-sum-paper-boundary.s'])('section 4.2 in %s', (file) => {
  const lines = linesOf(sourceOfExample(file));

  expect(lines).toEqual(inOrder(RUNNERS));
  expect(lines).toEqual(inOrder(WATCHERS));
});

/** Matches a list that has these lines in this order, whatever lies between them. */
function inOrder(listing: string) {
  const wanted = linesOf(listing);
  return {
    asymmetricMatch(lines: readonly string[]) {
      let at = 0;
      for (const line of lines) if (line === wanted[at]) at++;
      return at === wanted.length;
    },
    toString: () => `lines in order: ${wanted.join(' | ')}`,
  };
}

/** Instructions and comments, a label on a line of its own, without the spaces of the typesetter. */
function linesOf(text: string): string[] {
  return text
    .replace(/^(\w+):(?=\s)/gm, '$1:\n')
    .replace(/(\S)[ \t]+#/g, '$1\n#')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

const SUM_RUNNER = `
sum_runner:
add (0x100001000):q, 8(0x100001000), (0x100001008)
# :q indicates 64-b data
mov:z $1:q, 8(0x100001008):q # set exit code
exit:c # exit and commit
`;

const SUBLEQ = `
loop: mov:z (pc):q, addr1:q
mov:z 8(pc):q, addr2:q
sub (addr2):q, (addr1), (addr2)
br:l $0:q, (addr2), next
mov:z 16(pc):q, addr3:q
mov (addr3):q, pc
br:j loop
next: add pc:q, $24, pc
br:j loop
`;

const RUNNERS = `
main_runner:
# create 10,240 sum_runner runners:
# store the addresses of ranges for stacks and heaps
# in 0x100001008 and 0x100001010 (omitted)
mov:z $0:q, 0x100001000:q # i = 0
j_do:
# suppose the addresses of the runner's control information
# are in 0x1f0000100, 0x1f0000108, 0x1f0000110 and 0x1f0000118
mov:z 0x100001008:q, (0x1f0000100):q # set stack base
mov:z $0x1000:q, 8(0x1f0000100):q # set stack size
mov:z $1:q, (0x1f0000108):q # set heap range count
mov:z 0x100001010:q, 8(0x1f0000108):q # heap range
mov:z $0x1000:q, 16(0x1f0000108):q # heap range's length
mov:z $0:q, (0x1f0000110):q # watched range count
mov:z $sum_runner:q, (0x1f0000118):q # set code
# create the new runner:
newr 0x1f0000100, 0x1f0000108, 0x1f0000110, 0x1f0000118
# initialize the stack (omitted here)
add $0x1000:uq, 0x100001008, 0x100001008 # update stack base
add $0x1000:uq, 0x100001010, 0x100001010 # update heap range
add $1:uq, 0x100001000, 0x100001000 # i++
br:l 0x100001000:uq, $10240, j_do # while i < 10240
`;

const WATCHERS = `
# create sum_watcher with the same control information
# as itself (omitted)
exit:c
main_runner:
# creates 10,239 sum_watcher watchers:
mov:z $0:q, 0x100001000:q # i = 0
j_do2:
# suppose the addresses of the watcher's control information are
# in 0x1e0000100, 0x1e0000108, 0x1e0000110 and 0x1e0000118.
# and the watched ranges are calculated according to i and
# stored in the memory range starting from 0x100001018
# set the stack range, the heap ranges, and the code (omitted)
mov:z 0x100001018:q, 8(0x1e0000110):q # set watched range 1
mov:z 0x100001020:q, 16(0x1e0000110):q # set range 1's length
mov:z 0x100001028:q, 24(0x1e0000110):q # set watched range 2
mov:z 0x100001030:q, 32(0x1e0000110):q # set range 2's length
# create the new watcher:
newr 0x1e0000100, 0x1e0000108, 0x1e0000110, 0x1e0000118
# initialize the stack (omitted)
# update stack base and heap ranges (omitted)
add $1:uq, 0x100001000, 0x100001000 # i++
br:l 0x100001000:uq, $10239, j_do2 # while i < 10239
exit:c # exit and commit
`;
