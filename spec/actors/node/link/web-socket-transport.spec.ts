import { afterAll, describe, expect, test } from 'vitest';
import { Dice } from '../../../../sim/dice.ts';
import { Token } from '../../../../src/actors/node/link/token.ts';
import { LINK_OPTIONS } from '../../../../src/actors/node/link/web-socket-endpoint.ts';
import { WebSocketTransport } from '../../../../src/actors/node/link/web-socket-transport.ts';
import { transportSuite } from '../../../../testing/suites/transport.ts';
import { FaultProxy } from '../../../support/fault-proxy.ts';
import { scale } from '../../../support/runs.ts';

describe.each([1, 64])('a transport over WebSocket, of a window of %d', (frames) => {
  const create = () => {
    const transport = new WebSocketTransport({ ...LINK_OPTIONS, room: { ...LINK_OPTIONS.room, frames } });
    return { transport, breakConnection: (a: number, b: number) => transport.breakConnection(a, b) };
  };
  for (const { name, run } of transportSuite(create, { scale })) test(name, run);
});

describe('a transport over WebSocket whose nodes show each other a token', () => {
  const token = Token.draw('node');
  const create = () => {
    const transport = new WebSocketTransport({
      ...LINK_OPTIONS,
      tokens: [Token.draw('client'), token],
      token,
    });
    return { transport, breakConnection: (a: number, b: number) => transport.breakConnection(a, b) };
  };
  for (const { name, run } of transportSuite(create, { scale: scale / 4 })) test(name, run);
});

describe('a transport over WebSocket whose connections break and fall silent', () => {
  const NODES = 3;
  const seed = Date.now() % 2 ** 31;
  const faults = new Map<string, number>();
  let cases = 0;

  const create = async () => {
    cases += 1;
    const dice = new Dice(seed + cases);
    const proxies = await Promise.all(
      Array.from({ length: NODES }, () => FaultProxy.listen(dice, dice.between(0, 4))),
    );
    // Danger: a beat shorter than a turn of a busy machine's event loop takes every connection for dead, for ever.
    const options = { ...LINK_OPTIONS, beat: 50, handshake: 500, retry: { first: 2, most: 50 } };
    const transport = new WebSocketTransport(options, (url, _, to) => {
      const { port, pathname } = new URL(url);
      proxies[to]!.target = Number(port);
      return `ws://127.0.0.1:${proxies[to]!.port}${pathname}`;
    });
    return {
      transport,
      breakConnection: (a: number, b: number) => {
        for (const node of [a, b]) proxies[node]!.breakAll();
      },
      end: async () => {
        for (const proxy of proxies) {
          for (const [fault, count] of proxy.faults) faults.set(fault, (faults.get(fault) ?? 0) + count);
          await proxy.close();
        }
      },
    };
  };
  // A silence lasts until it is noticed, so a case takes a second.
  for (const { name, run } of transportSuite(create, { scale: scale / 4 })) test(name, run);

  afterAll(() => {
    const counts = [...faults.values()];
    console.log(`seed ${seed}: ${[...faults].map(([fault, count]) => `${fault} ${count}`).join(', ')}`);
    if (counts.reduce((sum, count) => sum + count, 0) >= 40) expect(counts).toHaveLength(3);
  });
});
