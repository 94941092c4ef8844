import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { format } from '../../src/index.ts';
import { assembleExample, sourceOfExample } from '../support/example.ts';

const FOLDER = new URL('../../examples/', import.meta.url);
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.s'));

test.each(EXAMPLES)('%s assembles, and is as `dvm fmt` leaves it', (name) => {
  const source = sourceOfExample(name);

  expect(assembleExample(name).sections.length).toBeGreaterThan(0);
  expect(format(source, name)).toEqual({ ok: true, text: source });
});

test('examples/README.md lists every example', () => {
  const readme = sourceOfExample('README.md');

  expect(EXAMPLES.filter((name) => !readme.includes(`[${name}](${name})`))).toEqual([]);
});
