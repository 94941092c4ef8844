import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dvm, file, finished, said, started, workplace } from '../support/command.ts';
import {
  ABORT,
  COUNT_INPUT,
  ENDLESS,
  FAULT,
  POLITE,
  QUIESCENT,
  SUM,
  YES,
} from '../support/small-programs.ts';

const sum = file('sum.s', SUM);
const fault = file('fault.s', FAULT);
const abort = file('abort.s', ABORT);
const quiescent = file('quiescent.s', QUIESCENT);
const endless = file('endless.s', ENDLESS);
const MANY_FAULTS = `        .entry main
main:   newr    b, b+8, b+16, b+24
        newr    b, b+8, b+16, b+24
        newr    b, b+8, b+16, b+32
        exit:c
none:   .quad 0, 0
writes: mov $0, main
reads:  mov $-1, r0
        mov (r0), r1
b:      .quad none, none, none, w, r
w:      .quad writes
r:      .quad reads
`;
const FULL = /^dvm: error: cannot write to standard output: ENOSPC[^\n]*\n$/;

test('program output goes to stdout, --print lines follow it, and all well exits with 0', async () => {
  expect(await dvm(['run', sum, '--print', 'total:q', '--print', '0x400001000:udx2'])).toEqual({
    exit: 0,
    signal: null,
    stdout: 'ok\n\0' + '0x400001000: 500500\n0x400001000: 500500\n0x400001004: 0\n',
    stderr: '',
  });
});

test('a source and its .dvm file run alike', async () => {
  await dvm(['asm', sum, '-o', 'sum.dvm']);
  expect(await dvm(['run', 'sum.dvm', '--print', 'total:q'])).toMatchObject({
    exit: 0,
    stdout: 'ok\n\0' + '0x400001000: 500500\n',
  });
});

test('a fault is printed as file:line: cause with runner id, pc and address, and exits with 1', async () => {
  const { exit, stderr, stdout } = await dvm(['run', fault]);

  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toMatch(
    /^fault\.s:3: read-outside-ranges at 0x600000000 \(runner 0x[0-9a-f]{16}, pc 0x400000000\)\n {2}hint: [^\n]*\n$/,
  );
});

test.each([
  [
    'an `exit` forgotten',
    'mov $1, r0',
    /^hinted\.s: illegal-instruction at .*\n {2}hint: a runner ends with `exit`/,
  ],
  ['a jump to a register', 'br:j r1', /^hinted\.s:2: bad-branch-target at .*\n {2}hint: .*`br:j \(r1\)`/],
])('a fault says what to do about it: %s', async (_, statement, message) => {
  expect(await dvm(['run', file('hinted.s', `.entry main\nmain: ${statement}\n`)])).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(message),
  });
});

