import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RingReader, RingWriter } from '../../../../src/actors/node/compartments/ring.ts';
import { runs } from '../../../support/runs.ts';

const CAPACITY = 64;

function ring(start: number) {
  const words = new Int32Array(new SharedArrayBuffer(8)).fill(start);
  const bytes = new Uint8Array(new SharedArrayBuffer(CAPACITY));
  const at = { head: 0, tail: 1 };
  return { writer: new RingWriter(words, at, bytes), reader: new RingReader(words, at, bytes) };
}

const starts = fc.constantFrom(0, 40, 60, 2 ** 31 - 36, -36, -4);

test('what comes out is what went in, in order, wherever the ring and its counters wrap around', () => {
  const record = fc.uint8Array({ maxLength: 30 });
  fc.assert(
    fc.property(starts, fc.array(fc.option(record)), (start, steps) => {
      const { writer, reader } = ring(start);
      const [offered, taken]: [Uint8Array[], Uint8Array[]] = [[], []];
      const take = () => {
        const found = reader.take();
        if (found !== null) taken.push(found.slice());
        return found !== null;
      };
      for (const step of steps) {
        if (step === null) take();
        else if (writer.offer(step)) offered.push(step);
      }
      while (take());

      expect(taken).toEqual(offered);
      expect(reader.isEmpty).toBe(true);
    }),
    runs(500),
  );
});

test('a full ring takes nothing, and does not lose what it has', () => {
  fc.assert(
    fc.property(starts, (start) => {
      const { writer, reader } = ring(start);
      for (let i = 0; i < CAPACITY / 16; i++) expect(writer.offer(new Uint8Array(12).fill(i))).toBe(true);

      expect(writer.offer(new Uint8Array(0))).toBe(false);
      for (let i = 0; i < CAPACITY / 16; i++) expect(reader.take()).toEqual(new Uint8Array(12).fill(i));
      expect(reader.take()).toBeNull();
    }),
  );
});

test('a record that no ring of this size can hold is never taken', () => {
  const { writer } = ring(0);

  expect(writer.offer(new Uint8Array(CAPACITY - 3))).toBe(false);
  expect(writer.offer(new Uint8Array(CAPACITY - 4))).toBe(true);
});
