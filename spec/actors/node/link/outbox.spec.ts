import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../../src/actors/node/link/outbox.ts';

const ROOM = { frames: 4, bytes: 20 };
const frame = (length: number) => new Uint8Array(length);

describe('an outbox', () => {
  it('keeps in order what is taken until it is handled, and never more than there is room for', () => {
    const anySteps = fc.array(fc.oneof(fc.nat(12), fc.record({ handles: fc.nat(3) })), { maxLength: 60 });
    fc.assert(
      fc.property(anySteps, (steps) => {
        const released: Uint8Array[] = [];
        const outbox = new Outbox(ROOM, (one) => released.push(one));
        const taken: Uint8Array[] = [];
        let handled = 0;
        for (const step of steps) {
          if (typeof step === 'number') {
            const one = frame(step);
            if (outbox.take(one)) taken.push(one);
          } else {
            handled = Math.min(taken.length, handled + step.handles);
            expect(outbox.acknowledge(handled)).toBe(true);
          }
          const pending = taken.slice(handled);
          expect(outbox.pending).toEqual(pending);
          expect(outbox.first).toBe(handled + 1);
          expect(released).toEqual(taken.slice(0, handled));
          expect(pending.length).toBeLessThanOrEqual(ROOM.frames);
          expect(pending.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(ROOM.bytes);
        }
      }),
    );
  });

  it('takes a frame that is longer than all of its room when nothing else is there', () => {
    const outbox = new Outbox(ROOM, () => {});
    expect(outbox.take(frame(100))).toBe(true);
    expect(outbox.take(frame(1))).toBe(false);
    expect(outbox.acknowledge(1)).toBe(true);
    expect(outbox.take(frame(1))).toBe(true);
    expect(outbox.take(frame(100))).toBe(false);
  });

  it('has news once for whoever was refused, when there is room', () => {
    const outbox = new Outbox(ROOM, () => {});
    for (let i = 0; i < ROOM.frames; i += 1) outbox.take(frame(1));
    expect(outbox.hasNews()).toBe(false);
    outbox.take(frame(1));
    expect(outbox.hasNews()).toBe(false);
    outbox.acknowledge(1);
    expect(outbox.hasNews()).toBe(true);
    expect(outbox.hasNews()).toBe(false);
  });

  it('releases nothing that nobody has handled', () => {
    const released: Uint8Array[] = [];
    const outbox = new Outbox(ROOM, (one) => released.push(one));
    outbox.take(frame(1));
    outbox.abandon();
    expect(outbox.isEmpty).toBe(true);
    expect(released).toEqual([]);
  });

  it('knows an acknowledgement of what was never taken, and one that is late', () => {
    const outbox = new Outbox(ROOM, () => {});
    outbox.take(frame(1));
    expect(outbox.acknowledge(2)).toBe(false);
    expect(outbox.acknowledge(1)).toBe(true);
    expect(outbox.acknowledge(0)).toBe(true);
    expect(outbox.isEmpty).toBe(true);
  });
});
