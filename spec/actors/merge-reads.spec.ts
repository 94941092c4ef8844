import { expect, test } from 'vitest';
import { MergeReads } from '../../src/actors/merge-reads.ts';
import { terrainOf } from '../../src/actors/terrain.ts';
import { ZoneMap } from '../../src/actors/zones.ts';
import { WriteSet } from '../../src/memory/write-set.ts';
import { controlBlock, EMPTY_MAP } from '../support/actors.ts';

/** Sums in words 64 and 72, plain bytes after them. */
const ZONES = new ZoneMap(
  controlBlock({
    heap: [
      { base: 64, length: 16, merge: 1 },
      { base: 80, length: 16, merge: 0 },
    ],
  }),
  terrainOf(EMPTY_MAP),
  false,
);

type Deed = readonly ['load' | 'store', address: number, size?: number];

const sum = (word: number) => ({ base: word, length: 8 });

test.each<[string, Deed[], { base: number; length: number }[]]>([
  [
    'a word that is loaded before it is stored is validated',
    [
      ['load', 64],
      ['store', 64],
    ],
    [sum(64)],
  ],
  ['a word that is only stored is not', [['store', 64]], []],
  [
    'a word that is loaded after it was stored is not: the program sees its own operand',
    [
      ['store', 64],
      ['load', 64],
    ],
    [],
  ],
  ['a word that is only loaded is an ordinary snapshot read', [['load', 64]], []],
  [
    'a load of one of its bytes sees the word',
    [
      ['load', 71, 1],
      ['store', 64],
    ],
    [sum(64)],
  ],
  [
    'an unaligned load sees both words',
    [
      ['load', 68],
      ['store', 64],
      ['store', 72],
    ],
    [sum(64), sum(72)],
  ],
  [
    'a load that also meets plain bytes sees the merge word only',
    [
      ['load', 76],
      ['store', 72],
      ['store', 80],
    ],
    [sum(72)],
  ],
  [
    'plain words are not validated',
    [
      ['load', 80],
      ['store', 80],
    ],
    [],
  ],
])('rule 6: %s', (_, deeds, validated) => {
  const writes = new WriteSet(64);
  const reads = new MergeReads();
  for (const [kind, address, size = 8] of deeds) {
    if (kind === 'load') reads.note(address, size, ZONES, writes);
    else writes.write(address, size, new Uint8Array(8));
  }

  expect(reads.validated(writes)).toEqual(validated);
});
