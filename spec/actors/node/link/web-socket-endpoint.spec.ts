/** What a node says to those who do not keep to the rules: why, and nothing of it reaches an actor. */

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { PROTOCOL } from '../../../../src/actors/node/link/dial.ts';
import {
  LINK_OPTIONS,
  type LinkOptions,
  WebSocketEndpoint,
  type Whereabouts,
} from '../../../../src/actors/node/link/web-socket-endpoint.ts';

const OPTIONS: LinkOptions = {
  ...LINK_OPTIONS,
  room: { frames: 3, bytes: 100_000 },
  longest: 50_000,
  connections: 2,
};

let endpoint: WebSocketEndpoint;
let url: string;
let heard: string[];
let reported: string[];
let whereabouts: Map<number, Whereabouts>;
/** While it is not null, no frame is handled. */
let held: Promise<void> | null;

beforeEach(async () => {
  heard = [];
  reported = [];
  held = null;
  whereabouts = new Map();
  const receive = async (from: number, frame: Uint8Array) => {
    await held;
    heard.push(`${from}: ${Buffer.from(frame)}`);
  };
  endpoint = new WebSocketEndpoint(
    0,
    { receive, room: () => {} },
    (node) => whereabouts.get(node) ?? 'unknown',
    { ...OPTIONS, report: (node, why) => reported.push(`${node}: ${why}`) },
  );
  url = await endpoint.listen('127.0.0.1', 0);
});

afterEach(async () => {
  whereabouts.set(1, 'left');
  endpoint.moved(1);
  await endpoint.close();
});

