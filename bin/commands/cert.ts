/** `dvm cert new`: a certificate for the nodes of a DVM, which vouches for itself. */

import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../../src/actors/node/devices/files.ts';
import { UsageError } from '../../src/errors.ts';
import { drawCertificate } from '../cluster/certificate.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../values.ts';

const CERT = 'dvm-cert.pem';
const KEY = 'dvm-key.pem';

export function cert(
  action: string,
  { host, days, dir }: { readonly host: readonly string[]; readonly days: string; readonly dir: string },
): number {
  if (action !== 'new') throw new UsageError(`dvm cert ${action}: there is only dvm cert new`);
  const lifetime = wholeNumber('--days', days);
  if (lifetime < 1 || lifetime > 36_500) throw new UsageError(`--days ${days}: from 1 to 36500`);
  const paths = { cert: join(dir, CERT), key: join(dir, KEY) };
  for (const path of [paths.cert, paths.key])
    if (existsSync(path))
      throw new UsageError(
        `${path} is there already`,
        'a key that is in use is not overwritten: move it, or name another --dir',
      );
  const hosts = host.length > 0 ? host : ['localhost', '127.0.0.1', '::1', hostname()];
  const made = drawCertificate([...new Set(hosts)], lifetime);
  try {
    writeFileSync(paths.key, made.key, { mode: 0o600, flag: 'wx' });
    writeFileSync(paths.cert, made.cert, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`cannot write to ${dir}: ${reasonOf(error)}`);
  }
  print(`${paths.cert}\n${paths.key}\n`);
  return EXIT.ok;
}
