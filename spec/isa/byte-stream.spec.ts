import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/isa/byte-stream.ts';

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'what is written where the buffer grows is read back (%s bytes before)',
  (before) => {
    const out = new ByteWriter();
    out.raw(new Uint8Array(1024 - before));
    out.u64(2 ** 46 + 1);
    out.raw(new Uint8Array(2048 - before - out.length));
    out.u32(0x01020304);
    out.raw(new Uint8Array(4096 - before - out.length));
    out.raw(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    const bytes = out.finish();

    const at = (offset: number) => new ByteReader(bytes, offset);
    expect(at(1024 - before).u64(Number.MAX_SAFE_INTEGER)).toBe(2 ** 46 + 1);
    expect(new DataView(bytes.buffer).getUint32(2048 - before, true)).toBe(0x01020304);
    expect(bytes.slice(4096 - before)).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  },
);
