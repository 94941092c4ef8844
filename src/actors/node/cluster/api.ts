/**
 * What a master's node answers over HTTP: to nodes that want to join, to clients, and to whoever watches over it.
 * A path is answered only to holders of a token that may ask it, where there are tokens.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { PagesLostError, UsageError, VersionGoneError } from '../../../errors.ts';
import { bytesOf, CHALLENGE_PATH, claimOfQuestion } from '../link/ask.ts';
import { CLUSTER_HEADER } from '../link/dial.ts';
import type { Door, OnRequest } from '../link/door.ts';
import type { Role } from '../link/token.ts';
import { decodeAs } from '../wire/wire.ts';
import type { ClusterRun } from './cluster-run.ts';
import { type FollowWishes, follow } from './follow.ts';
import type { JoinRequest, MasterNode } from './master-node.ts';
import type { MemberNode } from './member-node.ts';
import { Metrics } from './metrics.ts';
import { isOrigin } from './origin.ts';
import { statusOf } from './status.ts';
import { SUBMISSION } from './submission.ts';

/** Of a request that asks to join. */
const MOST_JOIN_BYTES = 4_096;

/** Of a program with all that is mapped into it. */
const MOST_SUBMISSION_BYTES = 2 ** 30;

/** Of memory in one answer. */
const MOST_MEMORY_BYTES = 2 ** 24;

/** What answers one kind of request. */
interface Route {
  readonly method: string;
  /** Its groups are given to the answer. */
  readonly path: RegExp;
  /** Who may ask. */
  readonly roles: readonly Role[];
  readonly answer: (asked: Asked) => Promise<void> | void;
}

interface Asked {
  readonly master: MasterNode;
  readonly metrics: Metrics;
  readonly groups: readonly string[];
  readonly query: URLSearchParams;
  /** Of the token that was shown; null: none was asked for. */
  readonly role: Role | null;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A request that cannot be answered as it is. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/join$/, roles: ['node'], answer: join },
  {
    method: 'GET',
    path: /^\/status$/,
    roles: ['reader', 'client'],
    answer: ({ master, response }) => json(response, statusOf(master)),
  },
  {
    method: 'GET',
    path: /^\/metrics$/,
    roles: ['reader', 'client'],
    answer: async ({ metrics, response }) => {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
    },
  },
  { method: 'POST', path: /^\/programs$/, roles: ['client'], answer: submit },
  {
    method: 'GET',
    path: /^\/programs\/(\d+)\/follow$/,
    roles: ['reader', 'client'],
    answer: (asked) => follow(runOf(asked), wishesOf(asked), asked.response),
  },
  {
    method: 'POST',
    path: /^\/programs\/(\d+)\/(cancel|shutdown)$/,
    roles: ['client'],
    answer: (asked) => {
      const run = runOf(asked);
      if (asked.groups[1] === 'cancel') run.cancel();
      else run.machine?.raise('shutdownAsked');
      json(asked.response, {});
    },
  },
  { method: 'POST', path: /^\/programs\/(\d+)\/stdin$/, roles: ['client'], answer: takeInput },
  { method: 'GET', path: /^\/programs\/(\d+)\/memory$/, roles: ['reader', 'client'], answer: readMemory },
  {
    method: 'DELETE',
    path: /^\/programs\/(\d+)$/,
    roles: ['client'],
    answer: async (asked) => {
      const run = runOf(asked);
      if (run.state === 'running') throw new Refusal(409, `program ${run.id} still runs`);
      await asked.master.programs.forget(run);
      json(asked.response, {});
    },
  },
  {
    method: 'POST',
    path: /^\/nodes\/(\d+)\/drain$/,
    roles: ['client'],
    answer: async ({ master, groups, response }) => {
      await master.drain(Number(groups[0]));
      json(response, {});
    },
  },
  {
    method: 'POST',
    path: /^\/stop$/,
    roles: ['client'],
    answer: ({ master, response }) => {
      json(response, {});
      master.stop();
    },
  },
];

/** Lets the node answer. */
export function serve(master: MasterNode): void {
  const metrics = new Metrics(master);
  serveHealth(
    master.door,
    () => true,
    (request, response) => void answer(master, metrics, request, response),
  );
}

/** `/healthz`: the process answers; `/readyz`: the node can do its work. `next` has all other paths. */
function serveHealth(door: Door, isReady: () => boolean, next: OnRequest): void {
  door.onRequest = (request, response) => {
    const { method, url } = request;
    if (method !== 'GET' || (url !== '/healthz' && url !== '/readyz')) {
      next(request, response);
      return;
    }
    const isWell = url === '/healthz' || isReady();
    response
      .writeHead(isWell ? 200 : 503, { 'content-type': 'text/plain' })
      .end(isWell ? 'ok\n' : 'not ready\n');
  };
}

/** Lets a node that is not the master's answer: what is asked there was meant for its master. */
export function serveMember(member: MemberNode): void {
  serveHealth(
    member.door,
    () => member.isConnected,
    (_, response) =>
      void response
        .writeHead(421, { [CLUSTER_HEADER]: '', 'content-type': 'text/plain' })
        .end(`this is node ${member.node} of the DVM at ${member.master}`),
  );
}