test('what to do about a fault is said once for each cause, and not where no declaration helps', async () => {
  const many = file('many.s', MANY_FAULTS);
  const { stderr } = await dvm(['run', many, '--deterministic']);

  expect(stderr.replace(/ \(runner.*/g, '')).toBe(`many.s:7: write-to-read-only at 0x400000000
  hint: a runner writes its heap ranges: \`.heap\` for the entry runner, newr's second block for others
many.s:7: write-to-read-only at 0x400000000
many.s:9: read-outside-ranges at 0xffffffffffffffff
`);
});

test('an entry runner that aborts exits with 1, and nothing of it remains', async () => {
  expect(await dvm(['run', abort])).toEqual({
    exit: 1,
    signal: null,
    stdout: '',
    stderr: 'dvm: the entry runner has ended without a commit\n',
  });
});

test('watchers that still watch are printed with their ranges, and exit with 3', async () => {
  const { exit, stderr } = await dvm(['run', quiescent]);

  expect(exit).toBe(3);
  expect(stderr).toMatch(
    /^dvm: quiescent: 1 still watching\n {2}watcher 0x[0-9a-f]{16} \([a-z]+\.s:\d+\) watches 0x400001000 \+ 8 bytes\n {4}nobody is left/,
  );
});

test('an endless runner is stopped by --fuel', async () => {
  const { exit, stderr } = await dvm(['run', endless, '--fuel', '1000']);

  expect(exit).toBe(1);
  expect(stderr).toContain('endless.s:10: fuel');
  expect(stderr).toContain('1000 instructions');
});

test('SIGINT cancels: a clear line, exit code 130, what was committed stays', async () => {
  const child = started(['run', endless, '--print', 'seen:q']);
  const ended = finished(child);
  await said(child, 'stdout', /go\n/);
  child.kill('SIGINT');

  expect(await ended).toEqual({
    exit: 130,
    signal: null,
    stdout: 'go\n0x400001000: 1\n',
    stderr: 'dvm: cancelling; once more to kill\ndvm: cancelled; what was committed stays, up to version 1\n',
  });
});

test('a second SIGINT kills', async () => {
  const child = started(['run', file('yes.s', YES)]);
  // Nobody reads its output, so that what it has to bring outside never ends.
  const stuck = said(child, 'stderr', /cancelling/);
  child.stdout.pause();
  await once(child.stdout, 'readable');
  child.kill('SIGINT');
  await stuck;
  child.kill('SIGINT');
  const [exit, signal] = await once(child, 'exit');

  expect({ exit, signal }).toEqual({ exit: null, signal: 'SIGINT' });
});

test('SIGTERM counts up the system word shutdown asked', async () => {
  const child = started(['run', file('polite.s', POLITE), '--tick', '5']);
  const ended = finished(child);
  await said(child, 'stdout', /go/);
  child.kill('SIGTERM');

  expect(await ended).toMatchObject({ exit: 0, stdout: 'gobye\n' });
});

test('a second SIGTERM cancels', async () => {
  const child = started(['run', endless]);
  const ended = finished(child);
  await said(child, 'stdout', /go\n/);
  child.kill('SIGTERM');
  await said(child, 'stderr', /asked to shut down/);
  child.kill('SIGTERM');

  expect(await ended).toMatchObject({ exit: 130 });
});

test('a closed stdout ends quietly', async () => {
  const child = started(['run', file('yes.s', YES)]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child.stdout, 'readable');
  child.stdout.destroy();
  const [exit] = await once(child, 'close');

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
});

test('--stdin is a stream that ends with the input', async () => {
  const input = 'x'.repeat(100_000);
  const program = file('count.s', COUNT_INPUT.replace('input + 8, 8', 'input + 8, 8'));

  expect(await dvm(['run', program, '--stdin', 'input,200000', '--print', 'total:q'], input)).toMatchObject({
    exit: 0,
    stdout: '0x400001000: 100000\n',
  });
});

test('standard input is only read with --stdin', async () => {
  const child = started(['run', sum]);
  const { exit } = await finished(child);
  child.stdin.destroy();

  expect(exit).toBe(0);
});

test('a watcher that waits only on ended input is reported but is no error', async () => {
  const source = COUNT_INPUT.replace('.quad 1, input + 8, 8', '.quad 1, input + 16, 8');
  const { exit, stderr } = await dvm(['run', file('late.s', source), '--stdin', '0x600000000,4096'], 'a');

  expect(exit).toBe(0);
  expect(stderr).toContain('quiescent: 1 still watching');
  expect(stderr).toContain('its input has ended');
  expect(stderr).toContain('standard input');
});

test('--in maps a file byte for byte, also at an odd address with an odd length', async () => {
  file('three.bin', Uint8Array.of(0xaa, 0xbb, 0xcc));
  const source = `        .entry main
        .heap total, 8
main:   mov:z 0x600000ffd:ub, total:q
        mov:z 0x600000fff:ub, r0:q
        mov r0:ub, total + 1:ub
        exit:c
        .align 4096
total:  .quad 0
`;
  expect(
    await dvm(['run', file('odd.s', source), '--in', '0x600000ffd=three.bin', '--print', 'total:q']),
  ).toMatchObject({ exit: 0, stdout: `0x400001000: ${0xccaa}\n` });
});

test('what lies after the last byte of an input file is outside all ranges', async () => {
  file('seven.bin', new Uint8Array(7));
  expect(await dvm(['run', fault, '--in', '0x600000000=seven.bin'])).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('fault.s:3: read-outside-ranges at 0x600000000'),
  });
});

test('a huge sparse file is mapped without being read', async () => {
  file('huge.bin', '');
  truncateSync(join(workplace, 'huge.bin'), 2 ** 40);
  const source = FAULT.replace('0x600000000', '0x10000000000 + 0xfffffffff0');
  expect(await dvm(['run', file('far.s', source), '--in', '0x10000000000=huge.bin'])).toMatchObject({
    exit: 0,
  });
});

