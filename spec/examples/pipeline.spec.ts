import { PassThrough, Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runExample } from '../support/example.ts';
import { runs } from '../support/runs.ts';

const STDIN = { base: 0x5_0000_0000, length: 4096 };

test('each line is answered as it arrives, before the next one is there', async () => {
  const source = new PassThrough();
  const answers = new Answers();
  const ran = runExample('pipeline.s', { stdin: { ...STDIN, source }, stdout: answers });

  source.write('hello\n');
  expect(await answers.next()).toBe('1: HELLO\n');
  source.write('wor');
  source.write('ld\n');
  expect(await answers.next()).toBe('2: WORLD\n');
  source.end('the end');
  expect(await answers.next()).toBe('3: THE END\n');

  expect((await ran).report).toMatchObject({ status: 'done', watchers: [] });
});

test('every line is answered once and in order, however the input is cut', async () => {
  const anyLine = fc.string({ unit: fc.constantFrom('a', 'z', 'Z', '1', ' '), maxLength: 130 });
  const property = fc.asyncProperty(
    fc.array(anyLine, { maxLength: 60 }),
    fc.integer({ min: 1, max: 5000 }),
    async (lines, size) => {
      const text = lines.map((line) => `${line}\n`).join('');
      const pieces: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) pieces.push(Buffer.from(text.slice(at, at + size)));

      const { report, stdout } = await runExample('pipeline.s', {
        stdin: { ...STDIN, source: Readable.from(pieces) },
      });

      expect(report).toMatchObject({ status: 'done', watchers: [] });
      expect(stdout).toBe(lines.map((line, i) => `${i + 1}: ${line.slice(0, 112).toUpperCase()}\n`).join(''));
    },
  );

  await fc.assert(property, runs(25));
});

/** What is written to it, piece by piece, as it comes. */
class Answers extends Writable {
  readonly #arrived: string[] = [];
  #wanted: ((text: string) => void) | null = null;

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    if (this.#wanted === null) this.#arrived.push(bytes.toString());
    else this.#wanted(bytes.toString());
    this.#wanted = null;
    done();
  }

  next(): Promise<string> {
    const text = this.#arrived.shift();
    if (text !== undefined) return Promise.resolve(text);
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }
}