async function answer(
  master: MasterNode,
  metrics: Metrics,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => {});
  response.setHeader(CLUSTER_HEADER, master.cluster);
  request.on('error', () => {});
  try {
    const { method = '', url = '' } = request;
    if (request.headers.origin !== undefined) throw new Refusal(403, 'browsers are not let in');
    const { pathname, searchParams } = new URL(url, 'http://host');
    const found = ROUTES.find((route) => route.method === method && route.path.test(pathname));
    if (pathname !== CHALLENGE_PATH && found === undefined)
      throw new Refusal(404, `there is no ${method} ${pathname}`);
    const role = admit(master, request, response, found?.roles ?? []);
    const [, ...groups] = found?.path.exec(pathname) ?? [];
    if (found === undefined) json(response, {});
    else await found.answer({ master, metrics, groups, query: searchParams, role, request, response });
  } catch (error) {
    refuse(response, error);
  }
}

function admit(
  master: MasterNode,
  { headers, method = '', url = '', socket }: IncomingMessage,
  response: ServerResponse,
  roles: readonly Role[],
): Role | null {
  const { gate } = master.door;
  if (!gate.isOpen && headers.authorization?.startsWith('Bearer ') === true && roles.includes('reader')) {
    if (!(socket instanceof TLSSocket)) throw new Refusal(403, 'a token itself is shown over TLS only');
    if (!gate.isReader(headers.authorization)) throw new Refusal(403, 'that is no reader token of this DVM');
    return 'reader';
  }
  const admission = gate.admit(headers, claimOfQuestion(method, url), performance.now());
  if (admission.let === 'out') throw new Refusal(403, 'that is not the token');
  for (const header of admission.headers) {
    const colon = header.indexOf(': ');
    response.setHeader(header.slice(0, colon), header.slice(colon + 2));
  }
  if (admission.let === 'try') throw new Refusal(401, 'a token is needed');
  if (admission.role !== null && !roles.includes(admission.role))
    throw new Refusal(403, `a ${admission.role} token is not enough`);
  return admission.role;
}

async function join({ master, request, response }: Asked): Promise<void> {
  const { protocol, version, origin, rcomps } = parsed(
    await body(request, MOST_JOIN_BYTES),
  ) as Partial<JoinRequest>;
  if (
    typeof protocol !== 'string' ||
    typeof version !== 'string' ||
    typeof origin !== 'string' ||
    !isOrigin(origin) ||
    !Number.isSafeInteger(rcomps) ||
    !(rcomps! >= 1 && rcomps! <= 4_096)
  )
    throw new Refusal(400, 'a node says its protocol, version, origin and rcomps');
  json(response, master.join({ protocol, version, origin, rcomps: rcomps! }));
}

async function submit({ master, query, request, response }: Asked): Promise<void> {
  const decoded = decodeAs(SUBMISSION, await body(request, MOST_SUBMISSION_BYTES));
  if (!decoded.ok) throw new Refusal(400, `that is no submission: ${decoded.error.message}`);
  const run = await master.programs.submit(decoded.value, {
    stats: query.get('stats') === '1',
    trace: query.get('trace') === '1',
  });
  json(response, { program: run.id });
}

async function takeInput(asked: Asked): Promise<void> {
  const run = runOf(asked);
  if (run.stdin === null) throw new Refusal(409, `program ${run.id} has no standard input`);
  if (run.stdin.writableEnded) throw new Refusal(409, `the standard input of program ${run.id} has ended`);
  try {
    await pipeline(asked.request, run.stdin);
  } catch {
    // Whoever sent it has gone, or the program does not read any more.
    run.stdin.end();
  }
  json(asked.response, {});
}

async function readMemory(asked: Asked): Promise<void> {
  const [address, length] = [natural(asked.query, 'address'), natural(asked.query, 'length')];
  if (address === null || length === null || length > MOST_MEMORY_BYTES)
    throw new Refusal(
      400,
      `address and length are whole numbers, and length is at most ${MOST_MEMORY_BYTES}`,
    );
  const run = runOf(asked);
  if (run.isLetGo)
    throw new Refusal(404, `the memory of program ${run.id} is let go: ended programs had too much of it`);
  const bytes = await run.read(address, length);
  asked.response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
}

function runOf({ master, groups, query }: Asked): ClusterRun {
  const run = master.programs.get(Number(groups[0]));
  const key = query.get('key');
  if (run === undefined || (key !== null && key !== run.key))
    throw new Refusal(404, `there is no program ${groups[0]}, or its results were fetched`);
  return run;
}

function wishesOf({ query, role }: Asked): FollowWishes {
  return {
    stdout: natural(query, 'stdout') ?? 0,
    stderr: natural(query, 'stderr') ?? 0,
    trace: natural(query, 'trace'),
    counts: query.get('counts') === '1',
    acknowledges: role !== 'reader',
  };
}

function natural(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

async function body(request: IncomingMessage, most: number): Promise<Buffer> {
  const bytes = await bytesOf(request, most + 1);
  if (bytes.length > most) throw new Refusal(413, `more than ${most} bytes`);
  return bytes;
}

function parsed(bytes: Buffer): object {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // No JSON at all, and no object, are the same mistake.
  }
  throw new Refusal(400, 'a JSON object is expected');
}

function json(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = statusOfError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What else is on its way is not read.
  response.shouldKeepAlive = false;
  const text = error instanceof Error ? error.message : String(error);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function statusOfError(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  if (error instanceof UsageError) return 400;
  return error instanceof VersionGoneError || error instanceof PagesLostError ? 410 : 500;
}