test('committed bytes are in the --out file at the end, and the file is as long as its range', async () => {
  file('sum.out', 'what was there before, and was longer than sixteen bytes');
  const program = file('sum-out.s', SUM.replace('total:  .quad 7', '        .equ total, 0x600000008'));
  expect(await dvm(['run', program, '--out', '0x600000000,16=sum.out'])).toMatchObject({
    exit: 0,
    stderr: '',
  });

  const bytes = readFileSync(join(workplace, 'sum.out'));
  expect([bytes.length, bytes.readBigInt64LE(0), bytes.readBigInt64LE(8)]).toEqual([16, 0n, 500500n]);
});

test('--trace writes one JSON line a transition and commit', async () => {
  await dvm(['run', quiescent, '--trace', 'trace.jsonl']);
  const lines = readFileSync(join(workplace, 'trace.jsonl'), 'utf8').trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { type: string; state?: string; version?: number });

  expect(events.map(({ type, state, version }) => `${type} ${state ?? version ?? ''}`.trim())).toEqual([
    'runner created',
    'runner schedulable',
    'runner running',
    'start',
    'commit 1',
    'runner created',
    'runner watching',
    'runner finished',
  ]);
});

test('a trace shows addresses as the report does', async () => {
  await dvm(['run', sum, '--trace', 'sum.jsonl']);
  expect(readFileSync(join(workplace, 'sum.jsonl'), 'utf8')).toContain('{"base":"0x400001000","length":8,');
});

test('a trace takes the place of what the file held, however long that was', async () => {
  writeFileSync(join(workplace, 'old.jsonl'), 'old\n'.repeat(10_000));
  await dvm(['run', sum, '--trace', 'old.jsonl']);
  expect(readFileSync(join(workplace, 'old.jsonl'), 'utf8')).not.toContain('old');
});

test('a trace that cannot be written is told at the end, and exits with 1', async () => {
  const { exit, stdout, stderr } = await dvm(['run', sum, '--trace', '/dev/full']);

  expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'ok\n\0' });
  expect(stderr).toMatch(/^dvm: error: cannot write the trace \/dev\/full: ENOSPC[^\n]*\n$/);
});

test.each([[['--rcomps', '0']], [['--in', '0x600000000=missing.bin']]])(
  'where %j is refused, the file of the trace keeps what it holds',
  async (flags) => {
    writeFileSync(join(workplace, 'kept.jsonl'), 'kept');
    expect(await dvm(['run', sum, '--trace', 'kept.jsonl', ...flags])).toMatchObject({ exit: 2 });
    expect(readFileSync(join(workplace, 'kept.jsonl'), 'utf8')).toBe('kept');
  },
);

test('--stats tells what the run has cost, on stderr', async () => {
  const { stdout, stderr } = await dvm(['run', sum, '--stats']);

  expect(stdout).toBe('ok\n\0');
  expect(stderr).toMatch(/^instructions 3,005 /m);
  expect(stderr).toMatch(/^actors {7}1 master, 1 agent, \d+ rcomp, 2 home, 0 watcher, 3 io$/m);
  expect(stderr).toMatch(/^kept .*do not survive this process$/m);
});

test('a different number of RComps and homes gives the same answer', async () => {
  for (const [rcomps, homes] of [
    ['1', '1'],
    ['7', '5'],
  ]) {
    const args = ['run', sum, '--rcomps', rcomps!, '--homes', homes!, '--print', 'total:q'];
    expect(await dvm(args)).toMatchObject({ exit: 0, stdout: expect.stringContaining(': 500500\n') });
  }
});

test.each([
  ['--serializable'],
  ['--lazy-reads'],
  ['--deterministic'],
  ['--on-conflict', 'abort'],
  ['--seed', '0xffffffffffffffff'],
  ['--ack', 'memory'],
  [
    '--max-children',
    '0',
    '--max-ranges',
    '1',
    '--max-private',
    '1048576',
    '--max-runners',
    '1',
    '--max-versions',
    '0',
  ],
])('a run takes %s %s', async (...flags) => {
  expect(await dvm(['run', sum, ...flags])).toMatchObject({ exit: 0, stderr: '' });
});

test('--lazy-reads lets a runner read what it has not declared', async () => {
  expect(await dvm(['run', fault, '--lazy-reads'])).toMatchObject({ exit: 0, stderr: '' });
});

