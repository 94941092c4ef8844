/** Asking a node over HTTP, as clients do and nodes that want to join. */

import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Asking, PROOF_HEADER } from './credentials.ts';
import { CLUSTER_HEADER } from './dial.ts';
import type { Token } from './token.ts';

/** Whoever is asked answers this path with what a token is to be proved over. */
export const CHALLENGE_PATH = '/challenge';

const SILENCE = 30_000;

export interface Credentials {
  /** What is shown to the other side; null: nothing. */
  readonly token: Token | null;
  /** PEM of who vouches for the other side's certificate; null: those whom the system trusts. */
  readonly authority: string | null;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With the query, as in `/programs/3/follow?stdout=0`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  /** Milliseconds in which nothing passes until it is given up; 0: it may take as long as it likes. Default: half a minute. */
  readonly silence?: number;
}

/** The other side has not answered, or has refused. */
export class AskError extends Error {
  override readonly name = 'AskError';
  /** HTTP's status; null if there was no answer. */
  readonly status: number | null;
  /** The other side's own words; empty if there was no answer. */
  readonly reason: string;

  constructor(message: string, status: number | null = null, reason = '') {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** What a proof covers of a question. */
export function claimOfQuestion(method: string, path: string): string {
  return `${method}:${path}`;
}

/** The answer, its body unread. `origin`: as in `ws://127.0.0.1:7400`. Rejects with `AskError`. */
export async function ask(
  origin: string,
  { token, authority }: Credentials,
  question: Question,
): Promise<IncomingMessage> {
  const { method, path } = question;
  const asking = token === null ? null : new Asking(token, claimOfQuestion(method, path));
  const headers: Record<string, string> = { ...question.headers };
  if (asking !== null) {
    const challenge = await send(origin, authority, { method: 'GET', path: CHALLENGE_PATH });
    await textOf(challenge);
    const answer = asking.answer(challenge.headers['www-authenticate']);
    if (answer === null)
      throw new AskError(`${origin} does not ask for a token; this one is not shown to it`);
    headers.authorization = answer;
  }
  const answer = await send(origin, authority, { ...question, headers });
  const { statusCode = 0, headers: answered } = answer;
  if (answered[CLUSTER_HEADER] === undefined && statusCode !== 503) {
    answer.destroy();
    throw new AskError(`${origin} is no node of a DVM: something else answers there`, statusCode);
  }
  if (statusCode >= 300) {
    const reason = (await textOf(answer)).trim();
    throw new AskError(`${origin} answers ${statusCode}: ${reason}`, statusCode, reason);
  }
  if (asking?.isTrusted(answer.headers[PROOF_HEADER]) === false)
    throw new AskError(`${origin} does not hold the token that it asks for`);
  return answer;
}

/** The whole body; of a very long one the first mebibyte. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  return (await bytesOf(answer, 2 ** 20)).toString();
}

/** The body, of more than `most` bytes the first so many. */
export async function bytesOf(message: AsyncIterable<unknown>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

function send(origin: string, authority: string | null, question: Question): Promise<IncomingMessage> {
  const { method, path, headers, body, silence = SILENCE } = question;
  const isSecure = origin.startsWith('wss:');
  const options: RequestOptions = {
    method,
    agent: false,
    headers: {
      ...headers,
      ...(body instanceof Uint8Array && { 'content-length': String(body.length) }),
    },
    ...(authority !== null && { ca: authority }),
  };
  const url = new URL(path, origin.replace(/^ws/, 'http'));
  return new Promise((answered, failed) => {
    const request = (isSecure ? secureRequest : plainRequest)(url, options);
    request.on('response', answered);
    // A host that has lost its power says nothing, not even that.
    if (silence > 0)
      request.setTimeout(silence, () => request.destroy(new Error(`silent for ${silence} ms`)));
    request.on('error', (error) => failed(new AskError(`cannot reach ${origin}: ${reasonOf(error)}`, null)));
    if (body instanceof Readable) pipeline(body, request).catch(() => request.destroy());
    else request.end(body);
  });
}

/** An error of several addresses that were tried has no message of its own. */
function reasonOf(error: Error & { code?: string }): string {
  return error.message === '' ? (error.code ?? error.name) : error.message;
}
