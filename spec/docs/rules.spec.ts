/** Documents name files, tests and messages: they exist, and no rule is without a test, no message without a place. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MESSAGES } from '../../src/actors/node/wire/messages.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Row {
  /** A rule's number, a part of the instruction set, a section of the paper. */
  readonly what: string;
  readonly files: readonly string[];
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

const sources = new Map<string, string>();

describe.each(['docs/rules.md', 'docs/paper-map.md'])('%s', (document) => {
  const rows = rowsOf(readFileSync(join(ROOT, document), 'utf8'));

  test('every file that it names exists', () => {
    const files = rows.flatMap((row) => [...row.files, ...row.tests.map(({ file }) => file)]);

    expect(files.length).toBeGreaterThan(30);
    expect([...new Set(files)].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('every test that it names exists', () => {
    const named = rows.flatMap(({ tests }) => tests);

    expect(named.filter(({ file, title }) => !begins(sourceOf(file), title))).toEqual([]);
  });
});

test('each of the 30 rules has code and a test', () => {
  const rows = rowsOf(readFileSync(join(ROOT, 'docs/rules.md'), 'utf8'));
  const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1));
  const held = numbers.filter((rule) =>
    rows.some(({ what, files, tests }) => what === rule && files.length > 0 && tests.length > 0),
  );

  expect(held).toEqual(numbers);
});

test('each of the 30 rules stands in the memory model, in order', () => {
  const text = readFileSync(join(ROOT, 'docs/memory-model.md'), 'utf8');
  const numbers = [...text.matchAll(/^\*\*(\d+)\./gm)].map((match) => Number(match[1]));

  expect(numbers).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

test('each part of the instruction set is a section of its page', () => {
  const headings = [...readFileSync(join(ROOT, 'docs/isa.md'), 'utf8').matchAll(/^## (.+)$/gm)].map(
    (match) => match[1]!,
  );
  const rows = rowsOf(readFileSync(join(ROOT, 'docs/rules.md'), 'utf8'));
  const covered = headings.filter((heading) => rows.some(({ what }) => heading.startsWith(what)));

  expect(headings.filter((heading) => !covered.includes(heading))).toEqual([]);
});

test('every message of the protocol has its place in a conversation of ARCHITECTURE.md', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('## Conversations')[1]!;
  const types = Object.values(MESSAGES).flatMap(({ form }) =>
    form.kind === 'variants' ? form.of.map(({ type }) => type) : [],
  );

  expect(types.length).toBeGreaterThan(30);
  expect([...new Set(types)].filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
});

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md'])(
  'every file that %s names exists',
  (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    const named = [...text.matchAll(/`((?:src|bin|sim|spec|examples|docs|bench)\/[^`\s*]*)`/g)].map(
      (match) => match[1]!,
    );

    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  },
);

/** Rows of all tables; files and titles in the order of their cells. */
function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => {
      const [what = '', ...cells] = line.slice(2, -2).split(' | ');
      const tests: { file: string; title: string }[] = [];
      const files: string[] = [];
      let file = '';
      for (const [, path, title] of cells
        .join(' | ')
        .matchAll(/`((?:src|bin|sim|testing|spec|examples)\/[^`]+)`|“([^”]+)”/g)) {
        if (title !== undefined) tests.push({ file, title });
        else file = path!;
        if (path !== undefined) files.push(path);
      }
      return { what, files: files.filter((path) => !path.startsWith('spec/')), tests };
    });
}

/** Whether a string of the source begins with the title: long ones need not be named to their end. */
function begins(source: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}`));
}

/** The source of a spec, its strings without escapes. */
function sourceOf(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const source = existsSync(join(ROOT, file))
    ? readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")
    : '';
  sources.set(file, source);
  return source;
}
