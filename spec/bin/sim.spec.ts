import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isSameRun } from '../../bin/sim/failing.ts';
import { judgeSeed } from '../../sim/campaign.ts';
import { CHECKERS } from '../../sim/checkers/all.ts';
import { FAULT_KINDS } from '../../sim/faults.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { dvm, type Finished, file, finished, said, started, workplace } from '../support/command.ts';
import { violations } from '../support/json-schema.ts';
import { ENDLESS, SUM } from '../support/small-programs.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/sim-report.schema.json', import.meta.url), 'utf8'),
);

/** Who comes last decides. */
const RACE = `        .entry main
main:   mov $none, r1
        mov $heap, r2
        mov $one, r3
        mov $two, r4
        newr r1, r2, r1, r3
        newr r1, r2, r1, r4
        exit:c
first:  mov $1, cell
        exit:c
second: mov $2, cell
        exit:c
none:   .quad 0, 0
heap:   .quad 1, cell, 8
one:    .quad first
two:    .quad second
        .align 4096
cell:   .quad 0
`;

const sum = file('sum.s', SUM);
const race = file('race.s', RACE);
const PLANTED = ['--mutate', 'no-validation', '--seed', '1'];

const sim = (...args: string[]) => dvm(['sim', ...args]);
const inWorkplace = (name: string) => join(workplace, name);

function reportOf({ stdout }: Finished) {
  expect(stdout.endsWith('\n')).toBe(true);
  const report = JSON.parse(stdout);
  expect(violations(schema, report)).toEqual([]);
  return report;
}

describe('the lists', () => {
  test.each([
    ['--list-invariants', [...CHECKERS.map(({ id }) => id), 'I31', 'assertion', 'outcome']],
    ['--list-faults', FAULT_KINDS],
    ['--list-mutations', Object.keys(MUTATIONS)],
  ])('%s gives a name and a sentence a line', async (list, names) => {
    const { exit, stdout, stderr } = await sim(list);
    const lines = stdout.trimEnd().split('\n');

    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(names);
    for (const line of lines) expect(line).toMatch(/^\S+( \S+)? {2,}\S.{10,}$/);
    const named: { name: string }[] = reportOf(await sim(list, '--json'));
    expect(named.map(({ name }) => name)).toEqual(names);
  });
});

