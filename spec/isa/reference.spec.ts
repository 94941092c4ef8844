import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/isa/assembler.ts';
import { decode } from '../../src/isa/codec.ts';
import { INSTRUCTIONS } from '../../src/isa/instructions.ts';
import { INSTRUCTION_NOTES } from '../../src/isa/reference/instruction-notes.ts';
import { isaReference } from '../../src/isa/reference.ts';

describe('docs/isa.md', () => {
  test('is what the tables say; `npm run docs:isa` writes it', async () => {
    await expect(isaReference()).toMatchFileSnapshot('../../docs/isa.md');
  });

  test('links lead to headings that are there', () => {
    const page = isaReference();
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);

    expect(links.length).toBeGreaterThanOrEqual(INSTRUCTIONS.length);
    for (const link of links) expect(anchors).toContain(link);
    expect(new Set(anchors).size).toBe(anchors.length);
  });

  test.each(INSTRUCTIONS.map((row) => [INSTRUCTION_NOTES[row.code].example, row] as const))(
    'the example assembles to its instruction: %s',
    (example, row) => {
      const labels = 'loop: done: procedure: exit';
      const result = assemble(`.entry start\nstart: ${example}\n${labels}`, { file: 'example' });
      const [section] = result.ok ? result.program.sections : [];
      expect(decode(section?.bytes ?? new Uint8Array(0), 0)?.instruction.code).toBe(row.code);
    },
  );

  test('the encoding that is shown is that of the source beside it', () => {
    const [, source, bytes] = /`(mov:z [^`]+)` is\n\n```\n([0-9a-f ]+)\n/.exec(isaReference())!;
    const result = assemble(`.entry start\nstart: ${source}`, { file: 'example' });
    expect(result).toMatchObject({
      program: {
        sections: [{ bytes: Uint8Array.from(bytes!.split(' '), (byte) => Number.parseInt(byte, 16)) }],
      },
    });
  });
});
