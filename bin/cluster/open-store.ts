/** The directory where a master keeps its programs. */

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
