/** Translation ahead of time: what travels in a `.dvm` file, and what of it is believed. */

import { describe, expect, test, vi } from 'vitest';
import { Machine } from '../../../src/actors/node/machine.ts';
import { assemble } from '../../../src/isa/assembler.ts';
import { acceptTranslations, translateProgram } from '../../../src/isa/jit/ahead-of-time.ts';
import { UnitCache } from '../../../src/isa/jit/unit-cache.ts';
import { Wasm } from '../../../src/isa/jit/web-assembly.ts';
import type { Program } from '../../../src/isa/program.ts';
import { readProgram, writeProgram } from '../../../src/isa/program-file.ts';

const SOURCE = `
        .entry main
        .heap total, 8
main:   mov $10, r1
        bl twice, r9
        mov r1, total
        exit:c
twice:  add r1, r1, r1
        br:j (r9)
other:  sub r1, $1, r1
        br:nz r1, other
        exit:c
data:   .quad 0x0102030405060708, other
        .org 0x600000000
total:  .quad 0
`;

function program(): Program {
  const result = assemble(SOURCE, { file: 'aot.s' });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.program;
}

const addressOf = (name: string) => program().symbols.find((symbol) => symbol.name === name)!.address;

/** Through a file, as `dvm asm --translate` writes it and `dvm run` reads it. */
function throughFile(one: Program): Program {
  const result = readProgram(writeProgram(one));
  if (!result.ok) throw new Error(result.error.message);
  return result.program;
}

describe('dvm asm --translate', () => {
  test('translates what can be reached from the entry and from labels at instructions, each function once', () => {
    const translations = translateProgram(program());

    expect(translations.map(({ entry }) => entry)).toEqual([addressOf('main'), addressOf('other')]);
    for (const { module } of translations) expect(Wasm.validate(module)).toBe(true);
  });

  test('modules travel in the .dvm file', () => {
    const translations = translateProgram(program());

    expect(throughFile({ ...program(), translations }).translations).toEqual(translations);
    expect('translations' in throughFile(program())).toBe(false);
  });
});

describe('one is accepted only if it is byte for byte what this translator emits for that code', () => {
  test('what the translator wrote is accepted', () => {
    const { units, refused } = acceptTranslations({
      ...program(),
      translations: translateProgram(program()),
    });

    expect(refused).toEqual([]);
    expect(units.map(({ functions }) => functions[0]!.pc)).toEqual([addressOf('main'), addressOf('other')]);
  });

  test('else translated anew: a module with a changed byte, one for other code, none at all', () => {
    const translations = translateProgram(program());
    const [main, other] = translations as [(typeof translations)[0], (typeof translations)[0]];
    for (let at = 0; at < main.module.length; at += 7) {
      const module = main.module.slice();
      module[at]! ^= 1;
      const { units, refused } = acceptTranslations({ ...program(), translations: [{ ...main, module }] });
      expect(refused).toEqual([main.entry]);
      expect(units.map((unit) => unit.module)).toEqual([main.module]);
    }
    const swapped = [{ entry: main.entry, module: other.module }];
    expect(acceptTranslations({ ...program(), translations: swapped })).toMatchObject({
      refused: [main.entry],
      units: [{ module: main.module }],
    });
    const empty = [{ entry: main.entry, module: new Uint8Array() }];
    expect(acceptTranslations({ ...program(), translations: empty }).units[0]!.module).toEqual(main.module);
  });

  test('a module where no instruction is, is refused and nothing is made', () => {
    const translations = [{ entry: 0x600000000, module: translateProgram(program())[0]!.module }];

    expect(acceptTranslations({ ...program(), translations })).toEqual({ units: [], refused: [0x600000000] });
  });
});

test('what has been translated ahead of time is not translated again by the RComps, which begin attempts; --stats tells what translating took', async () => {
  const add = vi.spyOn(UnitCache.prototype, 'add');
  const translating = async (one: Program) => {
    add.mockClear();
    await using machine = new Machine(one);
    await machine.run();
    return { units: add.mock.calls.length, milliseconds: machine.costs().translate };
  };

  expect(await translating(program())).toEqual({
    units: 1,
    milliseconds: expect.toSatisfy((one) => one > 0),
  });
  expect(await translating({ ...program(), translations: translateProgram(program()) })).toEqual({
    units: 0,
    milliseconds: 0,
  });
  add.mockRestore();
});
