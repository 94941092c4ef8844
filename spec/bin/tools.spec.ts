import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dvm, file, workplace } from '../support/command.ts';
import { SUM } from '../support/small-programs.ts';

const sum = file('sum.s', SUM);
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('asm writes a .dvm file beside the source, or where -o says', async () => {
  expect(await dvm(['asm', sum])).toMatchObject({
    exit: 0,
    stdout: '',
    stderr: expect.stringMatching(/^sum\.dvm: \d+ bytes\n$/),
  });
  expect(await dvm(['asm', sum, '-o', 'other.dvm'])).toMatchObject({ exit: 0 });

  expect(readFileSync(join(workplace, 'other.dvm'))).toEqual(readFileSync(join(workplace, 'sum.dvm')));
});

test('asm --listing prints addresses and bytes beside the lines', async () => {
  const { stdout } = await dvm(['asm', sum, '-o', 'listed.dvm', '--listing']);

  expect(stdout).toMatch(/^000400001000 {2}07 00 00 00 00 00 00 00 .* total: {2}\.quad 7$/m);
});

test('dis gives source that assembles to the same program', async () => {
  const { stdout } = await dvm(['dis', sum]);
  file('again.s', stdout);

  expect(await dvm(['run', 'again.s', '--print', 'total:q'])).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('500500'),
  });
});

test('fmt lays a source out in place, once and for all; --check only tells', async () => {
  const ugly = file('ugly.s', '.entry main\nmain: mov   $1 ,r0\n   exit:c\n');
  expect(await dvm(['fmt', ugly, '--check'])).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('not formatted'),
  });
  expect(readFileSync(join(workplace, ugly), 'utf8')).toContain('$1 ,r0');

  expect(await dvm(['fmt', ugly])).toMatchObject({ exit: 0, stdout: '', stderr: '' });
  expect(readFileSync(join(workplace, ugly), 'utf8')).toContain('mov $1, r0');
  expect(await dvm(['fmt', ugly, '--check'])).toMatchObject({ exit: 0, stderr: '' });
});

test('check tells whether a file is a program, without running it', async () => {
  expect(await dvm(['check', sum])).toMatchObject({ exit: 0, stdout: expect.stringContaining('sum.s: ok') });
  expect(
    await dvm(['check', file('rem.s', '        .entry m\nm:      rem r0, r1, r2\n        exit:c\n')]),
  ).toMatchObject({ exit: 0 });
  expect(await dvm(['check', 'rem.s', '--profile', 'base'])).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^rem\.s:2:9: error DE\d{4}/),
  });
});

test('an include is looked for beside the file that names it', async () => {
  file('library/more.s', '        .equ answer, 42\n');
  file('library/all.s', '        .include "more.s"\n');
  const main = file(
    'includes.s',
    '        .include "library/all.s"\n        .entry m\nm:      mov $answer, r0\n        exit:c\n',
  );

  expect(await dvm(['check', main])).toMatchObject({ exit: 0 });
  expect(
    await dvm([
      'check',
      file('broken.s', '        .include "nowhere.s"\n        .entry m\nm:      exit:c\n'),
    ]),
  ).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('cannot read `nowhere.s`'),
  });
});

test('explain tells what an error means, in any case of letters', async () => {
  expect(await dvm(['explain', 'de0101'])).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^DE0101: /),
  });
});

test('--version is that of the package', async () => {
  expect(await dvm(['--version'])).toMatchObject({ exit: 0, stdout: `${version}\n` });
});

test('help has examples and exit codes, and goes to stdout', async () => {
  const { exit, stdout, stderr } = await dvm(['--help']);

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toContain('dvm run sum.s --print total:q');
  expect(stdout).toContain('130 cancelled');
  expect((await dvm(['help', 'run'])).stdout).toContain('dvm run lines.s --stdin input,4096 < file');
});

test.each(['bash', 'zsh', 'fish'])('completion for %s knows every verb and every flag', async (shell) => {
  const { exit, stdout } = await dvm(['completion', shell]);

  expect(exit).toBe(0);
  for (const verb of ['run', 'asm', 'dis', 'fmt', 'check', 'explain', 'completion'])
    expect(stdout).toContain(verb);
  for (const flag of ['on-conflict', 'region-boundary', 'listing', 'max-children', 'profile'])
    expect(stdout).toContain(flag);
});

test.each([
  ['dvm di', ['dis']],
  ['dvm run --ser', ['--serializable']],
  ['dvm run sum.s --on-conflict ', ['retry', 'abort']],
  ['dvm run a\\ na', ['a name.s']],
  ['dvm completion z', ['zsh']],
  ['dvm explain DE0104', ['DE0104']],
  ['dvm help com', ['completion']],
])('the completion for bash is a script that bash accepts: %j leads to %j', async (line, found) => {
  file('a name.s', SUM);
  const { stdout } = await dvm(['completion', 'bash']);
  const words = line.replace(/ $/, " ''");
  const probe = `COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _dvm; printf '%s\\n' "\${COMPREPLY[@]}"`;

  expect(
    spawnSync('bash', ['-c', `${stdout}\n${probe}`], { encoding: 'utf8', cwd: workplace }),
  ).toMatchObject({
    stdout: `${found.join('\n')}\n`,
    stderr: '',
  });
});

test.each<[string, string[], RegExp]>([
  ['no verb', [], /Usage: dvm/],
  ['asm of a .dvm file', ['asm', 'already.dvm'], /is a \.dvm file, not source[\s\S]*dvm dis/],
  ['asm into nowhere', ['asm', sum, '-o', 'no/where.dvm'], /cannot write no\/where\.dvm: ENOENT/],
  ['asm over its own source', ['asm', 'own.dvm'], /own\.dvm is also the source/],
  ['asm over its own source by another name', ['asm', sum, '-o', `./${sum}`], /sum\.s is also the source/],
  ['an unknown profile', ['check', sum, '--profile', 'huge'], /Allowed choices are base, extended/],
  ['an unknown error', ['explain', 'DE9999'], /there is no error DE9999/],
  ['an unknown shell', ['completion', 'cmd'], /no completion for cmd[\s\S]*bash zsh fish/],
  ['fmt of what cannot be read', ['fmt', 'odd.s'], /^odd\.s:1:\d+: error DE\d{4}/],
])('%s is refused with what to do, and exits with 2', async (_, args, message) => {
  await dvm(['asm', sum, '-o', 'already.dvm']);
  file('own.dvm', SUM);
  file('odd.s', '        mov $1; "unclosed\n');
  const { exit, stderr } = await dvm(args);

  expect(stderr).toMatch(message);
  expect(exit).toBe(2);
});

test('a command whose reader has gone ends quietly', async () => {
  const long = file('long.s', `        .entry main\nmain:   exit:c\n${'        .quad 1\n'.repeat(20_000)}`);
  const dvmPath = new URL('../../dist/bin/dvm.js', import.meta.url).pathname;
  const shell = `"${process.execPath}" "${dvmPath}" dis ${long} | head -c 1; exit "$PIPESTATUS"`;

  expect(spawnSync('bash', ['-c', shell], { cwd: workplace, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test('a name that is too long is refused by its own reason, not as a mistake in dvm', async () => {
  const long = 'x'.repeat(300);

  for (const args of [
    ['asm', sum, '-o', long],
    ['run', sum, '--trace', long],
  ])
    expect(await dvm(args)).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/ENAMETOOLONG|name too long/),
    });
});
