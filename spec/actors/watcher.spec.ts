import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ToWatcher } from '../../src/actors/protocol.ts';
import { createWatcher, receiveAsWatcher } from '../../src/actors/watcher.ts';
import { Hosted } from '../support/actors.ts';
import { anyRepeats, expectSame } from '../support/repeats.ts';
import { runs } from '../support/runs.ts';

const ID = 0x3000n;

const watcher = () =>
  new Hosted(
    createWatcher({ kind: 'watcher', id: ID, ranges: [{ base: 64, length: 8 }], since: 5 }),
    receiveAsWatcher,
  );

const committed = (version: number, base = 64): ToWatcher => ({
  type: 'committed',
  version,
  spans: [{ base, length: 8, merge: 0 }],
});

const finished = (activation: number, since: number | null): ToWatcher => ({
  type: 'finished',
  activation,
  since,
});

const activate = (activation: number) => ({ to: 'master:0@0', type: 'activate', watcher: ID, activation });

describe('a watcher', () => {
  test.each([
    ['a commit after `since` that writes a watched byte starts it', committed(6), [activate(1)]],
    ['the last watched byte counts', committed(6, 71), [activate(1)]],
    ['the byte after it does not', committed(6, 72), []],
    ['nor does the byte before the first', committed(6, 56), []],
    ['a commit that its creator’s snapshot held does not', committed(5), []],
  ])('%s', (_, message, letters) => {
    expect(watcher().tell(message)).toEqual(letters);
  });

  test('rule 21: it becomes a runner once, however many commits touch it', () => {
    const one = watcher();

    expect(one.tell(committed(6))).toEqual([activate(1)]);
    expect(one.tell(committed(7))).toEqual([]);
  });

  test('rule 21: it is consumed when that runner finishes', () => {
    const one = watcher();
    one.tell(committed(6));
    expect(one.effects).not.toContainEqual({ type: 'stop' });
    one.tell(finished(1, null));

    expect(one.effects).toEqual([{ type: 'stop' }]);
  });

  test('rule 22: a persistent one watches again from its activation’s snapshot', () => {
    const one = watcher();
    one.tell(committed(6));
    one.tell(finished(1, 8));

    expect(one.tell(committed(8))).toEqual([]);
    expect(one.tell(committed(9))).toEqual([activate(2)]);
  });

  test('a late word about an earlier activation neither ends it nor makes it watch', () => {
    const one = watcher();
    one.tell(committed(6));
    one.tell(finished(1, 6));
    one.tell(committed(9));

    expect(one.tell(finished(1, 6))).toEqual([]);
    expect(one.tell(committed(10))).toEqual([]);
    one.tell(finished(1, null));
    expect(one.effects).toEqual([]);
  });

  test('I29: repeated messages, at once or late, change nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 8 }), anyRepeats, (gaps, repeats) => {
        let version = 5;
        const messages = gaps.flatMap((gap, i) => {
          const fired = version + 1;
          version = fired + gap;
          return [committed(fired), finished(i + 1, version)];
        });

        expectSame(watcher, messages, repeats);
      }),
      runs(300),
    );
  });
});
