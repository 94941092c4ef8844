/** Flags that all verbs share which have to do with a DVM of several nodes. */

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Cluster } from '../../src/actors/node/cluster/cluster.ts';
import { reasonOf } from '../../src/actors/node/devices/files.ts';
import { UsageError } from '../../src/errors.ts';

export interface ClientFlags {
  readonly tokenFile?: string;
  readonly ca?: string;
}

/** The DVM at that URL, with what the flags and DVM_TOKEN say. Throws `UsageError`. */
export function clusterAt(url: string, { tokenFile, ca }: ClientFlags): Cluster {
  const token = tokenFile === undefined ? process.env.DVM_TOKEN : fileOf('--token-file', tokenFile);
  return Cluster.at(url, {
    ...(token !== undefined && { token }),
    ...(ca !== undefined && { authority: fileOf('--ca', ca) }),
  });
}

/** The text of a small file that a flag names. */
export function fileOf(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${path}: ${reasonOf(error)}`);
  }
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT`, with brackets around an IPv6 address. */
export function placeOf(option: string, text: string): Place {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i.exec(text);
  const [, v6, name, port] = match ?? [];
  const host = v6 ?? name;
  if (host === undefined || Number(port) > 65_535)
    throw new UsageError(`${option} ${text}: expected HOST:PORT`, 'as in 127.0.0.1:7400 or [::1]:7400');
  return { host, port: Number(port) };
}

/** Whether nobody but this machine can reach it. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
