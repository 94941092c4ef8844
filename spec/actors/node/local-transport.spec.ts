import { describe, test } from 'vitest';
import { LocalTransport } from '../../../src/actors/node/local-transport.ts';
import { transportSuite } from '../../../testing/suites/transport.ts';
import { scale } from '../../support/runs.ts';

describe.each([1, 2, 64])('a transport within a process, of a window of %d', (window) => {
  const create = () => {
    const transport = new LocalTransport(window);
    return { transport, breakConnection: (a: number, b: number) => transport.breakConnection(a, b) };
  };
  for (const { name, run } of transportSuite(create, { scale })) test(name, run);
});
