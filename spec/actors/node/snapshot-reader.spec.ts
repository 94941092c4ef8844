import { expect, test } from 'vitest';
import { type Address, nameOfAddress } from '../../../src/actors/address.ts';
import { SnapshotReader } from '../../../src/actors/node/snapshot-reader.ts';
import type { Places } from '../../../src/actors/places.ts';
import type { ToHome } from '../../../src/actors/protocol.ts';
import { PagesLostError } from '../../../src/index.ts';
import { CONFIG } from '../../support/actors.ts';

function reading() {
  const asked: string[] = [];
  const ask = (home: Address<'home'>, message: ToHome) => {
    if (message.type === 'fetch') asked.push(nameOfAddress(home));
  };
  const reader = new SnapshotReader({ ...CONFIG, homes: 1 }, ask);
  const kept = (generation: number, ...nodes: number[]): Places => ({
    generation,
    homes: [nodes.map((node) => ({ node, replica: node, ready: true }))],
    lost: [],
  });
  return { asked, reader, kept };
}

test('who was asked for memory and keeps it no more is not waited for: another one is asked', async () => {
  const { asked, reader, kept } = reading();
  const read = reader.read(0, 8, null);
  reader.moved(kept(1, 0, 2));
  reader.moved(kept(2, 2));
  const page = { page: 0, state: 'bytes', bytes: new Uint8Array(64).fill(7), from: 0, through: 0 } as const;
  // The first one may answer all the same.
  for (let i = 0; i < 2; i += 1) reader.answered(1, { type: 'fetched', home: 0, at: 0, pages: [page] });

  expect(await read).toEqual(new Uint8Array(8).fill(7));
  expect(asked).toEqual(['home:0@0', 'home:0@2']);
});

test('memory that nobody keeps now is waited for; what is lost is said to be', async () => {
  const { asked, reader, kept } = reading();
  reader.moved(kept(1));
  const read = reader.read(0, 8, null);
  expect(asked).toEqual([]);
  reader.moved(kept(2, 1));
  expect(asked).toEqual(['home:0@1']);
  reader.moved({ ...kept(3), lost: [0] });

  await expect(read).rejects.toThrow(PagesLostError);
  await expect(reader.read(0, 8, null)).rejects.toThrow('all nodes that kept it have died');
});
