/** The import table: who may know whom. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Folder → the folders and packages that its files may import; a folder may always import itself. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'src/invariant.ts': [],
  'src/sometimes.ts': [],
  'src/errors.ts': ['src/isa', 'src/memory'],
  'src/isa': ['src/invariant.ts'],
  'src/memory': ['src/invariant.ts'],
  'src/actors': ['src/invariant.ts', 'src/sometimes.ts', 'src/isa', 'src/memory'],
  'src/actors/node/wire': [
    'src/invariant.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'node:',
    'msgpack-lite',
  ],
  'src/actors/node/link': ['src/invariant.ts', 'src/actors', 'src/actors/node', 'node:', 'ws'],
  'src/actors/node/cluster': [
    'src/invariant.ts',
    'src/errors.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'src/actors/node',
    'src/actors/node/link',
    'src/actors/node/wire',
    'node:',
    'winston',
    'prom-client',
    'lmdb',
  ],
  'src/actors/node': [
    'src/invariant.ts',
    'src/errors.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'node:',
    'nact',
    'msgpack-lite',
    'winston',
  ],
  'src/index.ts': [
    'src/errors.ts',
    'src/invariant.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'src/actors/node',
    'src/actors/node/cluster',
  ],
  sim: [
    'src/invariant.ts',
    'src/sometimes.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'src/actors/node/wire',
    'fast-check',
  ],
  testing: [
    'sim',
    'src/errors.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'src/actors/node',
    'node:',
    'fast-check',
  ],
  'sim/figures': ['src/actors', 'sim', 'node:'],
  bench: [
    'src/index.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'src/actors/node',
    'src/actors/node/cluster',
    'src/actors/node/link',
    'src/actors/node/wire',
    'node:',
    'nact',
    'piscina',
  ],
  bin: [
    'bench',
    'sim',
    'src/index.ts',
    'src/errors.ts',
    'src/isa',
    'src/memory',
    'src/actors',
    'src/actors/node',
    'src/actors/node/cluster',
    'src/actors/node/link',
    'node:',
    'commander',
    'node-forge',
    'picocolors',
  ],
};

const files = [...new Set(Object.keys(TABLE).flatMap((folder) => sourcesUnder(folder)))];

it.each(files)('%s imports only what its folder may know', (file) => {
  const folder = folderOf(file);
  const allowed = [folder, ...TABLE[folder]!];
  const strangers = importsOf(file).filter(
    (target) => !allowed.some((place) => target === place || isIn(target, place)),
  );

  expect(strangers).toEqual([]);
});

it('every source file belongs to a folder of the table', () => {
  const all = ['src', 'sim', 'testing', 'bench', 'bin'].flatMap((top) => sourcesUnder(top));

  expect(all.filter((file) => folderOf(file) === '')).toEqual([]);
  expect(all.length).toBeGreaterThan(60);
});

/** The longest place of the table that holds a file or folder. */
function folderOf(path: string): string {
  const places = Object.keys(TABLE).filter((place) => path === place || path.startsWith(`${place}/`));
  return places.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** Packages by name, folders by their own place in the table: `src/actors` does not hold `src/actors/node`. */
function isIn(target: string, place: string): boolean {
  if (place === 'node:') return target.startsWith('node:');
  return folderOf(target) === place || packageOf(target) === place;
}

function packageOf(target: string): string | undefined {
  return folderOf(target) === '' ? target.split('/')[0] : undefined;
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const targets = [...source.matchAll(/(?<!')(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
  return targets.map((target) =>
    target.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), target)) : target,
  );
}

function sourcesUnder(place: string): string[] {
  if (place.endsWith('.ts')) return [place];
  return readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(place, name.replaceAll('\\', '/')));
}
