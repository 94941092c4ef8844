/**
 * Whatever bytes come over a socket: nothing is thrown, strangers change nothing, and those who are let in bring frames
 * in order or are disconnected. `DVM_FUZZ_LINKS` says how many connections are tried.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Dice } from '../../../../sim/dice.ts';
import { Asking } from '../../../../src/actors/node/link/credentials.ts';
import { LINK_PATH, PROTOCOL } from '../../../../src/actors/node/link/dial.ts';
import { Token } from '../../../../src/actors/node/link/token.ts';
import { LINK_OPTIONS, WebSocketEndpoint } from '../../../../src/actors/node/link/web-socket-endpoint.ts';
import { spoilt } from '../../../support/spoilt.ts';

/** A share for CI. */
const CONNECTIONS = Number(process.env.DVM_FUZZ_LINKS ?? 1_000);
const HOUR = 3_600_000;

const token = Token.draw('node');
const wrong: unknown[] = [];
const note = (error: unknown) => wrong.push(error);
let heard: string[] = [];
let guarded: WebSocketEndpoint;
let open: WebSocketEndpoint;
let ports: { guarded: number; open: number };

beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note);
  const receiver = {
    receive: (from: number, frame: Uint8Array) => void heard.push(`${from} ${Buffer.from(frame)}`),
    room: () => {},
  };
  const options = { ...LINK_OPTIONS, room: { frames: 4, bytes: 1_000 }, longest: 200 };
  guarded = new WebSocketEndpoint(0, receiver, () => 'unknown', { ...options, tokens: [token] });
  open = new WebSocketEndpoint(0, receiver, () => 'unknown', options);
  const port = async (endpoint: WebSocketEndpoint) =>
    Number(new URL(await endpoint.listen('127.0.0.1', 0)).port);
  ports = { guarded: await port(guarded), open: await port(open) };
});

afterAll(async () => {
  process.off('uncaughtExceptionMonitor', note);
  await guarded.close();
  await open.close();
});

it(`${CONNECTIONS} requests of strangers are refused, or heard to no end`, { timeout: HOUR }, async () => {
  const dice = new Dice(Date.now() % 2 ** 31);
  for (let i = 0; i < CONNECTIONS; i += 1) {
    const proof = new Asking(token, 'node:1@dvm').answer(`DVM ${'A'.repeat(24)}`)!;
    const request = Buffer.from(
      [
        `GET ${LINK_PATH} HTTP/1.1`,
        'Host: localhost',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${Buffer.alloc(16, i).toString('base64')}`,
        `Sec-WebSocket-Protocol: ${PROTOCOL}`,
        'dvm-node: 1',
        'dvm-cluster: dvm',
        ...(dice.chance(0.7) ? [`Authorization: ${proof}`] : []),
        '\r\n',
      ].join('\r\n'),
    );
    const socket = connect(ports.guarded, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end(spoilt(dice, request));
    await once(socket, 'close');
  }
  expect(heard).toEqual([]);
  expect(wrong).toEqual([]);
});

it(`${CONNECTIONS} peers that are let in say anything`, { timeout: HOUR }, async () => {
  const dice = new Dice(Date.now() % 2 ** 31);
  for (let i = 0; i < CONNECTIONS; i += 1) {
    heard = [];
    const socket = new WebSocket(`ws://127.0.0.1:${ports.open}${LINK_PATH}`, PROTOCOL, {
      headers: { 'dvm-node': String(i), 'dvm-cluster': 'dvm' },
    });
    socket.on('error', () => {});
    await once(socket, 'open');
    for (let left = dice.below(12); left > 0; left -= 1) {
      const kind = dice.below(6);
      if (kind === 0) socket.send(Buffer.from(`${left}`.repeat(dice.between(1, 250))));
      else if (kind === 1) socket.send(spoilt(dice, Buffer.from(`from ${dice.below(4)}`)).toString('latin1'));
      else if (kind === 2) socket.send(`handled ${dice.pick([0, 0, 1, 2 ** 50])}`);
      else if (kind === 3) socket.send(`from ${dice.below(4)}`);
      else socket.send(Buffer.from(`${left}`));
    }
    socket.close();
    await once(socket, 'close');
    for (const line of heard) expect(line.startsWith(`${i} `)).toBe(true);
  }
  expect(wrong).toEqual([]);
});
