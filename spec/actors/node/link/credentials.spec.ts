/** Who is let in, and what the others are told; what each side learns of the other's secret is nothing. */

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Challenges } from '../../../../src/actors/node/link/challenges.ts';
import { Asking, Gate } from '../../../../src/actors/node/link/credentials.ts';
import { PROTOCOL } from '../../../../src/actors/node/link/dial.ts';
import { ROLES, Token } from '../../../../src/actors/node/link/token.ts';
import { LINK_OPTIONS, WebSocketEndpoint } from '../../../../src/actors/node/link/web-socket-endpoint.ts';

const TOKEN = Token.draw('node');
const OTHER = Token.draw('node');

describe('a token', () => {
  it.each(ROLES)('of a %s is read back from its text', (role) => {
    const token = Token.draw(role);
    const read = Token.parse(`${token.text}\n`)!;
    expect(read.role).toBe(role);
    expect(read.isProof(token.prove('a', 'b'), 'a', 'b')).toBe(true);
    expect(read.isProof(token.prove('a', 'b'), 'a', 'c')).toBe(false);
  });

  it.each(['', 'dvm-node-', TOKEN.text.slice(0, -1), `${TOKEN.text}x`, TOKEN.text.replace('node', 'root')])(
    'is not %o',
    (text) => expect(Token.parse(text)).toBeNull(),
  );

  it('is not shown by what is logged of it', () => {
    const secret = TOKEN.text.slice('dvm-node-'.length);
    for (const shown of [
      inspect(TOKEN, { showHidden: true, depth: 9 }),
      JSON.stringify({ TOKEN }),
      `${TOKEN}`,
    ])
      expect(shown).not.toContain(secret);
  });
});

describe('a challenge', () => {
  it('is taken once, in time, and only if it was given', () => {
    const challenges = new Challenges(1_000, 10);
    const [soon, late] = [challenges.give(0), challenges.give(0)];
    expect(challenges.take('another', 1)).toBe(false);
    expect(challenges.take(soon, 1_000)).toBe(true);
    expect(challenges.take(soon, 1_000)).toBe(false);
    expect(challenges.take(late, 1_001)).toBe(false);
  });

  it('is forgotten when there are too many', () => {
    const challenges = new Challenges(1_000, 3);
    const given = Array.from({ length: 5 }, () => challenges.give(0));
    expect(given.map((nonce) => challenges.take(nonce, 0))).toEqual([false, false, true, true, true]);
  });
});

describe('a gate', () => {
  const gate = new Gate([OTHER, TOKEN], 1_000);
  const challenge = () => {
    const admission = gate.admit({}, 'node:1', 0);
    if (admission.let !== 'try') throw new Error(admission.let);
    return admission.headers[0]!.replace('WWW-Authenticate: ', '');
  };

  it('lets in who holds a token, and shows that it holds the same', () => {
    const asking = new Asking(TOKEN, 'node:1');
    const admission = gate.admit({ authorization: asking.answer(challenge())! }, 'node:1', 0);
    if (admission.let !== 'in') throw new Error(admission.let);
    expect(admission.role).toBe('node');
    const proof = admission.headers[0]!.replace('dvm-proof: ', '');
    expect(asking.isTrusted(proof)).toBe(true);
    expect(new Asking(TOKEN, 'node:1').isTrusted(proof)).toBe(false);
  });

  it('keeps out who holds another token, claims to be somebody else, or repeats what it has heard', () => {
    const stranger = new Asking(Token.draw('node'), 'node:1').answer(challenge())!;
    const authorization = new Asking(TOKEN, 'node:1').answer(challenge())!;
    expect(gate.admit({ authorization: stranger }, 'node:1', 0)).toEqual({ let: 'out' });
    expect(gate.admit({ authorization }, 'node:2', 0)).toEqual({ let: 'out' });
    expect(gate.admit({ authorization }, 'node:1', 0)).toEqual({ let: 'out' });
    expect(gate.admit({ authorization: 'Basic x' }, 'node:1', 0)).toEqual({ let: 'out' });
  });

  it('is not answered where the challenge is none of ours', () => {
    const asking = new Asking(TOKEN, 'node:1');
    expect(asking.answer(undefined)).toBeNull();
    expect(asking.answer('Basic realm="x"')).toBeNull();
  });
});