test.each([
  ['--max-children', '0', 'too-many-children'],
  ['--max-ranges', '0', 'too-many-ranges'],
])('%s %s is a limit with a name', async (flag, value, cause) => {
  expect(await dvm(['run', quiescent, flag, value])).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(new RegExp(`^quiescent\\.s:\\d+: ${cause} `)),
  });
});

test('--print shows each type in its own way', async () => {
  const source = `        .entry main
main:   exit:c
        .align 4096
data:   .float 0.1, -0.0
        .double 0.1
        .quad -1
`;
  const asked = ['data:fsx2', 'data+8:fd', 'data+16:q', 'data+16:uq', 'data+16:ub'];
  const args = asked.flatMap((one) => ['--print', one]);
  const { stdout } = await dvm(['run', file('types.s', source), ...args]);

  expect(stdout.split('\n').map((line) => line.split(': ')[1])).toEqual([
    '0.1',
    '-0',
    '0.1',
    '-1',
    '18446744073709551615',
    '255',
    undefined,
  ]);
});

test('--region-boundary moves the shared region, and a .dvm file says where its own is', async () => {
  expect(await dvm(['run', sum, '--region-boundary', '0x40000000', '--print', 'total:q'])).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('0x40001000: 500500'),
  });
  await dvm(['asm', sum, '-o', 'low.dvm', '--region-boundary', '0x40000000']);
  expect(await dvm(['run', 'low.dvm', '--region-boundary', '0x400000000'])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('assembled for the region boundary 0x40000000'),
  });
});