describe('who connects is refused, with the reason,', () => {
  async function refused(path: string, protocol: string, headers: Record<string, string>): Promise<string> {
    const socket = new WebSocket(new URL(path, url), protocol, { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let text = '';
    for await (const chunk of response) text += chunk;
    return `${response.statusCode} ${text}`;
  }

  test('if it speaks another version', async () => {
    expect(await refused('/link', 'dvm.1', { 'dvm-node': '1', 'dvm-cluster': 'dvm' })).toBe(
      `426 this node speaks ${PROTOCOL}, not dvm.1`,
    );
  });

  test('if it is a browser', async () => {
    expect(
      await refused('/link', PROTOCOL, { 'dvm-node': '1', 'dvm-cluster': 'dvm', origin: 'http://a.example' }),
    ).toBe('403 browsers are not let in');
  });

  test('if it wants something else', async () => {
    expect(await refused('/', PROTOCOL, { 'dvm-node': '1', 'dvm-cluster': 'dvm' })).toBe(
      '404 nodes connect to /link',
    );
  });

  test.each([{}, { 'dvm-node': 'x' }, { 'dvm-node': '-1' }])('if it is no node: %o', async (headers) => {
    expect(await refused('/link', PROTOCOL, headers)).toBe('400 dvm-node is the number of a node');
  });

  test('if it has left', async () => {
    whereabouts.set(1, 'left');
    expect(await refused('/link', PROTOCOL, { 'dvm-node': '1', 'dvm-cluster': 'dvm' })).toBe(
      '410 one of the two nodes has left',
    );
  });

  test('if it belongs to another cluster', async () => {
    expect(await refused('/link', PROTOCOL, { 'dvm-node': '1', 'dvm-cluster': 'other' })).toBe(
      '410 this node belongs to another cluster',
    );
  });

  test('if it says more than a few headers', async () => {
    const asked = request(url.replace('ws', 'http'), { headers: { long: 'x'.repeat(5_000) } });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(431);
  });
});

test('who is one too many is not heard', async () => {
  const sockets = Array.from({ length: 3 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  const [first] = await Promise.race(sockets.map((socket, i) => once(socket, 'close').then(() => [i])));
  for (const socket of sockets) socket.destroy();
  expect(first).toBe(2);
});

describe('who breaks the rules is disconnected:', () => {
  async function peer(): Promise<WebSocket> {
    const socket = new WebSocket(url, PROTOCOL, { headers: { 'dvm-node': '1', 'dvm-cluster': 'dvm' } });
    await once(socket, 'open');
    return socket;
  }

  async function ending(socket: WebSocket): Promise<string> {
    const [code, reason] = await once(socket, 'close');
    return `${code} ${reason}`.trimEnd();
  }

  test.each([
    ['hello', '1002 a word that is none'],
    ['from -1', '1002 a word that is none'],
    ['handled 99999999999999999999', '1002 a word that is none'],
    ['handled 1', '1002 more handled than were sent'],
  ])('%s', async (word, end) => {
    const socket = await peer();
    socket.send(word);
    expect(await ending(socket)).toBe(end);
  });

  test('a frame before its number', async () => {
    const socket = await peer();
    socket.send(Buffer.from('a'));
    expect(await ending(socket)).toBe('1002 a frame without a number');
  });

  test('a frame that is left out', async () => {
    const socket = await peer();
    socket.send('from 2');
    socket.send(Buffer.from('a'));
    expect(await ending(socket)).toBe('1002 a frame is left out');
    expect(heard).toEqual([]);
    expect(reported).toEqual(['1: a frame is left out']);
  });

  test('more frames than the window', async () => {
    let release = () => {};
    held = new Promise((now) => {
      release = now;
    });
    const socket = await peer();
    socket.send('from 1');
    for (const text of ['a', 'b', 'c', 'd']) socket.send(Buffer.from(text));
    expect(await ending(socket)).toBe('1002 more frames than the window');
    release();
  });

  test('a frame that is too long', async () => {
    const socket = await peer();
    socket.send('from 1');
    socket.send(Buffer.alloc(OPTIONS.longest + 1));
    expect(await ending(socket)).toBe('1009');
  });
});

test('a frame that comes again is handled once, and acknowledged', async () => {
  const socket = new WebSocket(url, PROTOCOL, { headers: { 'dvm-node': '1', 'dvm-cluster': 'dvm' } });
  const words: string[] = [];
  const settled = new Promise<void>((done) => {
    socket.on('message', (data) => {
      words.push(String(data));
      if (String(data) === 'handled 2') done();
    });
  });
  await once(socket, 'open');
  socket.send('from 1');
  socket.send(Buffer.from('a'));
  socket.send('from 1');
  socket.send(Buffer.from('a'));
  socket.send(Buffer.from('b'));
  await settled;
  expect(heard).toEqual(['1: a', '1: b']);
  expect(words[0]).toBe('handled 0');
});

test('a node that handles nothing costs its sender no more than the room', () => {
  whereabouts.set(1, { url: 'ws://127.0.0.1:1/link' });
  let taken = 0;
  while (endpoint.send(1, new Uint8Array(40_000))) taken += 1;
  expect(taken).toBe(2);
});

test('of two connections a node sends on the one where it is the server, which masks nothing', async () => {
  const frames = (socket: WebSocket) => {
    const texts: string[] = [];
    socket.on('message', (data, isBinary) => {
      if (isBinary) texts.push(String(data));
    });
    return texts;
  };
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => PROTOCOL });
  await once(server, 'listening');
  whereabouts.set(1, { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link` });
  endpoint.send(1, Buffer.from('a'));
  const [dialled] = (await once(server, 'connection')) as [WebSocket];
  const masked = frames(dialled);
  while (masked.length === 0) await once(dialled, 'message');
  const own = new WebSocket(url, PROTOCOL, { headers: { 'dvm-node': '1', 'dvm-cluster': 'dvm' } });
  const unmasked = frames(own);
  await once(own, 'message');
  endpoint.send(1, Buffer.from('b'));
  while (![...masked, ...unmasked].includes('b'))
    await Promise.race([once(own, 'message'), once(dialled, 'message')]);
  own.terminate();
  dialled.terminate();
  server.close();

  expect(unmasked).toEqual(['a', 'b']);
  expect(masked).toEqual(['a']);
});
