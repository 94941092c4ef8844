import { expect, test } from 'vitest';
import { includedName } from '../../../src/isa/assembly/path.ts';

test.each([
  ['a.disa', 'main.disa', 'a.disa'],
  ['a.disa', 'lib/main.disa', 'lib/a.disa'],
  ['./a.disa', 'lib/main.disa', 'lib/a.disa'],
  ['../a.disa', 'lib/main.disa', 'a.disa'],
  ['../../a.disa', 'lib/main.disa', '../a.disa'],
  ['../a.disa', '../main.disa', '../../a.disa'],
  ['x//a.disa', './main.disa', 'x/a.disa'],
  ['a.disa', '/src/main.disa', '/src/a.disa'],
  ['/lib/a.disa', 'src/main.disa', '/lib/a.disa'],
  ['/../a.disa', 'main.disa', '/../a.disa'],
])('%s, included by %s, is %s', (path, from, name) => {
  expect(includedName(path, from)).toBe(name);
});
