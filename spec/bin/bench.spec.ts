import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { mustAgree } from '../../bench/execution.ts';
import { inTurns, type Result, rowOf } from '../../bench/measure.ts';
import { dvm, workplace } from '../support/command.ts';
import { violations } from '../support/json-schema.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/bench-report.schema.json', import.meta.url), 'utf8'),
);

const compiler = spawnSync('cc', ['--version']).status === 0;

/** Those whose peer is C. */
const NATIVE = ['table3-arithmetic', 'table3-memory', 'random', 'primes', 'calls'];

test('without a name all benchmarks are listed, one line each', async () => {
  const { exit, stdout } = await dvm(['bench']);

  expect(exit).toBe(0);
  expect(stdout.trim().split('\n').length).toBe(BENCHMARKS.length);
  for (const { name, title } of BENCHMARKS)
    expect(stdout.split('\n').some((line) => line.startsWith(name) && line.endsWith(title))).toBe(true);
});

test('a name that is none is refused, with the one that is meant', async () => {
  const { exit, stdout, stderr } = await dvm(['bench', 'table3-aritmetic']);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toBe(
    'dvm: error: there is no benchmark table3-aritmetic\n  hint: did you mean table3-arithmetic?\n',
  );
});

test.each([
  ['--rounds', '0'],
  ['--rounds', 'few'],
  ['--size', '0'],
  ['--size', '-1'],
  ['--size', 'small'],
])('%s %s is refused', async (option, value) => {
  const { exit, stdout } = await dvm(['bench', 'primes', option, value]);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
});

test.each(BENCHMARKS.map(({ name }) => name))(
  '%s prints one JSON object that its schema describes',
  async (name) => {
    const { exit, stdout } = await dvm(['bench', name, '--json', '--rounds', '1', '--size', '0.00002']);
    const report = JSON.parse(stdout) as { readonly name: string; readonly rows: Result['rows'] };

    expect(violations(schema, report)).toEqual([]);
    expect({ exit, name: report.name }).toEqual({ exit: 0, name });
    expect(report.rows.length).toBeGreaterThan(0);
    if (NATIVE.includes(name) && compiler) expect(report.rows[0]!.peer).not.toBeNull();
  },
);

test.each(NATIVE)('%s runs translated, 99 of 100 instructions and more', async (name) => {
  const { stdout } = await dvm([
    'bench',
    name,
    '--json',
    '--rounds',
    '1',
    '--size',
    '0.01',
    '--engine',
    'wasm',
  ]);
  const { rows } = JSON.parse(stdout) as { readonly rows: Result['rows'] };
  const share = rows.find((row) => row.case === 'instructions that ran translated, %');

  expect(share?.ours).toBeGreaterThanOrEqual(99);
});

test('a table says the same to people', async () => {
  const { exit, stdout } = await dvm(['bench', 'assembler', '--rounds', '1', '--size', '0.01']);

  expect(exit).toBe(0);
  expect(stdout).toMatch(/\| case +\| +ours \| +peer \| +ratio \| +spread \|\n/);
  expect(stdout).toMatch(/\| assemble +\| +[0-9,.]+ \|/);
});

test('without a C compiler there is no native peer, and that is said', () => {
  const command = fileURLToPath(new URL('../../dist/bin/dvm.js', import.meta.url));
  const args = [command, 'bench', 'calls', '--json', '--rounds', '1', '--size', '0.00002'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { PATH: workplace },
    encoding: 'utf8',
  });

  expect(status).toBe(0);
  expect(JSON.parse(stdout).rows[0]).toMatchObject({ peer: null, ratio: null });
  expect(stderr).toBe('dvm: note: there is no C compiler (cc) here, so there is no native peer\n');
});

test('peers that have computed something else are no peers', () => {
  expect(() => mustAgree(1n, 2n)).toThrow('we have computed 1 and the native peer 2');
});

test('cases take turns, after one that does not count', async () => {
  const order: string[] = [];
  const recorded = (name: string) => () => order.push(name);
  await inTurns([recorded('ours'), null, recorded('peer')], 2);

  expect(order).toEqual(['ours', 'peer', 'ours', 'peer', 'ours', 'peer']);
});

test('a ratio is the median of the ratios of the rounds, not the ratio of the medians', () => {
  expect(rowOf('x', [10, 20, 60], [10, 40, 30])).toEqual({
    case: 'x',
    ours: 20,
    peer: 30,
    ratio: 1,
    spread: [0.5, 2],
  });
});
