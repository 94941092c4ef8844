/** Opening a connection to another node. */

import { X509Certificate } from 'node:crypto';
import type { ClientRequestArgs, IncomingMessage } from 'node:http';
import type { NetConnectOpts } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { WebSocket } from 'ws';
import { Asking, PROOF_HEADER } from './credentials.ts';
import type { DoorOptions } from './door.ts';
import type { Token } from './token.ts';
import { connectReadingWhole } from './whole-payloads.ts';

/** Version of all that is said between nodes. Another one is refused. */
export const PROTOCOL = 'dvm.2';

/** Where nodes connect to. */
export const LINK_PATH = '/link';

export const NODE_HEADER = 'dvm-node';
export const CLUSTER_HEADER = 'dvm-cluster';

/** What a proof covers of a node that asks to be let in. */
export function claimOf(node: number, cluster: string): string {
  return `node:${node}@${cluster}`;
}

export interface Dialling {
  /** Who dials. */
  readonly node: number;
  readonly cluster: string;
  readonly authority: string | null;
  /** What this side itself shows as a server. Whoever else shows it is of the same DVM, whatever its name. */
  readonly certificate: DoorOptions['certificate'];
  readonly token: Token | null;
  /** Bytes of the longest frame. */
  readonly longest: number;
  /** Milliseconds until it is given up. */
  readonly handshake: number;
}

export interface Dialled {
  open(socket: WebSocket): void;
  /** It did not come about, or has ended. `why`: for people; `status`: HTTP's, if it was refused. */
  over(why: string, status: number | null): void;
}

/** The other side's answer is at most so many characters of its reason. */
const REASON_LENGTH = 200;

/** Answers what ends it at any time. */
export function dial(url: string, dialling: Dialling, dialled: Dialled): () => void {
  const { node, cluster, authority, certificate, token, longest, handshake } = dialling;
  const asking = token === null ? null : new Asking(token, claimOf(node, cluster));
  let socket: WebSocket | null = null;
  let isOver = false;
  const end = (why: string, status: number | null = null) => {
    if (isOver) return;
    isOver = true;
    socket?.terminate();
    dialled.over(why, status);
  };
  /** Null for a URL that is none, which somebody else has told us. */
  const open = (authorization: string | null): WebSocket | null => {
    try {
      return new WebSocket(url, PROTOCOL, {
        perMessageDeflate: false,
        maxPayload: longest,
        handshakeTimeout: handshake,
        ...(new URL(url).protocol === 'ws:' && { createConnection: connecting(longest) }),
        ...(authority !== null && { ca: authority }),
        ...(certificate !== null && { checkServerIdentity: identityCheck(certificate.cert) }),
        headers: {
          [NODE_HEADER]: String(node),
          [CLUSTER_HEADER]: cluster,
          ...(authorization !== null && { authorization }),
        },
      });
    } catch (error) {
      setImmediate(() => end(error instanceof Error ? error.message : String(error)));
      return null;
    }
  };
  const attempt = (authorization: string | null) => {
    const tried = open(authorization);
    if (tried === null) return;
    socket = tried;
    tried.on('upgrade', ({ headers }) => {
      if (asking?.isTrusted(headers[PROOF_HEADER]) === false) end('it does not hold the token');
    });
    tried.on('open', () => dialled.open(tried));
    tried.on('unexpected-response', (_, response) => {
      const challenge = response.headers['www-authenticate'];
      const answer = authorization === null ? (asking?.answer(challenge) ?? null) : null;
      if (answer === null) void reasonOf(response).then((why) => end(why, response.statusCode ?? null));
      else {
        tried.removeAllListeners();
        tried.on('error', () => {});
        tried.terminate();
        attempt(answer);
      }
    });
    tried.on('error', (error) => end(error.message));
    tried.on('close', () => end('closed'));
  };
  attempt(null);
  return () => end('given up');
}

/** Danger: the path of a URL stands where `node:net` looks for that of a local socket. */
function connecting(longest: number): NonNullable<ClientRequestArgs['createConnection']> {
  return ({ path: _, ...options }) => connectReadingWhole(options as NetConnectOpts, longest);
}

/** Nodes come and go, so a certificate that they share cannot name them all; but only they can show it. */
function identityCheck(own: string): (host: string, shown: PeerCertificate) => Error | undefined {
  const { raw } = new X509Certificate(own);
  return (host, shown) => (raw.equals(shown.raw) ? undefined : checkServerIdentity(host, shown));
}

async function reasonOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  try {
    for await (const part of response) {
      text += part;
      if (text.length > REASON_LENGTH) break;
    }
  } catch {
    // What came until it broke says enough.
  }
  return `${response.statusCode} ${text.slice(0, REASON_LENGTH)}`.trimEnd();
}