const BAD_USAGE: readonly (readonly [readonly string[], RegExp])[] = [
  [['run'], /missing required argument 'FILE'/],
  [['run', sum, '--rcmps', '3'], /unknown option '--rcmps'[\s\S]*Did you mean --rcomps/],
  [['rnu', sum], /unknown command 'rnu'[\s\S]*Did you mean run/],
  [['run', 'nowhere.s'], /cannot read nowhere\.s: ENOENT/],
  [['run', '.'], /cannot read \.: EISDIR/],
  [['run', sum, 'twice'], /too many arguments/],
  [['run', sum, '--rcomps', '0'], /--rcomps must be a whole number from 1/],
  [['run', sum, '--max-versions', '0xffffffffffffff'], /a whole number is expected/],
  [['run', sum, '--max-runners', '0'], /--max-runners must be a whole number from 1/],
  [['run', sum, '--rcomps', 'many'], /--rcomps many: a whole number is expected/],
  [['run', sum, '--fuel', '-1'], /--fuel -1: a whole number|argument missing/],
  [['run', sum, '--fuel', '0'], /fuel must be/],
  [['run', sum, '--seed', '0x10000000000000000'], /unsigned 64-bit/],
  [['run', sum, '--tick', '0'], /tick must be/],
  [['run', sum, '--on-conflict', 'panic'], /Allowed choices are retry, abort/],
  [['run', sum, '--ack', 'durable'], /--ack durable: .*memory only[\s\S]*--ack memory/],
  [['run', sum, '--ack', 'replicated'], /--ack replicated: .*no other node/],
  [['run', sum, '--ack', 'hope'], /no such level/],
  [['run', sum, '--region-boundary', '12345'], /power of two/],
  [['run', sum, '--print', 'total'], /expected ADDR:TYPE/],
  [['run', sum, '--print', 'totl:q'], /no label totl[\s\S]*did you mean total\?/],
  [['run', sum, '--print', 'total:z'], /there is no type z[\s\S]*types: b w d q/],
  [['run', sum, '--print', 'total:qx0'], /a count lies from 1/],
  [['run', sum, '--print', '0x100:q'], /private memory/],
  [['run', sum, '--print', '0x3fffffffffff:q'], /below 2\^46/],
  [['run', sum, '--in', 'nothing'], /expected BASE=FILE/],
  [['run', sum, '--in', '0x600000000=missing.bin'], /cannot read input file missing\.bin: ENOENT[^,]*\n/],
  [['run', sum, '--in', '0x600000000=empty.bin'], /input file empty\.bin is empty/],
  [['run', sum, '--in', '0x600000000=.'], /not a regular file/],
  [['run', sum, '--in', '0x100=some.bin'], /lies below the shared region[\s\S]*begins at 0x400000000/],
  [['run', sum, '--in', '0x3fffffffffff=some.bin'], /does not fit below 2\^46/],
  [['run', sum, '--in', 'total=some.bin'], /overlaps assembled bytes[\s\S]*with \.equ/],
  [['run', sum, '--in', '0x3f0000000000=some.bin'], /overlaps the system words/],
  [['run', sum, '--in', '0x3e0000000100=some.bin'], /overlaps the entry runner's stack/],
  [
    ['run', sum, '--in', '0x600000000=some.bin', '--in', '0x600000001=some.bin'],
    /overlaps input file some\.bin/,
  ],
  [['run', sum, '--out', '0x600000000=some.bin'], /expected BASE,LENGTH/],
  [['run', sum, '--out', '0x600000000,0=new.bin'], /its range is empty/],
  [['run', sum, '--out', '0x600000000,8=no/where.bin'], /cannot write output file no\/where\.bin: ENOENT/],
  [['run', sum, '--out', '0x600000000,8=.'], /not a regular file/],
  [
    ['run', sum, '--in', '0x600000000=some.bin', '--out', '0x700000000,8=some.bin'],
    /is also input file some\.bin/,
  ],
  [['run', sum, '--out', `0x600000000,8=${sum}`], /output file sum\.s is also the program/],
  [['run', sum, '--trace', `./${sum}`], /trace \.\/sum\.s is also the program/],
  [['run', sum, '--trace', 'some.bin', '--in', '0x600000000=some.bin'], /is also input file/],
  [['run', sum, '--trace', 'new.bin', '--out', '0x600000000,8=./new.bin'], /is also output file/],
  [['run', sum, '--stdin', '0x600000004,4096'], /multiple of 8/],
  [['run', sum, '--stdin', '0x600000000,128', '--stdin', '0x700000000,128'], /given twice/],
  [['run', sum, '--stdin', '0x600000000,64'], /64 bytes, too few/],
  [['run', sum, '--trace', 'no/where.jsonl'], /cannot write the trace no\/where\.jsonl: ENOENT/],
  [['run', 'some.bin'], /neither a \.dvm file nor text/],
  [['run', 'damaged.dvm'], /damaged\.dvm: .*byte \d+/],
];

test.each(BAD_USAGE)('dvm %s is refused with what is wrong, and exits with 2', async (args, message) => {
  file('some.bin', Uint8Array.of(0xff, 0xfe, 3));
  file('empty.bin', '');
  file('damaged.dvm', Uint8Array.of(0x7f, 0x44, 0x56, 0x4d, 1, 0));
  const { exit, stdout, stderr } = await dvm(args);

  expect(stderr).toMatch(message);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
});

test('an output file that cannot be written is known before the run: nothing else has been touched', async () => {
  writeFileSync(join(workplace, 'kept.bin'), 'kept');
  mkdirSync(join(workplace, 'a-directory'), { recursive: true });
  const { exit, stdout } = await dvm([
    ...['run', sum, '--out', '0x600000000,8=kept.bin'],
    ...['--out', '0x700000000,8=a-directory'],
  ]);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(readFileSync(join(workplace, 'kept.bin'), 'utf8')).toBe('kept');
});

test('every mistake of a source is printed as file:line:column, and exits with 2', async () => {
  const program = file(
    'wrong.s',
    '        .entry main\nmain:   exit:c\n        mvo $1, r0\n        exit:x\n',
  );
  const { exit, stderr } = await dvm(['run', program]);

  expect(exit).toBe(2);
  expect(stderr).toMatch(/^wrong\.s:3:9: error DE\d{4}: /m);
  expect(stderr).toMatch(/^wrong\.s:4:\d+: error DE\d{4}: /m);
  expect(stderr).toMatch(/^2 errors; dvm explain CODE tells more$/m);
});

test.each([
  ['what runners write', ['run', sum], /^dvm: error: ENOSPC[^\n]*\n$/],
  ['--print', ['run', file('silent.s', '.entry main\nmain: exit:c\n'), '--print', 'main:ub'], FULL],
  ['--json', ['run', 'silent.s', '--json'], FULL],
  ['dis', ['dis', sum], FULL],
])('a full disk under stdout is told, and exits with 1: %s', async (_, args, message) => {
  const full = openSync('/dev/full', 'w');
  const child = started(args, { stdout: full });
  closeSync(full);
  const { exit, stderr } = await finished(child);

  expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringMatching(message) });
});