describe('seeds', () => {
  test('that violate nothing exit with 0 and give one line, with what was seen', async () => {
    const { exit, stdout, stderr } = await sim('--seed', '7', '--seeds', '3', '--jobs', '8');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^no violation from seed 7 on: 3 seeds, .*\n$/);
  });

  test('give the same in two processes, on however many threads', async () => {
    const [one, other] = [
      await sim('--seed', '0', '--seeds', '40', '--json'),
      await sim('--seed', '0', '--seeds', '40', '--json', '--jobs', '1'),
    ];
    expect(one.stdout).toBe(other.stdout);
    expect(reportOf(one)).toMatchObject({ status: 'clean', exit: 0, first: 0, seeds: 40 });
    expect(reportOf(one).fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  test('are fresh unless they are named, and told at once', async () => {
    const { stdout, stderr } = await sim('--seeds', '1');
    const [, seed] = /^dvm: from seed (\d+) on\n$/.exec(stderr)!;
    expect(stdout).toContain(`no violation from seed ${seed} on: 1 seeds`);
  });

  test('end when time is up', async () => {
    const { exit, stdout } = await sim('--seed', '4294967290', '--time', '1ms', '--json');
    expect(exit).toBe(0);
    expect(reportOf({ stdout } as Finished).seeds).toBeLessThanOrEqual(6);
  });

  test('end at an interrupt, with what was seen so far', async () => {
    const child = started(['sim', '--time', '10m', '--json']);
    const ended = finished(child);
    await said(child, 'stderr', /from seed/);
    child.kill('SIGINT');
    const end = await ended;
    expect(end.exit).toBe(130);
    expect(reportOf(end)).toMatchObject({ status: 'interrupted', exit: 130 });
  });
});

describe('a failing seed', () => {
  test('is one screen: invariant, configuration, diagram, replay line; and its replay shows the same', async () => {
    const found = await sim(...PLANTED);
    expect(found).toMatchObject({ exit: 1, stderr: 'dvm: trace in I4-1.trace.json\n' });
    expect(found.stdout).toMatch(
      /^I4: no commit overlaps what another wrote between its snapshot and itself\n/,
    );
    for (const part of [/ {2}version \d+ \(\w{8}\.\d+, sv \d+\) is decided over/, /pageSize/, /✗/, /µs/])
      expect(found.stdout).toMatch(part);
    expect(found.stdout.endsWith('\nreplay with:\ndvm sim --replay I4-1.trace.json\n')).toBe(true);
    expect(found.stdout.split('\n').length).toBeLessThanOrEqual(62);

    expect(await sim('--replay', 'I4-1.trace.json')).toMatchObject({
      exit: 1,
      stdout: found.stdout,
      stderr: '',
    });
  });

  test('is told as JSON', async () => {
    const found = await sim(...PLANTED, '--no-minimize', '--json');
    const report = reportOf(found);
    expect(report).toMatchObject({ status: 'violated', exit: 1, first: 1, seed: 1, failure: { id: 'I4' } });
    expect(report.relevantMessages).toBeLessThanOrEqual(report.messages);

    const again = reportOf(await sim('--replay', report.trace, '--json'));
    expect(again).toMatchObject({ status: 'violated', failure: report.failure, messages: report.messages });
  });

  test('leaves a report: HTML that needs nothing else, JSON lines, and a trace', async () => {
    const { stderr } = await sim(...PLANTED, '--no-minimize', '--report', 'a report');
    expect(stderr).toBe('dvm: report in a report/report.html\n');
    const [html, steps, trace] = ['report.html', 'steps.jsonl', 'trace.json'].map((name) =>
      readFileSync(inWorkplace(`a report/${name}`), 'utf8'),
    );
    expect(html).not.toMatch(/https?:|\bsrc=|\bhref=/);
    // As a shell wants it.
    expect(JSON.parse(steps!.split('\n')[0]!).replay).toBe("dvm sim --replay 'a report/trace.json'");
    expect(JSON.parse(trace!)).toMatchObject({ violates: 'I4', mutations: ['no-validation'] });
  });

  test('that gives another run each time is an error of its own', () => {
    const { shown } = judgeSeed(1, { wishes: {}, mutations: [], given: null, memories: false });
    const failure = { id: 'I4', sentence: '', text: 'one', step: 1 };
    expect(isSameRun(shown, structuredClone(shown))).toBe(true);
    expect(isSameRun(shown, { ...shown, fingerprint: '00000000' })).toBe(false);
    expect(isSameRun(shown, { ...shown, failure })).toBe(false);
    expect(isSameRun({ ...shown, failure }, { ...shown, failure: { ...failure, text: 'other' } })).toBe(
      false,
    );
  });
});

describe('a program', () => {
  test('is run with whatever goes wrong, and must come to what is expected', async () => {
    const expected = await sim(
      sum,
      '--seed',
      '1',
      '--seeds',
      '4',
      '--expect',
      'total:q=500500',
      '--confluent',
    );
    expect(expected).toMatchObject({ exit: 0, stderr: '' });
    const found = await sim(sum, '--seed', '1', '--expect', 'total:q=7', '--no-minimize');
    expect(found).toMatchObject({ exit: 1, stderr: 'dvm: trace in outcome-1.trace.json\n' });
    expect(found.stdout).toContain('  0x400001000:q is 500500, not 7\n');
    expect(found.stdout).toContain('dvm sim sum.s --replay outcome-1.trace.json\n');

    const mended = await sim(sum, '--replay', 'outcome-1.trace.json', '--expect', 'total:q=500500');
    expect(mended).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^outcome-1\.trace\.json: no violation, /),
      stderr: 'dvm: note: it was kept because it violated outcome\n',
    });
    const other = await sim(race, '--replay', 'outcome-1.trace.json');
    expect(other.stderr).toContain('dvm: note: race.s is not what outcome-1.trace.json was made of\n');
  });

  test('may be a .dvm file', async () => {
    await dvm(['asm', sum, '-o', 'high.dvm', '--region-boundary', '0x800000000']);
    const { exit } = await sim('high.dvm', '--seed', '1', '--expect', '0x800001000:q=500500');
    expect(exit).toBe(0);
  });

  test('that never ends exits with 4 and says who does not end', async () => {
    const endless = file('endless.s', ENDLESS);
    const found = await sim(
      endless,
      '--seed',
      '1',
      '--fuel',
      '2000',
      '--faults',
      'none',
      '--no-minimize',
      '--json',
    );
    expect(found.exit).toBe(4);
    expect(reportOf(found)).toMatchObject({
      status: 'violated',
      exit: 4,
      failure: {
        id: 'I31',
        text: expect.stringMatching(/^runner 0x[0-9a-f]+ has executed 2,000 instructions/),
      },
    });
  });

  test('whose memory depends on the order of messages is not confluent', async () => {
    const found = await sim(race, '--seed', '1', '--seeds', '60', '--confluent', '--json');
    expect(found.exit).toBe(1);
    const { seeds, traces, bytes } = reportOf(found);
    expect(bytes).toEqual([{ address: '0x400001000', bytes: expect.arrayContaining([1, 2]) }]);
    expect(seeds[0]).toBeLessThan(seeds[1]);

    const beside = await sim(race, '--replay', traces[0], '--diff', traces[1]);
    expect(beside).toMatchObject({ exit: 1, stdout: expect.stringMatching(/^- .*\n\+ /m) });
    const same = await sim(race, '--replay', traces[0], '--diff', traces[0], '--json');
    expect(reportOf(same)).toMatchObject({ status: 'same', exit: 0, difference: null });
  });

  test('is tried in every order', async () => {
    const report = reportOf(
      await sim(sum, '--mode', 'exhaustive', '--time', '2s', '--json', '--rcomps', '1'),
    );
    expect(report).toMatchObject({
      status: 'clean',
      programs: [{ name: 'sum.s', memories: 1, violation: null }],
    });
    const short = await sim(sum, '--mode', 'exhaustive', '--time', '2s', '--fuel', '50', '--rcomps', '1');
    expect(short).toMatchObject({ exit: 1, stdout: expect.stringMatching(/has executed 50 instructions/) });
    const { exit, stdout } = await sim(sum, '--mode', 'exhaustive', '--time', '2s', '--expect', 'total:q=7');
    expect({ exit, stdout }).toEqual({
      exit: 1,
      stdout: expect.stringMatching(/0x400001000:q is 500500, not 7\n/),
    });
  });
});

