/**
 * Whatever requests come to a master: nothing is thrown, strangers change nothing, and it goes on answering.
 * `DVM_FUZZ_LINKS` says how many are tried.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Dice } from '../../../../sim/dice.ts';
import { SUBMISSION } from '../../../../src/actors/node/cluster/submission.ts';
import { Token } from '../../../../src/actors/node/link/token.ts';
import { encodeAs } from '../../../../src/actors/node/wire/wire.ts';
import { assemble, Cluster, save } from '../../../../src/index.ts';
import { startDvm } from '../../../support/cluster.ts';
import { SUM } from '../../../support/small-programs.ts';
import { spoilt } from '../../../support/spoilt.ts';

/** A share for CI. */
const REQUESTS = Number(process.env.DVM_FUZZ_LINKS ?? 1_000);
const HOUR = 3_600_000;

const none = (of: readonly string[]) => Object.fromEntries(of.map((name) => [name, null]));

const SUBMITTED = Buffer.from(
  encodeAs(SUBMISSION, {
    key: 'key',
    name: 'sum',
    program: save(assemble(SUM)),
    settings: none([
      'engine',
      'prelude',
      'homes',
      'onConflict',
      'serializable',
      'lazyReads',
      'deterministic',
      'fuel',
      'seed',
      'pageSize',
      'versionBytes',
      'tick',
    ]) as never,
    limits: none(['children', 'ranges', 'privateBytes', 'runners']) as never,
    inputs: [],
    stdin: null,
  }),
);

const JOINING = Buffer.from(
  JSON.stringify({ protocol: 'dvm.2', version: '1.0.0', origin: 'ws://127.0.0.1:9', rcomps: 1 }),
);

const REQUEST_LINES: readonly (readonly [string, Buffer])[] = [
  ['POST /join', JOINING],
  ['GET /status', Buffer.alloc(0)],
  ['GET /metrics', Buffer.alloc(0)],
  ['POST /programs', SUBMITTED],
  ['POST /programs?stats=1&trace=1', SUBMITTED],
  ['GET /programs/1/follow?stdout=0&counts=1', Buffer.alloc(0)],
  ['GET /programs/1/follow?trace=0', Buffer.alloc(0)],
  ['POST /programs/1/cancel', Buffer.alloc(0)],
  ['POST /programs/1/stdin', Buffer.from('abc')],
  ['GET /programs/1/memory?address=17179869184&length=64', Buffer.alloc(0)],
  ['DELETE /programs/1', Buffer.alloc(0)],
  ['POST /nodes/1/drain', Buffer.alloc(0)],
  ['GET /challenge', Buffer.alloc(0)],
];

/** Sends the bytes and hears what comes until the connection ends, or for as long as an answer may take. */
async function say(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.end(bytes);
  await once(socket, 'close');
}

function requestOf(dice: Dice): Buffer {
  const [line, body] = dice.pick(REQUEST_LINES);
  const head = `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
  return spoilt(dice, Buffer.concat([Buffer.from(head), body]));
}

it.each([
  ['strangers', true],
  ['anybody, where there are no tokens', false],
])(`${REQUESTS} spoilt requests of %s`, { timeout: HOUR }, async (_, isGuarded) => {
  const seed = Date.now() % 2 ** 31;
  const dice = new Dice(seed);
  const wrong: unknown[] = [];
  const note = (error: unknown) => wrong.push(error);
  process.on('uncaughtExceptionMonitor', note).on('unhandledRejection', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note).off('unhandledRejection', note));
  const [node, client] = [Token.draw('node'), Token.draw('client')];
  const tokens = isGuarded ? { tokens: [node, client], token: node } : {};
  const { master } = await startDvm(0, { ...tokens, links: { beat: 50, handshake: 500 } });
  const port = Number(new URL(master.origin).port);
  for (let i = 0; i < REQUESTS; i += 1) await say(port, requestOf(dice));

  expect(wrong, `seed ${seed}`).toEqual([]);
  const cluster = Cluster.at(master.origin, isGuarded ? { token: client.text } : {});
  const status = await cluster.status();
  if (isGuarded) expect(status).toMatchObject({ programs: [], nodes: [{ node: 0 }] });
  else expect(status.nodes.length).toBeGreaterThan(1);
});
