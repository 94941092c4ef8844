/** What a master has kept, looked into. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterSource } from '../../sim/workloads/counter.ts';
import { Store } from '../../src/actors/node/cluster/store.ts';
import { assemble, Cluster } from '../../src/index.ts';
import { dvm, workplace } from '../support/command.ts';
import { type DvmProcess, startMaster, startNode } from '../support/killing.ts';

const RUNNERS = 100;
let master: DvmProcess;
let node: DvmProcess;

beforeAll(async () => {
  master = await startMaster(0);
  node = await startNode(master.url);
  const cluster = Cluster.at(master.url);
  const source = counterSource({ kind: 'counter', runners: RUNNERS });
  // Its results are not let go, so it is kept.
  const run = await cluster.submit(assemble(source), { name: 'counter.s' });
  expect((await run.report()).status).toBe('done');
  await run.leave();
});
afterAll(async () => {
  await node.kill();
  await master.kill();
});

test('programs are listed, while the master runs', async () => {
  const { stdout, exit } = await dvm(['log', 'data', '--json']);

  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ program: 1, name: 'counter.s', submitted: expect.any(String) });
  expect((await dvm(['log', 'data'])).stdout).toMatch(/^1 {2}\S+Z {2}counter\.s\n$/);
});

test('a directory without programs says so, and as JSON lists none', async () => {
  await Store.open(join(workplace, 'unused')).close();

  expect(await dvm(['log', 'unused'])).toMatchObject({ exit: 0, stdout: 'no programs\n' });
  expect(await dvm(['log', 'unused', '--json'])).toMatchObject({ exit: 0, stdout: '' });
});

test('versions are those after the last checkpoint, each with who wrote what', async () => {
  const { stdout } = await dvm(['log', 'data', '1', '--json']);
  const versions = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

  expect(versions.at(-1)).toEqual({
    version: RUNNERS + 1,
    runner: expect.stringMatching(/^0x/),
    attempt: expect.any(Number),
    ranges: [{ base: '0x600000000', length: 8 }],
  });
  expect(versions.length).toBeLessThan(RUNNERS);
  expect(versions.map(({ version }) => version)).toEqual(
    versions.map((_, i) => RUNNERS + 2 - versions.length + i),
  );
});

test('memory is read as it was', async () => {
  const printed = async (...args: string[]) => (await dvm(['log', 'data', '1', ...args])).stdout;

  expect(await printed('--print', '0x600000000:q')).toBe('0x600000000: 100\n');
  expect(await printed('--at', '100', '--print', '0x600000000:q')).toBe('0x600000000: 99\n');
  expect(await printed('--at', '99', '--print', '0x600000000:ubx2')).toBe(
    '0x600000000: 98\n0x600000001: 0\n',
  );
});

describe('what cannot be is refused, with the reason:', () => {
  test.each([
    [['nowhere'], 'nowhere is no directory of a master'],
    [['data', '7'], 'data has no program 7'],
    [['data', 'one'], 'PROGRAM one: a whole number is expected'],
    [['data', '--at', '3'], '--at and --print are about one program'],
    [['data', '1', '--at', '3'], 'versions '],
    [['data', '1', '--at', '500', '--print', '0x600000000:q'], '--at 500: versions '],
    [['data', '1', '--at', '101'], '--at says when, and nothing says what'],
    [['data', '1', '--print', '0x10:q'], 'is private memory'],
  ])('dvm log %j', async (args, why) => {
    expect(await dvm(['log', ...args])).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining(why),
    });
  });
});
