import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ENDLESS } from '../support/small-programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** In a process of its own: what a test runner keeps open there would count, too. */
const SCRIPT = `
import { setImmediate } from 'node:timers/promises';
import { assemble, Machine } from ${JSON.stringify(new URL('../../dist/src/index.js', import.meta.url).href)};

await setImmediate();
const before = process.getActiveResourcesInfo().sort();
const stop = new AbortController();
const machine = new Machine(assemble(${JSON.stringify(ENDLESS)}), {
  tick: 1,
  inputs: [{ base: 0x7_0000_0000, file: 'package.json' }],
});
machine.on('commit', () => stop.abort());
await machine.run({ signal: stop.signal });
await machine[Symbol.asyncDispose]();
await setImmediate();
console.log(JSON.stringify({ before, after: process.getActiveResourcesInfo().sort(), actors: machine.liveActors() }));
`;

test('a machine that is disposed of leaves no timer, handle, actor or pending work behind, and the process ends (I32)', () => {
  const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });

  expect(ended).toMatchObject({ status: 0, signal: null, stderr: '' });
  const { before, after, actors } = JSON.parse(ended.stdout) as {
    before: string[];
    after: string[];
    actors: Record<string, number>;
  };
  for (const one of before) if (after.includes(one)) after.splice(after.indexOf(one), 1);
  expect(after).toEqual([]);
  expect(new Set(Object.values(actors))).toEqual(new Set([0]));
});
