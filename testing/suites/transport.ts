/**
 * What is a transport: the suite for everything that carries frames between nodes. It measures no time: a frame that
 * never comes, or room that is never told, is for the test framework's timeout to find.
 */

import fc from 'fast-check';
import type { Transport } from '../../src/actors/node/transport.ts';
import type { Soon } from '../../src/actors/soon.ts';
import { type ConformanceTest, drawnLater, must, mustEqual, type SuiteOptions } from '../conformance.ts';
import { meet } from './party.ts';

/** A fresh transport that no node has joined. */
export interface TransportUnderTest {
  readonly transport: Transport;
  /** Breaks the connection between two nodes, which then connect again. Absent: there is nothing to break. */
  breakConnection?(a: number, b: number): Soon<void>;
  /** The case is over, and all ends are closed. */
  end?(): Soon<void>;
}

interface Sending {
  readonly from: number;
  readonly to: number;
  readonly frame: Uint8Array;
  /** Afterwards the connection breaks. */
  readonly breaks: boolean;
}

const NODES = 3;

const anyFrame = fc.uint8Array({ minLength: 1, maxLength: 40, size: 'max' });

const anySending: fc.Arbitrary<Sending> = fc.record({
  from: fc.nat(NODES - 1),
  to: fc.nat(NODES - 1),
  frame: anyFrame,
  breaks: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const anyTraffic = fc.record({
  sendings: fc.array(
    anySending.filter(({ from, to }) => from !== to),
    { maxLength: 60, size: 'max' },
  ),
  /** Turns that handling a frame takes, by node. */
  turns: fc.array(fc.nat(20), { minLength: NODES, maxLength: NODES }),
});

/** The suite for a transport; `create` is called once for every drawn case. */
export function transportSuite(
  create: () => Soon<TransportUnderTest>,
  options: SuiteOptions = {},
): ConformanceTest[] {
  const test = <T>(
    name: string,
    arbitrary: fc.Arbitrary<T>,
    check: (value: T, under: TransportUnderTest) => Promise<void>,
  ) =>
    drawnLater(name, arbitrary, 50, options, async (value) => {
      const under = await create();
      try {
        await check(value, under);
      } finally {
        await under.end?.();
      }
    });
  return [
    test(
      'each frame arrives exactly once, and in order from one node to another, however often connections break, and whatever becomes of frames that are released',
      anyTraffic,
      async ({ sendings, turns }, under) => {
        const parties = await Promise.all(turns.map((turn, node) => meet(under.transport, node, turn)));
        for (const { from, to, frame, breaks } of sendings) {
          await parties[from]!.send(to, frame);
          if (breaks) await under.breakConnection?.(from, to);
        }
        for (const party of parties) await party.sayEnd(parties);
        for (const party of parties) await party.heardEnd(NODES - 1);
        for (const party of parties) party.mustHaveHeard(parties);
        await Promise.all(parties.map((party) => party.close()));
      },
    ),
    test(
      'no more than a window is taken and not handled, and who was refused hears when there is room',
      fc.record({ frame: anyFrame, windows: fc.integer({ min: 2, max: 4 }) }),
      async ({ frame, windows }, { transport }) => {
        const sender = await meet(transport, 0, 0);
        const receiver = await meet(transport, 1, 0);
        receiver.holdsFrames = true;
        let taken = 0;
        for (const most = windows * transport.window; taken < most; ) {
          const answer = sender.trySend(1, frame);
          if (answer.taken) {
            taken += 1;
            const open = taken - receiver.handled;
            must(
              open <= transport.window,
              `at most ${transport.window} frames are taken and not handled, and ${open} are`,
            );
            continue;
          }
          await receiver.handleOne();
          await answer.room;
        }
        receiver.letGo();
        await sender.close();
        mustEqual(receiver.handled, taken, 'the frames handled of those that were taken');
        await receiver.close();
      },
    ),
    test(
      'a node that joins late hears what was sent to it before',
      fc.array(anyFrame, { minLength: 1, maxLength: 8 }),
      async (frames, { transport }) => {
        const early = await meet(transport, 0, 0);
        const taken = frames.filter((frame) => early.trySend(1, frame).taken);
        const late = await meet(transport, 1, 0);
        await early.close();
        mustEqual(late.framesFrom(0), taken, 'the frames that came');
        await late.close();
      },
    ),
    test(
      'closing brings all that was taken to its end; afterwards an end takes nothing and hears nothing',
      fc.record({
        before: fc.array(anyFrame, { maxLength: 8 }),
        turns: fc.nat(20),
      }),
      async ({ before, turns }, { transport }) => {
        const sender = await meet(transport, 0, 0);
        const receiver = await meet(transport, 1, turns);
        for (const frame of before) await sender.send(1, frame);
        await sender.close();
        mustEqual(receiver.framesFrom(0), before, 'the frames handled when the sender has closed');
        must(!sender.trySend(1, Uint8Array.of(1)).taken, 'an end that is closed takes no frame');
        const lost = receiver.trySend(0, Uint8Array.of(2));
        must(lost.taken, 'a frame to a node that has left is taken, and lost');
        await receiver.close();
        mustEqual(sender.framesFrom(1), [], 'the frames that came to an end that is closed');
      },
    ),
  ];
}
