import { expect, test } from 'vitest';
import type { IoKind } from '../../src/actors/init.ts';
import { createIo, receiveAsIo } from '../../src/actors/io.ts';
import type { ToIo } from '../../src/actors/protocol.ts';
import { CONFIG, Hosted, lettersIn } from '../support/actors.ts';

const FILE = { base: 0x6_0000_0000, length: 256, io: 3 };

test.each<[IoKind, string, ToIo, string]>([
  [
    { type: 'channel', channel: 'stdout' },
    'output',
    { type: 'output', version: 1, offset: 0, bytes: Uint8Array.of(1) },
    'device-write',
  ],
  [
    { type: 'out-file', file: FILE },
    'output',
    { type: 'write', home: 0, sequence: 1, address: FILE.base, bytes: Uint8Array.of(1) },
    'device-write',
  ],
  [
    { type: 'in-file', file: FILE },
    'input-file',
    { type: 'read', from: { node: 0, kind: 'home', id: 0 }, page: FILE.base / CONFIG.pageSize },
    'device-read',
  ],
  [
    { type: 'stream', stream: FILE },
    'stream',
    { type: 'input', offset: 0, bytes: Uint8Array.of(1) },
    'stage',
  ],
  [{ type: 'signals' }, 'signals', { type: 'signal', word: 0x3f00_0000_0000 }, 'stage'],
])(
  'one I/O actor a channel, file, stream, and one for the system words: $type',
  (io, kind, message, answer) => {
    const actor = new Hosted(createIo({ kind: 'io', id: 3, config: CONFIG, io }), receiveAsIo);

    expect(actor.state.kind).toBe(kind);
    // A stream welcomes as much input as its ring takes; the others wait to be spoken to.
    expect(lettersIn(actor.effects)).toEqual(
      kind === 'stream' ? [{ to: 'device:3@0', type: 'device-credit', bytes: FILE.length - 64 }] : [],
    );
    expect(actor.tell(message)).toContainEqual(expect.objectContaining({ type: answer }));
  },
);
