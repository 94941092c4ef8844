import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { report } from '../../bin/failures.ts';
import { ProgramError, ProgramFileError, UsageError } from '../../src/errors.ts';
import { InvariantError } from '../../src/invariant.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const diagnostic = {
  code: 'DE0101',
  message: 'unexpected character `;`',
  file: 'a.s',
  line: 1,
  column: 5,
  length: 1,
  source: 'exit; ',
  hint: null,
  trail: [],
} as const;

test.each([
  [
    new UsageError('rcomps must be a number', 'as in 4'),
    2,
    'dvm: error: rcomps must be a number\n  hint: as in 4\n',
  ],
  [
    new ProgramFileError({ code: 'bad-entry', message: 'the entry lies in no section', offset: 24 }),
    2,
    'byte 24',
  ],
  [new ProgramError([diagnostic]), 2, '1 error; dvm explain CODE tells more\n'],
  [new InvariantError('pages only grow newer'), 70, 'please report it'],
  [new TypeError('x is not a function'), 70, 'internal error: TypeError: x is not a function'],
])('%s gives exit code %s', (error, exit, words) => {
  const code = report(error);

  expect(said).toContain(words);
  expect(code).toBe(exit);
});
