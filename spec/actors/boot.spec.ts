import { describe, expect, test } from 'vitest';
import { BootError, boot, STANDARD_IO } from '../../src/actors/boot.ts';
import type { IoKind } from '../../src/actors/init.ts';
import { SYSTEM_RANGE } from '../../src/isa/layout.ts';
import { homeOf } from '../../src/memory/directory.ts';
import { ROOT_ID } from '../../src/memory/ids.ts';
import { CONFIG, SR } from '../support/actors.ts';
import { programOf } from '../support/scenario.ts';

const SOURCE = `
.entry main
.heap total, 16
.heap total+16, 8
main: exit:c
.org ${SR + 60}
      .quad 0x1122334455667788
total: .quad 1, 2, 3
`;
const PROGRAM = programOf(SOURCE);
const file = (base: number, length: number, io = 3) => ({ base, length, io });
const bootWith = (...ios: IoKind[]) => boot(PROGRAM, CONFIG, [...STANDARD_IO, ...ios]);

describe('a machine', () => {
  test('has an actor for the master, each channel, home, RComp, and a node’s agent; the agent, who speaks first, last', () => {
    const { inits } = bootWith({ type: 'in-file', file: file(0x6_0000_0000, 8) });

    expect(inits.map((init) => (init.kind === 'master' ? init.kind : `${init.kind} ${init.id}`))).toEqual([
      'master',
      ...['io 0', 'io 1', 'io 2', 'io 3'],
      ...['home 0', 'home 1'],
      ...['rcomp 0', 'rcomp 1'],
      'agent 0',
    ]);
  });

  test('loads every assembled byte at the home of its page, and nothing else', () => {
    const memory = new Map<number, number>();
    for (const init of bootWith().inits) {
      if (init.kind !== 'home') continue;
      for (const { page, bytes } of init.image ?? []) {
        expect(homeOf(page, CONFIG.homes)).toBe(init.id);
        bytes.forEach((byte, i) => {
          if (byte !== 0) memory.set(page * CONFIG.pageSize + i, byte);
        });
      }
    }
    const assembled = PROGRAM.sections.flatMap(({ address, bytes }) =>
      [...bytes].flatMap((byte, i): [number, number][] => (byte === 0 ? [] : [[address + i, byte]])),
    );

    expect(memory).toEqual(new Map(assembled));
    expect(memory.get(SR + 67)).toBe(0x11);
  });

  test('rule 17: assembled bytes outside the entry’s heap are readable by all', () => {
    const code = PROGRAM.sections[0]!;

    expect(bootWith().map.assembled).toContainEqual({ base: SR + 60, length: 8 });
    expect(bootWith().map.assembled[0]).toEqual({ base: code.address, length: code.bytes.length });
  });

  test('its entry runner has the program’s ranges, united, and no image', () => {
    expect(bootWith().entry).toMatchObject({
      id: ROOT_ID,
      parent: 0n,
      fi: PROGRAM.entry,
      stack: PROGRAM.stack,
      heap: [{ base: SR + 68, length: 24, merge: 0 }],
      watcher: false,
      image: [],
    });
  });
});

describe('a memory that does not fit is refused, with what lies where', () => {
  const IN = 0x6_0000_0000;
  test.each<[string, IoKind, string]>([
    [
      'a file over code',
      { type: 'in-file', file: file(SR, 1) },
      `input file 0x${SR.toString(16)} + 1 overlaps assembled section 0x${SR.toString(16)} + ${PROGRAM.sections[0]!.bytes.length}`,
    ],
    [
      'a file below the shared region',
      { type: 'in-file', file: file(SR - 8, 16) },
      'input file 0x3fffffff8 + 16 must lie in the shared region',
    ],
    [
      'a file past the last address',
      { type: 'out-file', file: file(2 ** 46 - 8, 16) },
      'output file 0x3ffffffffff8 + 16 must lie in the shared region',
    ],
    [
      'an output on system words',
      { type: 'out-file', file: file(SYSTEM_RANGE.base + 31, 8) },
      'overlaps system words',
    ],
    ['a stream without room for data', { type: 'stream', stream: file(IN, 64) }, 'its length above 64'],
    ['a stream that is not aligned', { type: 'stream', stream: file(IN + 4, 128) }, 'aligned to 8 bytes'],
  ])('%s', (_, io, sentence) => {
    expect(() => bootWith(io)).toThrow(BootError);
    expect(() => bootWith(io)).toThrow(sentence);
  });

  test('two files that share a byte; but not two that touch', () => {
    const output: IoKind = { type: 'out-file', file: file(IN + 8, 8, 4) };

    expect(() => bootWith({ type: 'in-file', file: file(IN, 9) }, output)).toThrow(
      'output file 0x600000008 + 8 overlaps input file 0x600000000 + 9',
    );
    expect(() => bootWith({ type: 'in-file', file: file(IN, 8) }, output)).not.toThrow();
  });

  test('more heap ranges of the entry runner than a runner may have, counted as given', () => {
    const given = PROGRAM.heap.length;
    const limited = (ranges: number) =>
      boot(PROGRAM, { ...CONFIG, limits: { ...CONFIG.limits, ranges } }, STANDARD_IO);

    expect(() => limited(given - 1)).toThrow(
      `${given} heap ranges of the entry runner; the limit is ${given - 1} a runner`,
    );
    expect(() => limited(given)).not.toThrow();
  });

  test('more channels and files than there are writers’ ids', () => {
    const many = Array.from(
      { length: 252 },
      (_, i): IoKind => ({ type: 'in-file', file: file(IN + 8 * i, 8, 3 + i) }),
    );

    expect(() => bootWith(...many)).toThrow('255 channels and files; the limit is 254');
    expect(() => bootWith(...many.slice(1))).not.toThrow();
  });
});
