/** The directory where a master keeps its programs. */

import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/actors/node/cluster/store.ts';
import { reasonOf } from '../../src/actors/node/devices/files.ts';
import { UsageError } from '../../src/errors.ts';

/** The library behind it is native, and loaded only here. Throws `UsageError`. */
export async function openStore(directory: string, option = '--data'): Promise<Store> {
  const { Store } = await import('../../src/actors/node/cluster/store.ts');
  try {
    return Store.open(directory);
  } catch (error) {
    throw new UsageError(`${option} ${directory}: ${reasonOf(error)}`);
  }
}

/**
 * Holds the directory for as long as this process lives. Throws `UsageError` if another one on this machine holds it: both
 * would number programs alike and write into one log.
 */
export async function holdDirectory(directory: string): Promise<void> {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new UsageError(`--data ${directory}: ${reasonOf(error)}`);
  }
  const name = createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 16);
  // A socket, since the system closes it however its owner ends; paths of sockets must be short.
  const path = join(tmpdir(), `dvm-${name}.sock`);
  if (await isAnswered(path)) throw new UsageError(`--data ${directory} is in use by another master`);
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy()).unref();
  await new Promise<void>((held, failed) => server.once('error', failed).listen(path, held));
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });
}