describe('a trace', () => {
  test('is shown up to a step, with the states that messages leave', async () => {
    await sim(...PLANTED, '--no-minimize');
    const { stdout, stderr } = await sim('--replay', 'I4-1.trace.json', '--until', '3');
    expect(stdout.match(/^\d+\. /gm)).toEqual(['1. ', '2. ', '3. ']);
    expect(stdout).toMatch(/^ {8}phase: running$/m);
    expect(stderr).toMatch(/^dvm: error: I4 at message \d+: version/);
  });

  test('that no longer applies says at which decision, and does not pass', async () => {
    await sim(...PLANTED, '--no-minimize');
    const trace = JSON.parse(readFileSync(inWorkplace('I4-1.trace.json'), 'utf8'));
    trace.decisions.push({ message: 'home:7>home:8', nth: 1, type: 'fetch', delay: 1 });
    writeFileSync(inWorkplace('old.trace.json'), JSON.stringify(trace));

    const { exit, stdout, stderr } = await sim('--replay', 'old.trace.json');
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(
      `old.trace.json does not fit any more: at decision ${trace.decisions.length}, {"message":`,
    );
  });

  test('of a bug that is planted no more says so', async () => {
    await sim(...PLANTED, '--no-minimize');
    const text = readFileSync(inWorkplace('I4-1.trace.json'), 'utf8');
    writeFileSync(inWorkplace('renamed.trace.json'), text.replace('no-validation', 'no-idea'));
    expect(await sim('--replay', 'renamed.trace.json')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/this dvm has no planted bug no-idea\n {2}hint: /),
    });
  });
});

describe('what is wrong with the command line is said, with what to do', () => {
  test.each<[string[], RegExp]>([
    [['--seed', '4294967296'], /--seed 4294967296: from 0 to 4294967295 is expected/],
    [['--seed', '4294967295', '--seeds', '2'], /--seeds 2: from 1 to 1 is expected/],
    [['--seeds', 'many'], /--seeds many: a whole number is expected/],
    [['--time', '10'], /--time 10: a duration is expected\n {2}hint: as in 30s/],
    [['--jobs', '0'], /--jobs 0: from 1 to 256 is expected/],
    [['--faults', 'dorp'], /--faults dorp: there is no such fault\n {2}hint: did you mean drop\?/],
    [
      ['--faults', ''],
      /--faults "": names with commas between are expected\n {2}hint: dvm sim --list-faults/,
    ],
    [['--mutate', 'nonsense'], /--mutate nonsense: there is no such planted bug/],
    [['--fault-rate', '-1'], /--fault-rate -1: a number from 0 to 20 is expected/],
    [['--mode', 'fast'], /Allowed choices are safety, liveness, exhaustive/],
    [['nowhere.s'], /cannot read nowhere\.s: ENOENT/],
    [['--replay', 'nowhere.json'], /cannot read nowhere\.json: ENOENT/],
    [['--replay', 'sum.s'], /sum\.s: no JSON: /],
    [['--expect', 'total:q=1'], /--expect is about a program\n {2}hint: name its file/],
    [['--confluent'], /--confluent is about a program/],
    [['--until', '3'], /--until is about a trace\n {2}hint: name it/],
    [['--replay', 'x', '--seeds', '3'], /--seeds says nothing beside --replay/],
    [['--mode', 'exhaustive', '--faults', 'all'], /--faults says nothing beside --mode exhaustive/],
    [['--mode', 'exhaustive', '--report', 'd'], /--report says nothing beside --mode exhaustive/],
    [['--mode', 'exhaustive', '--homes', '2'], /--homes says nothing beside .* without a program/],
    [['--replay', 'x', '--no-minimize'], /--no-minimize says nothing beside --replay/],
    [['sum.s', '--expect', 'total:q'], /--expect total:q: expected ADDR:TYPE=VALUE/],
    [['sum.s', '--expect', 'total:q=x'], /--expect total:q=x: x is no value of type q/],
    [['sum.s', '--expect', 'totl:q=1'], /no label totl\n {2}hint: did you mean total\?/],
    [[...PLANTED, '--no-minimize', '--report', 'sum.s'], /cannot write sum\.s\/trace\.json: /],
  ])('%j', async (args, message) => {
    const { exit, stdout, stderr } = await sim(...args);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(existsSync(inWorkplace('trace.json'))).toBe(false);
  });
});

test('the schema bites', () => {
  for (const report of [{}, { status: 'clean', exit: 1 }, [{ name: 'I1' }]])
    expect(violations(schema, report)).not.toEqual([]);
});
