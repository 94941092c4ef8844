/** What is exported as `dvm/testing`, as users get it: built. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const { exports, files, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

test('the package has the suites with their types, and everything that they need', () => {
  const { types, default: entry } = exports['./testing'];

  expect([types, entry].filter((file: string) => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['dist/src', 'dist/sim', 'dist/testing']));
  expect(dependencies).toHaveProperty('fast-check');
});

test('a program outside of any test framework runs a suite', () => {
  const program = `
    import { PageStore, pageStoreSuite } from 'dvm/testing';
    for (const { run } of pageStoreSuite((options) => new PageStore(options), { scale: 0.1 })) await run();
    console.log('passed');
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    encoding: 'utf8',
  });

  expect(stderr).toBe('');
  expect(stdout).toBe('passed\n');
});
