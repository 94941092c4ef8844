/** What is emitted for each shape of code: `golden/*.s` and the exact text beside it. `vitest -u` writes it anew. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assemble } from '../../../src/isa/assembler.ts';
import { decode } from '../../../src/isa/codec.ts';
import { translate } from '../../../src/isa/jit/translate.ts';
import { layoutOf } from '../../../src/isa/layout.ts';
import type { Program } from '../../../src/isa/program.ts';
import { wasmText } from '../../support/jit/wasm-text.ts';

const FOLDER = new URL('golden/', import.meta.url);
const SHAPES = readdirSync(FOLDER).filter((name) => name.endsWith('.s'));

test.each(SHAPES)('%s', async (name) => {
  const source = readFileSync(new URL(name, FOLDER), 'utf8');

  await expect(translated(source)).toMatchFileSnapshot(`golden/${name.replace(/s$/, 'wat')}`);
});

test('each block marks that it is executed where the attempt is to know', async () => {
  const source = readFileSync(new URL('while.s', FOLDER), 'utf8');

  await expect(translated(source, true)).toMatchFileSnapshot('golden/while-tracked.wat');
});

function translated(source: string, tracked = false): string {
  const assembled = assemble(source, { file: 'golden.s' });
  if (!assembled.ok) throw new Error(JSON.stringify(assembled.diagnostics));
  const { program } = assembled;
  const unit = translate(codeOf(program), program.entry, layoutOf(program.regionBoundary), { tracked });
  return wasmText(unit!.module);
}

function codeOf({ sections }: Program) {
  return (pc: number) => {
    const section = sections.find(({ address, bytes }) => pc >= address && pc < address + bytes.length);
    return section === undefined ? null : decode(section.bytes, pc - section.address);
  };
}
