import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dvm, file, finished, said, started } from '../support/command.ts';
import { violations } from '../support/json-schema.ts';
import { ABORT, ENDLESS, FAULT, LONG, QUIESCENT, SUM } from '../support/small-programs.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/run-report.schema.json', import.meta.url), 'utf8'),
);

test('all well', async () => {
  const { stdout, stderr } = await dvm([
    'run',
    file('sum.s', SUM),
    '--json',
    '--print',
    'total:q',
    '--print',
    'total:ubx3',
  ]);
  const report = JSON.parse(stdout);

  expect(violations(schema, report)).toEqual([]);
  expect(stdout.endsWith('}\n')).toBe(true);
  expect(stderr).toBe('');
  expect(report).toEqual({
    status: 'done',
    exit: 0,
    version: 1,
    runners: { committed: 1, aborted: 0, faulted: 0, conflicts: 0, retries: 0, watching: 0 },
    prints: [
      { address: '0x400001000', type: 'q', values: ['500500'] },
      { address: '0x400001000', type: 'ub', values: ['20', '163', '7'] },
    ],
    stdout: 'ok\n\0',
    faults: [],
    watchers: [],
  });
});

test('--stats adds what the run has cost: time by phase, and how much was translated', async () => {
  const source = file('long.s', LONG);
  const { stdout, stderr } = await dvm(['run', source, '--json', '--stats', '--engine', 'wasm']);
  const report = JSON.parse(stdout);

  expect(violations(schema, report)).toEqual([]);
  expect(stderr).toBe('');
  expect(report.stats).toMatchObject({ attempts: 1, messages: { master: expect.any(Number) } });
  expect(report.stats.translated).toBeGreaterThan(0.99 * report.stats.instructions);
  expect(report.stats.phases.translate).toBeGreaterThan(0);
  expect(report.stats.phases.fetch).toBeGreaterThan(0);
});

test.each([
  [
    'a fault',
    FAULT,
    1,
    {
      status: 'faulted',
      faults: [
        { cause: 'read-outside-ranges', pc: '0x400000000', address: '0x600000000', file: 'x.s', line: 3 },
      ],
    },
  ],
  ['an abort', ABORT, 1, { status: 'aborted' }],
  [
    'waiting watchers',
    QUIESCENT,
    3,
    { status: 'quiescent', watchers: [{ ranges: [{ base: '0x400001000', length: 8 }], writers: [] }] },
  ],
  ['output that is no text', SUM.replace('$0x0a6b6f:d', '$0xff:d'), 0, { stdoutBase64: '/wAAAA==' }],
])('%s', async (_, source, exit, expected) => {
  const run = await dvm(['run', file('x.s', source), '--json']);
  const report = JSON.parse(run.stdout);

  expect(violations(schema, report)).toEqual([]);
  expect(run.exit).toBe(exit);
  expect(report).toMatchObject({ exit, ...expected });
});

test('a cancelled run', async () => {
  const source = ENDLESS.replaceAll('ctx.stdout', 'ctx.stderr');
  const child = started(['run', file('endless.s', source), '--json']);
  const ended = finished(child);
  await said(child, 'stderr', /go\n/);
  child.kill('SIGINT');
  const { exit, stdout } = await ended;
  const report = JSON.parse(stdout);

  expect(violations(schema, report)).toEqual([]);
  expect({ exit, ...report }).toMatchObject({ exit: 130, status: 'cancelled', version: 1, stdout: '' });
});

test('the schema bites', () => {
  const report = {
    status: 'fine',
    exit: 0,
    version: -1,
    runners: {},
    prints: [],
    stdout: '',
    stdoutBase64: '',
    faults: [{}],
    watchers: [],
    more: 1,
  };

  expect(violations(schema, report).map((line) => line.split(':')[0])).toEqual(
    expect.arrayContaining(['$.status', '$.version', '$.runners', '$.faults[0]', '$']),
  );
});
