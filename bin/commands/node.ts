/** `dvm node`: one node of a DVM, the master's or another. */

import { availableParallelism } from 'node:os';
import { createSecureContext } from 'node:tls';
import { serve, serveMember } from '../../src/actors/node/cluster/api.ts';
import { MasterNode, REPLICAS } from '../../src/actors/node/cluster/master-node.ts';
import { MemberNode } from '../../src/actors/node/cluster/member-node.ts';
import { type LogLevel, nodeLog } from '../../src/actors/node/cluster/node-log.ts';
import type { NodeOptions } from '../../src/actors/node/cluster/node-options.ts';
import { isOrigin } from '../../src/actors/node/cluster/origin.ts';
import { CHECKPOINT_PERIOD, ENDED_BYTES } from '../../src/actors/node/cluster/programs.ts';
import { AskError } from '../../src/actors/node/link/ask.ts';
import { Token } from '../../src/actors/node/link/token.ts';
import { ClusterError, UsageError } from '../../src/errors.ts';
import { fileOf, isLoopback, type Place, placeOf } from '../cluster/flags.ts';
import { holdDirectory, openStore } from '../cluster/open-store.ts';
import { untilAsked } from '../cluster/until-asked.ts';
import { complain, print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../values.ts';
import { versionOfPackage } from '../version.ts';

export interface NodeFlags {
  readonly master?: boolean;
  readonly join?: string;
  readonly listen?: string;
  readonly advertise?: string;
  readonly rcomps?: string;
  readonly name?: string;
  readonly data?: string;
  readonly replicas?: string;
  readonly endedMemory?: string;
  readonly checkpoint?: string;
  readonly tokenFile: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly log?: 'text' | 'json';
  readonly logLevel: LogLevel;
}

/** Where a master listens unless it is told otherwise; other nodes take any port. */
const MASTER_PORT = 7400;

const MOST_REPLICAS = 16;

const MEBIBYTE = 2 ** 20;
const MOST_MEBIBYTES = Math.floor(Number.MAX_SAFE_INTEGER / MEBIBYTE);

/** What other nodes would not heed, and why. */
const FOR_MASTERS = [
  ['data', '--data', 'what other nodes hold, it has, too'],
  ['replicas', '--replicas', 'it says who keeps which pages'],
  ['endedMemory', '--ended-memory', 'it says what programs leave that have ended'],
  ['name', '--name', 'what it is called, the DVM is'],
  ['checkpoint', '--checkpoint', 'its log is the one that is cut short'],
] as const satisfies readonly (readonly [keyof NodeFlags, string, string])[];

export async function node(flags: NodeFlags): Promise<number> {
  if ((flags.master === true) === (flags.join !== undefined))
    throw new UsageError(
      'a node either is the master or joins one',
      'dvm node --master, or dvm node --join ws://HOST:PORT',
    );
  if (flags.join !== undefined)
    for (const [flag, option, why] of FOR_MASTERS)
      if (flags[flag] !== undefined) throw new UsageError(`${option} is for the master: ${why}`);
  if (flags.checkpoint !== undefined && flags.data === undefined)
    throw new UsageError('--checkpoint is for a master that keeps something: --data DIR');
  if (flags.join !== undefined && !isOrigin(flags.join.replace(/\/$/, '')))
    throw new UsageError(`--join ${flags.join}: expected ws://HOST:PORT or wss://HOST:PORT`);
  const options = optionsOf(flags);
  return flags.join === undefined ? beMaster(options, flags) : join(options, flags.join);
}

async function beMaster(
  options: NodeOptions,
  { name = 'dvm', data, checkpoint = String(CHECKPOINT_PERIOD), replicas: wanted, endedMemory }: NodeFlags,
): Promise<number> {
  const replicas = wanted === undefined ? REPLICAS : wholeNumber('--replicas', wanted);
  if (replicas < 1 || replicas > MOST_REPLICAS)
    throw new UsageError(`--replicas ${wanted}: it must be a whole number from 1 to ${MOST_REPLICAS}`);
  const endedBytes =
    endedMemory === undefined ? ENDED_BYTES : wholeNumber('--ended-memory', endedMemory) * MEBIBYTE;
  if (!Number.isSafeInteger(endedBytes))
    throw new UsageError(`--ended-memory ${endedMemory}: it is in MiB, and at most ${MOST_MEBIBYTES}`);
  const checkpointPeriod = wholeNumber('--checkpoint', checkpoint);
  if (checkpointPeriod < 1) throw new UsageError(`--checkpoint ${checkpoint}: it must be 1 or more`);
  if (data !== undefined) await holdDirectory(data);
  const store = data === undefined ? null : await openStore(data);
  const master = await MasterNode.open({
    ...options,
    name,
    store,
    checkpointPeriod,
    replicas,
    endedBytes,
  }).catch(cannotListen(options.listen));
  serve(master);
  const asked = untilAsked(master.stopped);
  print(
    `DVM ${name} at ${master.origin}\n` +
      `  add a node:     dvm node --join ${master.origin}\n` +
      `  run a program:  dvm run FILE --on ${master.origin}\n` +
      `  look at it:     dvm status ${master.origin}\n`,
  );
  say(
    store === null
      ? 'dvm: programs and their memory do not outlive this process; --data DIR keeps them'
      : `dvm: programs and their memory are kept in ${data}`,
  );
  try {
    const isStopped = (await Promise.race([asked, master.failed])) === 'over';
    // A signal ends the process; what runs goes on with the next one, if there can be one.
    await master.close({ cancel: isStopped || store === null });
    return EXIT.ok;
  } catch (error) {
    complain(
      `the log takes no more: ${error instanceof Error ? error.message : error}`,
      'the DVM is not to go on without it',
    );
    process.exit(EXIT.failed);
  }
}

async function join(options: NodeOptions, url: string): Promise<number> {
  const master = url.replace(/\/$/, '');
  const member = await MemberNode.join({ ...options, master }).catch((error: unknown) => {
    if (error instanceof AskError) throw new ClusterError(error.message, hintFor(error));
    return cannotListen(options.listen)(error);
  });
  serveMember(member);
  const asked = untilAsked(member.parted, () => member.leave());
  print(`node ${member.node} of the DVM at ${master}, listening at ${member.origin}\n`);
  await asked;
  await member.close();
  return EXIT.ok;
}

/** What to do about it. */
function hintFor({ status }: AskError): string {
  if (status === null) return 'is a master running there? dvm node --master --listen HOST:PORT';
  return status === 401 || status === 403
    ? 'name a file with a node token of that DVM: --token-file FILE'
    : '';
}

function cannotListen({ host, port }: Place): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(
      `cannot listen at ${host}:${port}: ${error.message}`,
      '--listen HOST:PORT names another place',
    );
  };
}

