import { describe, expect, test } from 'vitest';
import { wordBytes, writerOf } from '../../src/actors/arrivals.ts';
import { createSignals, receiveAsSignals, SIGNALS } from '../../src/actors/signals.ts';
import { SYSTEM_WORDS } from '../../src/isa/layout.ts';
import { CONFIG, Hosted } from '../support/actors.ts';

const { timerTicks, shutdownAsked } = SYSTEM_WORDS;
const ID = Number(SIGNALS.id);

const signals = () => new Hosted(createSignals(ID, { ...CONFIG, homes: 1 }), receiveAsSignals);
const attempt = (number: number) => ({ runner: writerOf(ID), epoch: 1, number });
const staged = (number: number) => ({ type: 'staged', replica: 0, attempt: attempt(number) }) as const;
const arrived = (number: number) => ({ type: 'arrived', number, version: number }) as const;

/** The words that are staged, with their counts. */
const stage = (number: number, ...words: [number, number][]) => [
  expect.objectContaining({
    type: 'stage',
    attempt: attempt(number),
    patches: [
      expect.objectContaining({
        runs: words.map(([address, count]) => ({ address, bytes: wordBytes(count), merge: 0 })),
      }),
    ],
  }),
];

describe('system words count events (paper, section 3.4)', () => {
  test('an event is a commit of the signals actor', () => {
    const one = signals();

    expect(one.tell({ type: 'signal', word: timerTicks })).toEqual(stage(1, [timerTicks, 1]));
    expect(one.tell(staged(1))).toEqual([
      {
        to: 'master:0@0',
        type: 'arrival',
        io: ID,
        number: 1,
        spans: [{ base: timerTicks, length: 8, merge: 0 }],
        homes: [0],
        generation: 0,
        last: false,
      },
    ]);
    expect(one.tell(arrived(1))).toEqual([]);
  });

  test('events that come while one is on its way go together in the next, none of them lost', () => {
    const one = signals();
    one.tell({ type: 'signal', word: timerTicks });
    for (const word of [timerTicks, shutdownAsked, timerTicks])
      expect(one.tell({ type: 'signal', word })).toEqual([]);
    one.tell(staged(1));

    expect(one.tell(arrived(1))).toEqual(stage(2, [timerTicks, 3], [shutdownAsked, 1]));
  });

  test('I29: answers that come twice announce nothing', () => {
    const one = signals();
    one.tell({ type: 'signal', word: timerTicks });
    one.tell(staged(1));
    one.tell({ type: 'signal', word: timerTicks });
    expect(one.tell(staged(1))).toEqual([]);
    one.tell(arrived(1));

    expect(one.tell(arrived(1))).toEqual([]);
    expect(one.tell(staged(1))).toEqual([]);
  });
});
