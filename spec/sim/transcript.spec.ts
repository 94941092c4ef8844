/** What a person reads of messages: no longer than it takes to tell things apart. */

import { describe, expect, test } from 'vitest';
import { fieldsText, textOf } from '../../sim/transcript.ts';
import { addressOf } from '../../src/actors/address.ts';

const RUNNER = 0xa706_dd2f_4d19_7e6fn;

describe('textOf', () => {
  test.each<[string, unknown, string]>([
    ['a runner by the first half of its id', RUNNER, 'a706dd2f'],
    ['an attempt by runner and number', { runner: RUNNER, epoch: 1, number: 3 }, 'a706dd2f.3'],
    ['an attempt of a later epoch', { runner: RUNNER, epoch: 2, number: 3 }, 'a706dd2f.3@2'],
    ['an address by kind and id', addressOf('agent', 2), 'agent 2'],
    ['a watcher', addressOf('watcher', RUNNER), 'watcher a706dd2f'],
    ['the one master', addressOf('master'), 'master'],
    ['a range', { base: 0x6_0000_0000, length: 8 }, '0x600000000+8'],
    ['few bytes whole', Uint8Array.of(1, 255), '<01ff>'],
    ['many bytes by their start', new Uint8Array(4096), `<${'00'.repeat(16)}… 4096 bytes>`],
    ['addresses in hexadecimal, counts as people count', [4095, 4096], '[4095, 0x1000]'],
    ['the rest by its fields', { sv: 1, end: null }, '{sv 1, end null}'],
  ])('writes %s', (_, value, text) => expect(textOf(value)).toBe(text));
});

test('a message does not repeat who sends it, nor that it is of the first epoch', () => {
  const [agent, home] = [addressOf('agent', 1), addressOf('home', 0)];
  const fetch = { type: 'fetch', from: agent, pages: [{ page: 1, have: -1 }], at: 2, needs: 0 } as const;

  expect(fieldsText(fetch, agent)).toBe('pages [{page 1, have -1}], at 2, needs 0');
  expect(fieldsText(fetch, home)).toContain('from agent 1');
  const attempt = { runner: RUNNER, epoch: 1, number: 3 };
  const drop = { type: 'drop', attempt, epoch: 1 } as unknown as Parameters<typeof fieldsText>[0];
  expect(fieldsText(drop, agent)).toBe('a706dd2f.3');
});
