import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordReader, RecordWriter } from '../../../../src/actors/node/compartments/byte-record.ts';
import { COSTS, type Costs } from '../../../../src/actors/node/compartments/costs.ts';
import { KnownPages, SentPages } from '../../../../src/actors/node/compartments/known-pages.ts';
import {
  type Inward,
  type Outward,
  readInward,
  readOutward,
  writeInward,
  writeOutward,
} from '../../../../src/actors/node/compartments/records.ts';
import type { Outcome, SnapshotPage, ToCompartment, ToRComp } from '../../../../src/actors/protocol.ts';
import { messageTo } from '../../../support/messages.ts';
import { runs } from '../../../support/runs.ts';

const execution = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const costs: fc.Arbitrary<Costs> = fc.record(
  Object.fromEntries(COSTS.map((cost) => [cost, fc.double({ noNaN: true })])) as Record<
    keyof Costs,
    fc.Arbitrary<number>
  >,
  { noNullPrototype: true },
);

const inward: fc.Arbitrary<Inward> = fc
  .tuple(execution, messageTo('compartment') as fc.Arbitrary<ToCompartment>)
  .map(([number, message]): Inward => {
    const { type } = message;
    if (type === 'cancel') return { type: 'drop', execution: number };
    const { pages } = message;
    if (type === 'supply') return { type, execution: number, pages };
    return { type, execution: number, pages, control: message.control, sv: message.sv };
  });

const outcomes = (messageTo('rcomp') as fc.Arbitrary<ToRComp>).filter(
  (message): message is Extract<ToRComp, { type: 'compartment-ended' }> & { outcome: Outcome } =>
    message.type === 'compartment-ended' && message.outcome !== null,
);

const outward: fc.Arbitrary<Outward> = fc.oneof(
  fc.tuple(execution, outcomes, costs).map(
    ([number, { outcome }, cost]): Outward => ({
      type: 'ended',
      execution: number,
      outcome,
      costs: cost,
    }),
  ),
  fc
    .tuple(execution, fc.array(fc.nat()))
    .map(([number, pages]): Outward => ({ type: 'needs', execution: number, pages })),
  execution.map((number): Outward => ({ type: 'dropped', execution: number })),
  fc.constant<Outward>({ type: 'posted' }),
);

test('read(write(m)) = m, 64-bit edges included, with the memory of the record or a copy of it (I33)', () => {
  fc.assert(
    fc.property(fc.array(inward), fc.array(outward), fc.boolean(), (inwards, outwards, keeps) => {
      const [sent, known, writer] = [new SentPages(), new KnownPages(), new RecordWriter()];
      const record = () =>
        new RecordReader(keeps ? writer.record.slice() : writer.record, keeps, writer.attached);
      for (const message of inwards) {
        writeInward(writer.begin(), message, sent);
        expect(readInward(record(), known)).toStrictEqual(message);
      }
      for (const message of outwards) {
        writeOutward(writer.begin(), message, keeps);
        expect(readOutward(record())).toStrictEqual(message);
      }
    }),
    runs(100),
  );
});

test('a record that is cut short is no message', () => {
  fc.assert(
    fc.property(outward, fc.nat(), (message, cut) => {
      const writer = new RecordWriter();
      writeOutward(writer.begin(), message);
      const record = writer.record;
      expect(() => readOutward(new RecordReader(record.subarray(0, cut % record.length), false))).toThrow(
        RangeError,
      );
    }),
    runs(300),
  );
});

class Exchange {
  readonly #sent = new SentPages();
  readonly #known = new KnownPages();
  readonly #writer = new RecordWriter();

  /** What arrives, and how many bytes that took. */
  send(pages: readonly SnapshotPage[]): { readonly pages: readonly SnapshotPage[]; readonly bytes: number } {
    writeInward(this.#writer.begin(), { type: 'supply', execution: 1, pages }, this.#sent);
    const { record } = this.#writer;
    const message = readInward(new RecordReader(record, false), this.#known);
    return { pages: message.type === 'supply' ? message.pages : [], bytes: record.length };
  }
}

test('a page that was sent once is named from then on, and is the same array there', () => {
  const exchange = new Exchange();
  const page = { page: 7, bytes: new Uint8Array(4096).fill(3) };
  const first = exchange.send([page]);
  const second = exchange.send([{ ...page, page: 9 }]);

  expect(second.pages).toEqual([{ ...page, page: 9 }]);
  expect(second.pages[0]!.bytes).toBe(first.pages[0]!.bytes);
  expect(second.bytes).toBeLessThan(64);
});

test('what is kept is bounded: what was washed out is sent again', () => {
  const exchange = new Exchange();
  const pages = Array.from({ length: 12 }, (_, i) => ({ page: i, bytes: new Uint8Array(2 ** 20).fill(i) }));
  for (const page of pages) exchange.send([page]);
  const again = exchange.send([pages[0]!]);

  expect(again.bytes).toBeGreaterThan(2 ** 20);
  expect(Buffer.compare(again.pages[0]!.bytes!, pages[0]!.bytes)).toBe(0);
});

test('a scan washes nothing out', () => {
  const exchange = new Exchange();
  const code = { page: 1, bytes: new Uint8Array(4096) };
  exchange.send([code]);
  for (let round = 0; round < 200; round++)
    exchange.send(Array.from({ length: 17 }, (_, i) => ({ page: 100 + i, bytes: new Uint8Array(4096) })));

  expect(exchange.send([code]).bytes).toBeLessThan(64);
});
