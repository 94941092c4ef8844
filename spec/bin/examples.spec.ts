/** The command lines at the head of each example, run as they stand there. */

import { spawnSync } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { workplace } from '../support/command.ts';
import { sourceOfExample } from '../support/example.ts';

const INDENT = '#     ';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DVM = join(ROOT, 'dist/bin/dvm.js');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.s'));

symlinkSync(join(ROOT, 'examples'), join(workplace, 'examples'));

describe.each(EXAMPLES)('%s', (name) => {
  for (const { commands, printed } of sessions(sourceOfExample(name))) {
    test(commands.at(-1)!, () => {
      const lines = shell(commands).split('\n');

      expect(lines.slice(0, printed.length)).toEqual(printed);
    });
  }
});

test('every example says how it is run', () => {
  expect(EXAMPLES.filter((name) => sessions(sourceOfExample(name)).length === 0)).toEqual([]);
});

interface Session {
  readonly commands: readonly string[];
  /** The lines that are promised; none if the promise is in words. */
  readonly printed: readonly string[];
}

/** What the head comment shows, indented: command lines, and what the next block says that they print. */
function sessions(source: string): Session[] {
  const blocks = blocksOf(source.slice(0, source.search(/^[^#]/m)));
  return blocks.flatMap((block, i) => {
    if (!runsDvm(block)) return [];
    const next = blocks[i + 1] ?? [];
    return [{ commands: block, printed: runsDvm(next) ? [] : next }];
  });
}

function blocksOf(head: string): string[][] {
  const blocks: string[][] = [[]];
  for (const line of head.split('\n')) {
    if (line.startsWith(INDENT)) blocks.at(-1)!.push(line.slice(INDENT.length));
    else if (blocks.at(-1)!.length > 0) blocks.push([]);
  }
  return blocks;
}

function runsDvm(block: readonly string[]): boolean {
  return block.some((line) => /\bdvm run /.test(line));
}

/** What a terminal shows. */
function shell(commands: readonly string[]): string {
  const script = `exec 2>&1; dvm() { '${process.execPath}' '${DVM}' "$@"; }\n${commands.join('\n')}`;
  return spawnSync('sh', ['-c', script], { cwd: workplace, encoding: 'utf8' }).stdout;
}