describe('two nodes', () => {
  const ends: WebSocketEndpoint[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end.close();
  });

  /** What the first node is told when it dials the second. */
  async function trouble(own: Token | null, tokens: readonly Token[]): Promise<string> {
    const heard: string[] = [];
    const receiver = { receive: () => void heard.push('a frame'), room: () => {} };
    const far = new WebSocketEndpoint(1, receiver, () => 'unknown', { ...LINK_OPTIONS, tokens });
    const url = await far.listen('127.0.0.1', 0);
    let isGone = false;
    const why = await new Promise<string>((told) => {
      const near = new WebSocketEndpoint(0, receiver, () => (isGone ? 'left' : { url }), {
        ...LINK_OPTIONS,
        token: own,
        report: (_, text) => told(text),
      });
      near.send(1, Uint8Array.of(1));
      ends.push(near, far);
    });
    isGone = true;
    ends[0]!.moved(1);
    expect(heard).toEqual([]);
    return why;
  }

  /** A node that wants a token, and a way to ask it. */
  async function guarded() {
    const options = { ...LINK_OPTIONS, tokens: [TOKEN] };
    const far = new WebSocketEndpoint(1, { receive: () => {}, room: () => {} }, () => 'unknown', options);
    ends.push(far);
    const url = await far.listen('127.0.0.1', 0);
    const connect = (authorization?: string) =>
      new WebSocket(url, PROTOCOL, {
        headers: { 'dvm-node': '0', 'dvm-cluster': 'dvm', ...(authorization && { authorization }) },
      });
    return { url, connect };
  }

  it.each([
    ['holds none', null, [TOKEN], '401 who holds the token?'],
    ['holds another', OTHER, [TOKEN], '403 that is not the token'],
    ['holds one and the other none', TOKEN, [], 'it does not hold the token'],
  ] as const)('do not talk if one %s', async (_, own, tokens, why) => {
    expect(await trouble(own, tokens)).toBe(why);
  });

  it('do not talk if one is a reader', async () => {
    const reader = Token.draw('reader');
    expect(await trouble(reader, [TOKEN, reader])).toBe('403 a reader token is not for nodes');
  });

  it('are let in by their own proof, also after another has asked for no WebSocket', async () => {
    const { url, connect } = await guarded();
    const [, refused] = (await once(connect(), 'unexpected-response')) as [unknown, IncomingMessage];
    const asking = new Asking(TOKEN, 'node:0@dvm');
    const authorization = asking.answer(refused.headers['www-authenticate'])!;
    const spoilt = request(url.replace('ws', 'http'), {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'none',
        'sec-websocket-protocol': PROTOCOL,
        'dvm-node': '0',
        'dvm-cluster': 'dvm',
        authorization,
      },
    });
    spoilt.end();
    const [answer] = (await once(spoilt, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(400);

    const [, again] = (await once(connect(), 'unexpected-response')) as [unknown, IncomingMessage];
    const socket = connect(asking.answer(again.headers['www-authenticate'])!);
    const [{ headers }] = (await once(socket, 'upgrade')) as [IncomingMessage];
    expect(asking.isTrusted(headers['dvm-proof'])).toBe(true);
  });

  it('do not let in twice for one proof', async () => {
    const { connect } = await guarded();
    const [, refused] = (await once(connect(), 'unexpected-response')) as [unknown, IncomingMessage];
    const answer = new Asking(TOKEN, 'node:0@dvm').answer(refused.headers['www-authenticate'])!;

    await once(connect(answer), 'open');
    const [, again] = (await once(connect(answer), 'unexpected-response')) as [unknown, IncomingMessage];
    expect(again.statusCode).toBe(403);
  });
});