function optionsOf(flags: NodeFlags): NodeOptions {
  const isMaster = flags.join === undefined;
  const listen =
    flags.listen === undefined
      ? { host: '127.0.0.1', port: isMaster ? MASTER_PORT : 0 }
      : placeOf('--listen', flags.listen);
  const rcomps = flags.rcomps === undefined ? availableParallelism() : wholeNumber('--rcomps', flags.rcomps);
  const least = isMaster ? 0 : 1;
  if (rcomps < least || rcomps > 4096)
    throw new UsageError(`--rcomps ${rcomps}: it must be a whole number from ${least} to 4096`);
  if (flags.advertise !== undefined && !isOrigin(flags.advertise))
    throw new UsageError(`--advertise ${flags.advertise}: expected ws://HOST:PORT or wss://HOST:PORT`);
  if ((flags.cert === undefined) !== (flags.key === undefined))
    throw new UsageError('--cert and --key go together', 'dvm cert new makes both');
  const certificate =
    flags.cert === undefined || flags.key === undefined
      ? null
      : { cert: fileOf('--cert', flags.cert), key: fileOf('--key', flags.key) };
  if (certificate !== null) mustBePair(flags, certificate);
  const tokens = tokensOf(flags.tokenFile);
  mustBeSafe(flags, listen, tokens.length > 0, certificate !== null);
  return {
    listen,
    advertise: flags.advertise ?? null,
    rcomps,
    tokens,
    token: tokens.find(({ role }) => role === 'node') ?? null,
    certificate,
    // A certificate that vouches for itself, as all nodes of a DVM may share it.
    authority: flags.ca === undefined ? (certificate?.cert ?? null) : fileOf('--ca', flags.ca),
    version: versionOfPackage(),
    log: nodeLog({ form: flags.log ?? (process.stderr.isTTY ? 'text' : 'json'), level: flags.logLevel }),
  };
}

/** Throws `UsageError` for what is no certificate, or another's key. */
function mustBePair(
  { cert, key }: NodeFlags,
  certificate: { readonly cert: string; readonly key: string },
): void {
  try {
    createSecureContext(certificate);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--cert ${cert} and --key ${key}: ${why}`, 'dvm cert new makes both');
  }
}

/** One token a line; DVM_TOKEN where no file is named. */
function tokensOf(files: readonly string[]): Token[] {
  const texts = files.flatMap((file) => {
    const found = fileOf('--token-file', file).split(/\s+/).filter(Boolean);
    if (found.length === 0)
      throw new UsageError(`--token-file: ${file} holds no token`, 'a token is made by: dvm token new');
    return found;
  });
  if (files.length === 0 && process.env.DVM_TOKEN !== undefined) texts.push(process.env.DVM_TOKEN);
  return texts.map((text) => {
    const token = Token.parse(text);
    if (token === null)
      throw new UsageError('a token file has a line that is no token', 'a token is made by: dvm token new');
    return token;
  });
}

/** Whoever reaches a node may run programs on it, and read along what is not encrypted. */
function mustBeSafe(
  { join: url, insecure }: NodeFlags,
  { host }: Place,
  hasToken: boolean,
  hasTls: boolean,
): void {
  const dangers: string[] = [];
  const lack = (isEncrypted: boolean) =>
    [...(hasToken ? [] : ['no token']), ...(isEncrypted ? [] : ['no TLS'])].join(' and ');
  if (!isLoopback(host) && lack(hasTls) !== '')
    dangers.push(`others reach ${host}, and there is ${lack(hasTls)}`);
  const isSecure = url?.startsWith('wss:') ?? true;
  if (url !== undefined && !isLoopback(hostOf(url)) && lack(isSecure) !== '')
    dangers.push(`${url} is another machine, and there is ${lack(isSecure)}`);
  for (const danger of dangers) {
    if (insecure !== true)
      throw new UsageError(danger, 'dvm token new and dvm cert new make them; --insecure does without');
    say(`dvm: warning: ${danger}: whoever gets there can run programs, or read along`);
  }
}

/** Of a URL, without the brackets of an IPv6 address. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
