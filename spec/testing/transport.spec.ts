/** Our own transport runs the suite in `spec/actors/node/local-transport.spec.ts`; these are none. */

import { describe, expect, test } from 'vitest';
import { LocalTransport } from '../../src/actors/node/local-transport.ts';
import type { Endpoint, Receiver, Transport } from '../../src/actors/node/transport.ts';
import { transportSuite } from '../../testing/suites/transport.ts';
import { failureIn } from '../support/failing.ts';

const SEED = 5;

/** The local transport, with something wrong about its ends or its receivers. */
function wrong(
  receiverOf: (receiver: Receiver) => Receiver,
  endOf: (end: Endpoint) => Endpoint = (end) => end,
  promised = 4,
): () => { readonly transport: Transport } {
  return () => {
    const local = new LocalTransport(4);
    return {
      transport: {
        window: promised,
        join: (node, receiver) => endOf(local.join(node, receiverOf(receiver))),
      },
    };
  };
}

const same = (receiver: Receiver): Receiver => receiver;
const receiving = (receiver: Receiver, receive: Receiver['receive']): Receiver => ({
  receive,
  room: (to) => receiver.room(to),
});

const twice = wrong((receiver) =>
  receiving(receiver, async (from, frame) => {
    await receiver.receive(from, frame);
    if (frame.length > 20) await receiver.receive(from, frame);
  }),
);

const lossy = wrong((receiver) =>
  receiving(receiver, (from, frame) => (frame.length > 20 ? undefined : receiver.receive(from, frame))),
);

const overtaking = wrong((receiver) => {
  let held: (() => Promise<void>) | null = null;
  return receiving(receiver, async (from, frame) => {
    const later = held;
    held = null;
    if (frame.length > 20 && later === null) held = async () => receiver.receive(from, frame);
    else await receiver.receive(from, frame);
    await later?.();
  });
});

const impatient = wrong((receiver) =>
  receiving(receiver, (from, frame) => {
    void receiver.receive(from, frame);
  }),
);

const deaf = wrong(same, (end) => {
  let closed = false;
  return {
    send: (to, frame) => !closed && end.send(to, frame),
    close: async () => {
      closed = true;
    },
  };
});

const taking = wrong(same, (end) => {
  let closed = false;
  return {
    send: (to, frame) => end.send(to, frame) || closed,
    close: () => {
      closed = true;
      return end.close();
    },
  };
});

describe('the suite finds a transport', () => {
  test.each([
    ['that brings a frame twice', twice, 'each frame'],
    ['that loses a frame', lossy, 'each frame'],
    ['in which a frame overtakes another', overtaking, 'each frame'],
    ['that brings a frame while one is handled', impatient, 'each frame'],
    ['that takes more than it promises', wrong(same, (end) => end, 3), 'no more than a window'],
    ['that closes without bringing what it has taken', deaf, 'closing'],
    ['that takes frames when it is closed', taking, 'closing'],
  ])('%s', async (_, create, name) => {
    expect(await failureIn(transportSuite(create, { seed: SEED }), name)).toContain('expected');
  });

  test('that carries again what was handled, when a connection breaks', async () => {
    const create = () => {
      const local = new LocalTransport(4);
      const last = new Map<number, () => void>();
      const transport: Transport = {
        window: 4,
        join: (node, receiver) =>
          local.join(
            node,
            receiving(receiver, async (from, frame) => {
              await receiver.receive(from, frame);
              if (frame.length > 0) last.set(node, () => void receiver.receive(from, frame));
            }),
          ),
      };
      return { transport, breakConnection: (_: number, to: number) => last.get(to)?.() };
    };

    expect(await failureIn(transportSuite(create, { seed: SEED }), 'each frame')).toContain('expected');
  });
});
