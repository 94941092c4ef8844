/**
 * What the documents show is what happens. A fence whose first line ends in a mark is taken at its word:
 * `asm file=NAME` is written to that file, `sh run` and `ts run` are run, and the `text` fence that follows is all that
 * they print.
 */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { file, workplace } from '../support/command.ts';

const ROOT = join(import.meta.dirname, '../..');
const DVM = join(ROOT, 'dist/bin/dvm.js');
const ENTRIES = { dvm: join(ROOT, 'src/index.ts'), 'dvm/testing': join(ROOT, 'testing/index.ts') };
const DOCUMENTS = documents();

interface Fence {
  readonly language: string;
  /** `run` or `file=NAME`; empty for a fence that only shows. */
  readonly mark: string;
  readonly line: number;
  readonly text: string;
}

for (const folder of ['examples', 'docs']) symlinkSync(join(ROOT, folder), join(workplace, folder));

afterEach(() => {
  vi.restoreAllMocks();
});

for (const document of DOCUMENTS) {
  const fences = fencesOf(readFileSync(join(ROOT, document), 'utf8'));
  for (const { mark, text } of fences) if (mark.startsWith('file=')) file(mark.slice('file='.length), text);

  fences.forEach((fence, i) => {
    if (fence.mark !== 'run') return;
    const next = fences[i + 1];
    const printed = next?.language === 'text' ? next.text : '';
    test(`${document}:${fence.line}: ${fence.text.split('\n').find((line) => line !== '')}`, async () => {
      const output = fence.language === 'sh' ? shell(fence.text) : await typescript(fence.text);

      expect(output).toBe(printed);
    });
  });
}

test('the marked TypeScript passes the compiler', () => {
  const snippets = DOCUMENTS.flatMap((document) => fencesOf(readFileSync(join(ROOT, document), 'utf8')))
    .filter(({ language, mark }) => language === 'ts' && mark === 'run')
    .map(({ text }, i) => file(`typed/snippet${i}.ts`, text));
  const compilerOptions = {
    paths: Object.fromEntries(Object.entries(ENTRIES).map(([name, place]) => [name, [place]])),
    typeRoots: [join(ROOT, 'node_modules/@types')],
    rootDir: '/',
  };
  // As a project has it whose sources are modules.
  file('typed/package.json', '{ "type": "module" }');
  file(
    'typed/tsconfig.json',
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }),
  );

  expect(snippets.length).toBeGreaterThan(0);
  const compiler = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', join(workplace, 'typed')], {
    encoding: 'utf8',
  });
  expect(compiler.stdout).toBe('');
});

test('every fence has a language, and every mark is known', () => {
  const fences = DOCUMENTS.flatMap((document) =>
    fencesOf(readFileSync(join(ROOT, document), 'utf8')).map((fence) => ({ document, ...fence })),
  );

  expect(fences.filter(({ language }) => language === '')).toEqual([]);
  expect(fences.filter(({ mark }) => !/^(run|file=\S+|)$/.test(mark))).toEqual([]);
});

test('every local link leads somewhere', () => {
  const broken = DOCUMENTS.flatMap((document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1]!)
      .filter((target) => !/^https?:/.test(target) && !leads(document, target))
      .map((target) => `${document}: ${target}`);
  });

  expect(broken).toEqual([]);
});

test('every decision record is listed, and has its three parts', () => {
  const folder = join(ROOT, 'docs/decisions');
  const records = readdirSync(folder).filter((name) => name !== 'README.md');
  const list = readFileSync(join(folder, 'README.md'), 'utf8');

  expect(records.filter((name) => !list.includes(`](${name})`))).toEqual([]);
  const parts = (name: string) => headingsOf(readFileSync(join(folder, name), 'utf8')).slice(1);
  expect(records.filter((name) => parts(name).join() !== 'context,decision,consequences')).toEqual([]);
});

/** Whether a link's file exists, and has the heading that the link names. */
function leads(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const place = path === '' ? join(ROOT, document) : join(ROOT, document, '..', path);
  try {
    if (anchor === undefined) return readdirOrRead(place);
    return headingsOf(readFileSync(place, 'utf8')).includes(anchor);
  } catch {
    return false;
  }
}

function readdirOrRead(place: string): boolean {
  try {
    readFileSync(place);
  } catch {
    readdirSync(place);
  }
  return true;
}

/** As GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** All but the instruction-set reference, which is made from tables and held by a spec of its own. */
function documents(): string[] {
  const names = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const paths = [...readdirSync(ROOT), ...names('docs').map((name) => `docs/${name}`)];
  return paths.filter((path) => path.endsWith('.md') && path !== 'docs/isa.md').sort();
}

function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const opening = /^```(\S*) ?(.*)$/.exec(lines[i]!);
    if (opening === null) continue;
    const first = i + 1;
    i = lines.indexOf('```', first);
    const body = lines.slice(first, i).map((line) => `${line}\n`);
    fences.push({ language: opening[1]!, mark: opening[2]!, line: first, text: body.join('') });
  }
  return fences;
}

/** What a terminal shows of the commands; `npx dvm` is what has been built. */
function shell(commands: string): string {
  const script = `exec 2>&1\nnpx() { shift; '${process.execPath}' '${DVM}' "$@"; }\n${commands}`;
  return spawnSync('sh', ['-c', script], { cwd: workplace, encoding: 'utf8' }).stdout;
}

/** What users import by the package's name, by its place. */
function withPlaces(source: string): string {
  return Object.entries(ENTRIES).reduce(
    (text, [name, place]) => text.replaceAll(`from '${name}'`, `from '${place}'`),
    source,
  );
}

let modules = 0;

/** What a module logs. */
async function typescript(source: string): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...values) => lines.push(`${values.join(' ')}\n`));
  modules += 1;
  const path = join(workplace, `module${modules}.ts`);
  writeFileSync(path, withPlaces(source));
  await import(pathToFileURL(path).href);
  return lines.join('');
}
